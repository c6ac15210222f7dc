Feature: Custom Webshop Product to Inventory

  @1.1
  Rule: Every Custom Webshop Product will be synchronized with an Inventory

    @S01
    Scenario: A new product in the webshop gets an Inventory
      When someone creates a Custom Webshop Product whose sku is "MUG-1" and stock is "12"
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory shows sku "MUG-1"
      And the Inventory shows stock "12"
      And nothing else has changed

    @S01
    Scenario: Each of two new products gets an Inventory of its own
      When someone creates a Custom Webshop Product whose sku is "MUG-1"
      And someone creates another Custom Webshop Product whose sku is "CUP-1"
      And the systems are synchronised
      Then there are 2 Inventory records
      And the Inventory shows sku "MUG-1"
      And the other Inventory shows sku "CUP-1"
      And nothing else has changed

    @S01
    Scenario: An Inventory that only the storefront has creates no product in the webshop
      When someone creates an Inventory whose sku is "SHELF-1"
      And the systems are synchronised
      Then no Custom Webshop Product has been created
      And neither system has been written to
      And nothing else has changed

    @S02 @S14
    Scenario: A product whose sku the storefront already has is linked with that Inventory, and its stock is counted from there on
      Given an Inventory whose sku is "MUG-1" and stock is "7"
      And a Custom Webshop Product whose sku is "MUG-1" and stock is "12"
      When the systems are synchronised
      And someone takes 2 from the Inventory's stock
      And the systems are synchronised
      Then there is one Inventory
      And the Custom Webshop Product shows stock "10"
      And the Inventory shows stock "10"
      And nothing else has changed

    @S04
    Scenario: A product that has its Inventory gets no second one, however often the systems are synchronised
      Given a Custom Webshop Product linked with an Inventory
      When the systems are synchronised
      And the integration is started again
      And the systems are synchronised
      Then there is one Inventory
      And neither system has been written to
      And nothing else has changed

    @S04 @S24
    Scenario: A product gets one Inventory even if the storefront's answer to its creation is lost
      Given the storefront's answer to the next write gets lost
      When someone creates a Custom Webshop Product
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory agrees with the Custom Webshop Product
      And nothing else has changed

    @S15
    Scenario: A new product whose stock nobody counts gets an Inventory whose stock nobody counts
      When someone creates a Custom Webshop Product whose stock is empty
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory shows stock empty
      And the Inventory agrees with the Custom Webshop Product
      And nothing else has changed

  @1.2
  Rule: Once linked, a Custom Webshop Product and an Inventory keep in sync, regardless of where they are edited

    @S03
    Scenario: A product keeps its Inventory when its sku changes
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone changes the Custom Webshop Product's sku to "MUG-RENAMED"
      And the systems are synchronised
      And someone takes 1 from the Inventory's stock
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory shows sku "MUG-RENAMED"
      And the Custom Webshop Product shows stock "9"
      And nothing else has changed

    @S08
    Scenario: Of two edits of the sku the later wins: first the webshop's, then the storefront's
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Custom Webshop Product's sku to "MUG-EARLIER"
      And a moment later someone changes the Inventory's sku to "MUG-LATER"
      And the systems are synchronised
      Then the Custom Webshop Product shows sku "MUG-LATER"
      And the Inventory shows sku "MUG-LATER"
      And nothing else has changed

    @S08
    Scenario: Of two edits of the sku the later wins: first the storefront's, then the webshop's
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Inventory's sku to "MUG-EARLIER"
      And a moment later someone changes the Custom Webshop Product's sku to "MUG-LATER"
      And the systems are synchronised
      Then the Custom Webshop Product shows sku "MUG-LATER"
      And the Inventory shows sku "MUG-LATER"
      And nothing else has changed

    @S08
    Scenario: A new sku in the webshop and a sale in the storefront both survive
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone changes the Custom Webshop Product's sku to "MUG-2"
      And a moment later someone takes 3 from the Inventory's stock
      And the systems are synchronised
      Then the Inventory shows sku "MUG-2"
      And the Custom Webshop Product shows stock "7"
      And the Custom Webshop Product still shows sku "MUG-2"
      And the Inventory still shows stock "7"
      And nothing else has changed

    @S14
    Scenario: A sale in the storefront and a delivery in the webshop add up
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 2 from the Inventory's stock
      And a moment later someone adds 5 to the Custom Webshop Product's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "13"
      And the Inventory shows stock "13"
      And nothing else has changed

    @S14
    Scenario: A sale in the webshop and a delivery in the storefront add up
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 4 from the Custom Webshop Product's stock
      And a moment later someone adds 1 to the Inventory's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "7"
      And the Inventory shows stock "7"
      And nothing else has changed

    @S14
    Scenario: The same number sold on both sides is sold twice
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 2 from the Inventory's stock
      And a moment later someone takes 2 from the Custom Webshop Product's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "6"
      And the Inventory shows stock "6"
      And nothing else has changed

    @S14
    Scenario Outline: The same number sold in the <system> again, after the first sale has crossed, is sold twice
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 2 from the <edited> stock
      And the systems are synchronised
      And someone takes 2 from the <edited> stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "6"
      And the Inventory shows stock "6"
      And nothing else has changed

      Examples: webshop
        | system  | edited                   |
        | webshop | Custom Webshop Product's |

      Examples: storefront
        | system     | edited      |
        | storefront | Inventory's |

    @S14 @S25
    Scenario: A sale that the storefront has no stock for is owed, and paid from its next delivery
      Given a Custom Webshop Product linked with an Inventory whose stock is "2"
      When someone takes 2 from the Inventory's stock
      And at the same moment someone takes 2 from the Custom Webshop Product's stock
      And the systems are synchronised
      And someone adds 5 to the Inventory's stock
      And the systems are synchronised 2 hours later
      Then the Inventory shows stock "3"
      And the Custom Webshop Product shows stock "3"
      And nothing else has changed

    @S14 @S24
    Scenario: A sale in the webshop counts once even if the storefront's answer is lost
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      And the storefront's answer to the next write gets lost
      When someone takes 3 from the Custom Webshop Product's stock
      And the systems are synchronised
      Then the Inventory shows stock "7"
      And the Custom Webshop Product still shows stock "7"
      And nothing else has changed

    @S14 @S24
    Scenario: A sale counts once even if the storefront says that it failed when it hasn't
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      And the storefront carries out the next write, but answers that it failed
      When someone takes 3 from the Custom Webshop Product's stock
      And the systems are synchronised
      And the systems are synchronised 2 hours later
      Then the Inventory shows stock "7"
      And the Custom Webshop Product still shows stock "7"
      And nothing else has changed

    @S14 @S24
    Scenario: A sale in the storefront counts once even if the webshop's answer is lost
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      And the webshop's answer to the next write gets lost
      When someone takes 3 from the Inventory's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "7"
      And the Inventory still shows stock "7"
      And nothing else has changed

    @S17
    Scenario: When nobody has edited anything, nothing is written
      Given a Custom Webshop Product linked with an Inventory
      When the systems are synchronised
      Then neither system has been written to
      And nothing else has changed

    @S17
    Scenario: After an edit has crossed, nothing more is written
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 1 from the Inventory's stock
      And the systems are synchronised
      And the systems are synchronised
      Then the webshop has been written to once
      And the storefront has not been written to
      And the Custom Webshop Product shows stock "9"
      And nothing else has changed

    @S19
    Scenario: A product deleted in the webshop leaves its Inventory in the storefront, reported as orphaned
      Given a Custom Webshop Product linked with an Inventory
      When someone deletes the Custom Webshop Product
      And the systems are synchronised 25 hours later
      Then the Inventory is still there
      And the Inventory is reported as orphaned
      And nothing else has changed

    @S19
    Scenario: An Inventory deleted in the storefront leaves its product in the webshop, and isn't created again
      Given a Custom Webshop Product linked with an Inventory
      When someone deletes the Inventory
      And the systems are synchronised 25 hours later
      Then the Custom Webshop Product is still there
      And there is no Inventory
      And the Custom Webshop Product is reported as orphaned
      And neither system has been written to
      And nothing else has changed

  @1.3
  Rule: The sku and the stock are synchronized between a Custom Webshop Product and an Inventory

    @S07
    Scenario Outline: An edit of <property> in the webshop reaches the storefront
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Custom Webshop Product's <property> to "<value>"
      And the systems are synchronised
      Then the Inventory shows <property> "<value>"
      And the Custom Webshop Product still shows <property> "<value>"
      And nothing else has changed

      @1.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @1.3.2
      Examples: stock
        | property | value |
        | stock    | 25    |

      @1.3.2
      Examples: the last one is sold
        | property | value |
        | stock    | 0     |

    @S07
    Scenario Outline: An edit of <property> in the storefront reaches the webshop
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Inventory's <property> to "<value>"
      And the systems are synchronised
      Then the Custom Webshop Product shows <property> "<value>"
      And the Inventory still shows <property> "<value>"
      And nothing else has changed

      @1.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @1.3.2
      Examples: stock
        | property | value |
        | stock    | 25    |

      @1.3.2
      Examples: the last one is sold
        | property | value |
        | stock    | 0     |
