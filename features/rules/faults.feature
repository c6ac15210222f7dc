Feature: What goes wrong on the way

  @S23
  Scenario: A system that asks for patience gets it, and then the edit
    Given a Custom Webshop Product linked with a Sesamproducts
    And the webshop asks for 90 seconds of patience
    When someone changes the Sesamproducts' name to "Blue mug"
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Blue mug"
    And the webshop has been left alone for 90 seconds after it asked for it
    And nothing else has changed

  @S25
  Scenario: A record that the storefront can't take stops only itself
    When someone creates a Custom Webshop Product whose price is "200.00 NOK"
    And someone creates another Custom Webshop Product
    And the systems are synchronised
    Then there is one Sesamproducts
    And the other Sesamproducts agrees with the other Custom Webshop Product
    And the Custom Webshop Product is reported as failing

  @S25
  Scenario: A record that has failed for hours crosses as soon as it has been mended
    Given a Custom Webshop Product whose price is "200.00 NOK"
    When a cycle runs every minute for 3 hours
    And someone changes the Custom Webshop Product's price to "20.00 USD"
    And one cycle runs
    Then there is one Sesamproducts
    And the Sesamproducts shows price "20.00 USD"
    And nothing is reported as failing
    And nothing else has changed

  @S25
  Scenario: What the storefront refuses is tried again, but ever less often
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Custom Webshop Product's sku to "MUG-2-with-a-name-that-goes-on-and-on-until-nobody-can-read-it"
    And a cycle runs every minute for 3 hours
    Then the storefront has been written to at growing intervals
    And the Sesamproducts is reported as failing
    And nothing else has changed

  @S26
  Scenario Outline: An integration killed <when> it creates a product makes one all the same
    Given the integration is killed <when> the storefront gets the next write
    When someone creates a Custom Webshop Product
    And the systems are synchronised
    And the systems are synchronised
    Then there is one Sesamproducts
    And there is one Inventory
    And the Sesamproducts agrees with the Custom Webshop Product
    And nothing else has changed

    Examples: the request never leaves
      | when   |
      | before |

    Examples: the answer never arrives
      | when  |
      | after |

  @S26
  Scenario Outline: An integration killed <when> it passes on a sale counts it once
    Given a Custom Webshop Product linked with an Inventory whose stock is "10"
    And the integration is killed <when> the <system> gets the next write
    When someone takes 3 from the <edited> stock
    And the systems are synchronised
    And the systems are synchronised
    Then the Custom Webshop Product shows stock "7"
    And the Inventory shows stock "7"
    And nothing else has changed

    Examples: the request never reaches the storefront
      | when   | system     | edited                   |
      | before | storefront | Custom Webshop Product's |

    Examples: the storefront's answer never arrives
      | when  | system     | edited                   |
      | after | storefront | Custom Webshop Product's |

    Examples: the request never reaches the webshop
      | when   | system  | edited      |
      | before | webshop | Inventory's |

    Examples: the webshop's answer never arrives
      | when  | system  | edited      |
      | after | webshop | Inventory's |

  @S26 @S04
  Scenario: An integration killed after it has placed an order places it once
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
    And the integration is killed after the storefront gets the next write
    When someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And the systems are synchronised
    And the systems are synchronised
    Then there is one Order
    And the Order agrees with the Custom Webshop Order
    And nothing else has changed

  @S19 @S27
  Scenario Outline: Where deletions are propagated, a listing that <shows> is not taken for deletions
    Given deletions are propagated
    And <number> Custom Webshop Product records
    And the systems are synchronised
    And the storefront shows only the first half of its next listing
    When the systems are synchronised 25 hours later
    Then there are <number> Custom Webshop Product records
    And there are <number> Sesamproducts records
    And neither system has been written to
    And nothing else has changed

    Examples: it stops halfway
      | shows         | number |
      | stops halfway | 4      |

    Examples: it is empty
      | shows    | number |
      | is empty | 1      |

  @S19 @S27
  Scenario: A listing that stops halfway is not taken for deletions
    Given 4 Custom Webshop Product records
    And the systems are synchronised
    And the storefront shows only the first half of its next listing
    When the systems are synchronised 25 hours later
    Then there are 4 Sesamproducts records
    And neither system has been written to
    And nothing else has changed

  @S04 @S27
  Scenario: A page that comes twice makes no record twice
    Given 4 Custom Webshop Product records
    And the webshop shows a page of its next listing twice
    When the systems are synchronised
    Then there are 4 Sesamproducts records
    And nothing else has changed

  @S27
  Scenario: More products than a page holds all cross, though the webshop loses its place between two pages
    Given 101 Custom Webshop Product records
    And the webshop loses its place in its next listing
    When the systems are synchronised 2 hours later
    Then there are 101 Sesamproducts records
    And nothing else has changed

  @S07
  Scenario: More edits than the webshop takes in one request all cross
    Given the bulk-change limit is 1000 records
    And 101 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Sesamproducts one after another
    And the systems are synchronised
    Then every Sesamproducts agrees with its Custom Webshop Product
    And nothing else has changed

  @S20 @S27
  Scenario: A listing that lags behind undoes no edit
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Custom Webshop Product's name to "Blue mug"
    And one cycle runs
    And the webshop shows in its next listing what it showed 5 minutes before
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Blue mug"
    And the Sesamproducts shows name "Blue mug"
    And nothing else has changed

  @S27
  Scenario: What hasn't changed for hours is not read again
    Given 4 Custom Webshop Product records
    And the systems are synchronised
    When the systems are synchronised 2 hours later
    And the systems are synchronised 2 hours later
    Then the last cycle has read no Custom Webshop Product
    And neither system has been written to

  @S27
  Scenario: An edit is found though it bears the same time as one that was found before
    Given the webshop tells time in whole hours
    And a Custom Webshop Product linked with a Sesamproducts
    And another Custom Webshop Product linked with another Sesamproducts
    When someone changes the Custom Webshop Product's name to "Mug"
    And the systems are synchronised
    And at the same moment someone changes the other Custom Webshop Product's name to "Cup"
    And the systems are synchronised
    Then the Sesamproducts shows name "Mug"
    And the other Sesamproducts shows name "Cup"
    And nothing else has changed

  @S27 @S08
  Scenario Outline: An edit in the <system> that bears an old time, so that no listing shows it, is found by the day's full scan
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the <here> name to "Blue mug", dated 2 hours back
    And the systems are synchronised 25 hours later
    Then the Custom Webshop Product shows name "Blue mug"
    And the Sesamproducts shows name "Blue mug"
    And nothing else has changed

    Examples: webshop
      | system  | here                     |
      | webshop | Custom Webshop Product's |

    Examples: storefront
      | system     | here           |
      | storefront | Sesamproducts' |

  @S27
  Scenario: No edit is missed when a product moves from the first page of a listing to the last while it is read
    Given the storefront lists from the earliest change on, and counts its pages off
    And the bulk-change limit is 1000 records
    And a Custom Webshop Product linked with a Sesamproducts
    And 50 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Sesamproducts one after another
    And someone changes the Sesamproducts' name to "Cup" between two pages of the next listing
    And the systems are synchronised 2 hours later
    Then every Sesamproducts agrees with its Custom Webshop Product
    And nothing else has changed
