Feature: Custom Webshop Order to Order

  @2.1
  Rule: Every Custom Webshop Order will be synchronized with an Order

    @S01
    Scenario: A new order in the webshop gets an Order in the storefront
      When someone creates a Custom Webshop Order
      And the systems are synchronised
      Then there is one Order
      And the Order agrees with the Custom Webshop Order
      And the Order has what the mapping gives to every new one
      And nothing else has changed

    @S01
    Scenario: An Order that only the storefront has creates no order in the webshop
      When someone creates an Order
      And the systems are synchronised
      Then no Custom Webshop Order has been created
      And neither system has been written to
      And nothing else has changed

    @S02
    Scenario: An order whose reference the storefront already has is linked with that Order
      Given an Order whose reference is "1001" and e-mail is "shop@example.com"
      And a Custom Webshop Order whose reference is "1001" and e-mail is empty
      When the systems are synchronised
      Then there is one Order
      And the Custom Webshop Order shows e-mail "shop@example.com"
      And nothing else has changed

    @S05
    Scenario: Two orders with the same reference are one Order
      Given an Order whose reference is "1001"
      When someone creates a Custom Webshop Order whose reference is "1001"
      And at the same moment someone creates another Custom Webshop Order whose reference is "1001"
      And the systems are synchronised
      Then there is one Order
      And nothing else has changed

    @S05
    Scenario: Two new orders with the same reference are placed as one
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
      When someone creates a Custom Webshop Order whose reference is "1001" and lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And at the same moment someone creates another Custom Webshop Order whose reference is "1001" and lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And the systems are synchronised
      Then there is one Order
      And nothing else has changed

    @S04 @S24
    Scenario: An order is placed once even if the storefront's answer is lost
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
      And the storefront's answer to the next write gets lost
      When someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And the systems are synchronised
      Then there is one Order
      And the Order agrees with the Custom Webshop Order
      And nothing else has changed

    @S06
    Scenario: An order and its new product arrive together, the product first
      When someone creates a Custom Webshop Product whose sku is "MUG-1"
      And at the same moment someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And the systems are synchronised
      Then there is one Sesamproducts
      And there is one Order
      And the Order agrees with the Custom Webshop Order
      And nothing else has changed

    @S06
    Scenario: Each line of an order for several products names its own
      Given a Custom Webshop Product whose sku is "MUG-1"
      And another Custom Webshop Product whose sku is "CUP-1"
      And the systems are synchronised
      When someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50; sku: CUP-1, name: Cup, quantity: 1, unit price: 7.00"
      And the systems are synchronised
      Then the Order's lines name their Sesamproducts
      And the Order agrees with the Custom Webshop Order
      And nothing else has changed

    @S15
    Scenario: An order of many lines arrives with all of them
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
      When someone creates a Custom Webshop Order with 120 lines like "sku: MUG-1, name: Mug, quantity: 1, unit price: 9.50"
      And the systems are synchronised
      Then there is one Order
      And the Order agrees with the Custom Webshop Order
      And nothing else has changed

    @S06 @S25
    Scenario: An order for a product that isn't there yet waits, and stops nothing else
      Given a Custom Webshop Product whose sku is "MUG-1"
      When someone creates a Custom Webshop Order whose lines are "sku: GHOST, name: Ghost, quantity: 2, unit price: 9.50"
      And someone creates another Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And the systems are synchronised
      Then there is one Order
      And the other Order agrees with the other Custom Webshop Order
      And the Custom Webshop Order is reported as failing

    @S06 @S25
    Scenario: An order that waited for its product arrives after it
      Given a Custom Webshop Order whose lines are "sku: LATE-1, name: Late, quantity: 2, unit price: 9.50"
      And the systems are synchronised
      When someone creates a Custom Webshop Product whose sku is "LATE-1"
      And the systems are synchronised 25 hours later
      Then there is one Order
      And the Order agrees with the Custom Webshop Order
      And nothing is reported as failing

  @2.2
  Rule: Once linked, a Custom Webshop Order and an Order keep in sync, regardless of where they are edited

    @S07
    Scenario: An e-mail cleared in the storefront is cleared in the webshop
      Given a Custom Webshop Order linked with an Order whose e-mail is "ada@example.com"
      When someone clears the Order's e-mail
      And the systems are synchronised
      Then the Custom Webshop Order shows e-mail empty
      And nothing else has changed

    @S08 @S13
    Scenario: Of two edits of the e-mail the later wins: first the webshop's, then the storefront's
      Given a Custom Webshop Order linked with an Order
      When someone changes the Custom Webshop Order's e-mail to "earlier@example.com"
      And the systems are synchronised
      And someone changes the Order's e-mail to "later@example.com"
      And the systems are synchronised
      Then the Custom Webshop Order shows e-mail "later@example.com"
      And the Order still shows e-mail "later@example.com"
      And no edit is reported as one that can't cross
      And nothing else has changed

    @S08 @S13
    Scenario: Of two edits of the e-mail the later wins: first the storefront's, then the webshop's, which can't cross
      Given a Custom Webshop Order linked with an Order
      When someone changes the Order's e-mail to "earlier@example.com"
      And a moment later someone changes the Custom Webshop Order's e-mail to "later@example.com"
      And the systems are synchronised
      Then the Custom Webshop Order still shows e-mail "later@example.com"
      And the Order still shows e-mail "earlier@example.com"
      And the edit of e-mail is reported as one that can't cross
      And nothing else has changed

    @S27
    Scenario: An order cancelled in the storefront before it was paid for is cancelled in the webshop
      Given the storefront counts imported orders as unpaid
      And a Custom Webshop Order linked with an Order
      When someone changes the Order's status to "cancelled"
      And the systems are synchronised
      Then the Custom Webshop Order shows status "cancelled"
      And nothing else has changed

    @S08
    Scenario: An order shipped from the webshop and an e-mail corrected in the storefront both survive
      Given a Custom Webshop Order linked with an Order
      When someone changes the Custom Webshop Order's status to "fulfilled"
      And a moment later someone changes the Order's e-mail to "new@example.com"
      And the systems are synchronised
      Then the Order shows status "fulfilled"
      And the Custom Webshop Order shows e-mail "new@example.com"
      And the Custom Webshop Order still shows status "fulfilled"
      And nothing else has changed

    @S08 @S13
    Scenario: An e-mail cleared in the storefront after it was edited in the webshop is cleared in both
      Given a Custom Webshop Order linked with an Order whose e-mail is "ada@example.com"
      When someone changes the Custom Webshop Order's e-mail to "earlier@example.com"
      And a moment later someone clears the Order's e-mail
      And the systems are synchronised
      Then the Custom Webshop Order shows e-mail empty
      And the Order still shows e-mail empty
      And nothing else has changed

    @S17
    Scenario: When nobody has edited an order, nothing is written
      Given a Custom Webshop Order linked with an Order
      When the systems are synchronised
      Then neither system has been written to
      And nothing else has changed

    @S19
    Scenario: An order deleted in the webshop stays in the storefront, reported as orphaned
      Given a Custom Webshop Order linked with an Order
      When someone deletes the Custom Webshop Order
      And the systems are synchronised 25 hours later
      Then the Order is still there
      And the Order is reported as orphaned
      And nothing else has changed

    @S19
    Scenario: An Order deleted in the storefront leaves its order in the webshop, and isn't placed again
      Given a Custom Webshop Order linked with an Order
      When someone deletes the Order
      And the systems are synchronised 25 hours later
      Then the Custom Webshop Order is still there
      And there is no Order
      And the Custom Webshop Order is reported as orphaned
      And neither system has been written to
      And nothing else has changed

    @S24
    Scenario: An order shipped from the webshop is shipped once even if the storefront's answer is lost
      Given a Custom Webshop Order linked with an Order
      And the storefront's answer to the next write gets lost
      When someone changes the Custom Webshop Order's status to "fulfilled"
      And the systems are synchronised
      Then the Order shows status "fulfilled"
      And the storefront has been written to once
      And nothing else has changed

  @2.3
  Rule: Reference, e-mail, status, currency, lines, address and total are synchronized between a Custom Webshop Order and an Order

    @S01 @S15
    Scenario Outline: The <property> of a new order reaches the storefront
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
      When someone creates a Custom Webshop Order whose <property> is "<value>"
      And the systems are synchronised
      Then the Order shows <property> "<value>"
      And nothing else has changed

      @2.3.1
      Examples: reference
        | property  | value     |
        | reference | 2024-1001 |

      @2.3.2
      Examples: e-mail
        | property | value           |
        | e-mail   | ada@example.com |

      @2.3.3
      Examples: status
        | property | value |
        | status   | open  |

      @2.3.3
      Examples: the status of an order that was shipped before it crossed
        | property | value     |
        | status   | fulfilled |

      @2.3.4
      Examples: currency
        | property | value |
        | currency | USD   |

      @2.3.5
      Examples: lines
        | property | value                                                                                                            |
        | lines    | sku: MUG-1, name: Mug, quantity: 1, unit price: 9.50; sku: MUG-1, name: Mug as a gift, quantity: 1, unit price: 9.50 |

      @2.3.5
      Examples: two lines alike
        | property | value                                                                                                      |
        | lines    | sku: MUG-1, name: Mug, quantity: 1, unit price: 9.50; sku: MUG-1, name: Mug, quantity: 1, unit price: 9.50 |

      @2.3.5
      Examples: lines with a number that a binary float can't hold
        | property | value                                                                |
        | lines    | sku: MUG-1, name: Nail, quantity: 9007199254740993, unit price: 0.01 |

      @2.3.6
      Examples: address
        | property | value                                                                                                                                                                      |
        | address  | first name: Ada, last name: Lovelace, address1: 12 Byron Street, address2: Back door, city: Oslo, state: Oslo county, postal code: 0150, country code: NO, phone: 22225555 |

      @2.3.7
      Examples: total
        | property | value |
        | total    | 24.00 |

    @S07
    Scenario Outline: An edit of <property> in the storefront reaches the webshop
      Given a Custom Webshop Order linked with an Order
      When someone changes the Order's <property> to "<value>"
      And the systems are synchronised
      Then the Custom Webshop Order shows <property> "<value>"
      And the storefront has not been written to
      And nothing else has changed

      @2.3.2
      Examples: e-mail
        | property | value           |
        | e-mail   | new@example.com |

      @2.3.3
      Examples: the order is cancelled
        | property | value     |
        | status   | cancelled |

      @2.3.3
      Examples: the order is shipped
        | property | value     |
        | status   | fulfilled |

    @2.3.3 @S07
    Scenario: An order shipped from the webshop is fulfilled in the storefront
      Given a Custom Webshop Order linked with an Order
      When someone changes the Custom Webshop Order's status to "fulfilled"
      And the systems are synchronised
      Then the Order shows status "fulfilled"
      And nothing else has changed

    @S13
    Scenario Outline: Known limitation: <property> edited in the webshop doesn't reach an existing Order; it is reported, and nothing is lost
      Given a Custom Webshop Order linked with an Order whose <property> is "<value>"
      When someone changes the Custom Webshop Order's <property> to "<edited>"
      And the systems are synchronised
      Then the Custom Webshop Order still shows <property> "<edited>"
      And the Order still shows <property> "<value>"
      And the edit of <property> is reported as one that can't cross
      And neither system has been written to
      And nothing else has changed

      @2.3.1 @limitation-order-reference
      Examples: reference
        | property  | value | edited |
        | reference | 1001  | 1001-B |

      @2.3.2 @limitation-order-e-mail
      Examples: e-mail
        | property | value           | edited          |
        | e-mail   | ada@example.com | new@example.com |

      @2.3.3 @limitation-order-status
      Examples: status
        | property | value | edited    |
        | status   | open  | cancelled |

      @2.3.4 @limitation-order-currency
      Examples: currency
        | property | value | edited |
        | currency | USD   | EUR    |

      @2.3.6 @limitation-order-address
      Examples: address
        | property | value                                                                              | edited                                                                               |
        | address  | first name: Ada, last name: Lovelace, address1: 12 Byron Street, city: Oslo, country code: NO | first name: Ada, last name: Lovelace, address1: 7 Harbour Road, city: Bergen, country code: NO |

      @2.3.7 @limitation-order-total
      Examples: total
        | property | value | edited |
        | total    | 19.00 | 17.00  |

    @2.3.5 @limitation-order-lines @S13
    Scenario Outline: Known limitation: lines edited in the webshop don't reach an existing Order; it is reported, and nothing is lost
      Given a Custom Webshop Product whose sku is "MUG-1"
      And a Custom Webshop Order linked with an Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      When someone changes the Custom Webshop Order's lines to "<lines>"
      And the systems are synchronised
      Then the Custom Webshop Order still shows lines "<lines>"
      And the Order still shows lines "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
      And the edit of lines is reported as one that can't cross
      And neither system has been written to
      And nothing else has changed

      Examples: one is changed
        | lines                                                |
        | sku: MUG-1, name: Mug, quantity: 3, unit price: 9.50 |

      Examples: one like it is added
        | lines                                                                                                      |
        | sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50; sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50 |
