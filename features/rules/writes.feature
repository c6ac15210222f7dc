Feature: What is written, and when nothing is

  @S16 @S20
  Scenario Outline: An edit of <property> made in the <system> just after it was written to is an edit, not the system's rendering
    Given a Custom Webshop <record> linked with <partner>
    When someone changes the <there> <property> to "<written>"
    And someone changes the <here> <property> to "<edited>" just after the next write there
    And the systems are synchronised
    Then the Custom Webshop <record> shows <property> "<edited>"
    And the <name> shows <property> "<edited>"
    And nothing else has changed

    Examples: a price in the storefront
      | property | system     | record  | partner         | name          | there                    | here           | written   | edited    |
      | price    | storefront | Product | a Sesamproducts | Sesamproducts | Custom Webshop Product's | Sesamproducts' | 24.50 USD | 30.10 USD |

    Examples: a name in the storefront
      | property | system     | record  | partner         | name          | there                    | here           | written  | edited  |
      | name     | storefront | Product | a Sesamproducts | Sesamproducts | Custom Webshop Product's | Sesamproducts' | Blue mug | Red mug |

    Examples: an order in the storefront, which is shipped from the webshop and then cancelled
      | property | system     | record | partner  | name  | there                  | here    | written   | edited    |
      | status   | storefront | Order  | an Order | Order | Custom Webshop Order's | Order's | fulfilled | cancelled |

    Examples: a price in the webshop
      | property | system  | record  | partner         | name          | there          | here                     | written   | edited    |
      | price    | webshop | Product | a Sesamproducts | Sesamproducts | Sesamproducts' | Custom Webshop Product's | 24.50 USD | 30.10 USD |

  @S14 @S16
  Scenario: Stock counted again in the storefront just after the webshop began to count it is an edit
    Given a Custom Webshop Product linked with an Inventory whose stock is empty
    When someone changes the Custom Webshop Product's stock to "10"
    And someone changes the Inventory's stock to "8" just after the next write there
    And the systems are synchronised
    Then the Custom Webshop Product shows stock "8"
    And the Inventory shows stock "8"
    And nothing else has changed

  @S20
  Scenario: An edit reaches a record that somebody else is changing, within the same cycle
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Sesamproducts' name to "Blue mug"
    And someone changes the Custom Webshop Product's description before each of the next 2 writes there
    And one cycle runs
    Then the Custom Webshop Product shows name "Blue mug"
    And the Custom Webshop Product still shows description "description 0"
    And the webshop has been written to 3 times
    And nothing else has changed

  @S20 @S25
  Scenario: A record that changes under each of three writes is left for later, and nothing is lost
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Sesamproducts' name to "Blue mug"
    And someone changes the Custom Webshop Product's description before each of the next 3 writes there
    And one cycle runs
    And the systems are synchronised 2 hours later
    Then the Custom Webshop Product shows name "Blue mug"
    And the Sesamproducts shows description "description 0"
    And the webshop has been written to 4 times
    And nothing is reported as failing
    And nothing else has changed

  @S21
  Scenario: A cycle that would write to more records than the bulk-change limit allows writes to none, and says so
    Given the bulk-change limit is 3 records
    And 4 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Custom Webshop Product to "Oops"
    And the systems are synchronised
    Then neither system has been written to
    And the last cycle reports 4 records held back by the bulk-change limit
    And nothing else has changed

  @S21
  Scenario: A cycle within the bulk-change limit writes
    Given the bulk-change limit is 4 records
    And 4 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Custom Webshop Product to "On sale"
    And the systems are synchronised
    Then the storefront has been written to 4 times
    And the last cycle reports 0 records held back by the bulk-change limit
    And nothing else has changed

  @S21
  Scenario: Cycles that would together write more in a day than the bulk-change limit allows write no more than that
    Given the bulk-change limit is 3 records
    And 2 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Custom Webshop Product to "Once"
    And the systems are synchronised
    And someone changes the name of every Custom Webshop Product to "Twice"
    And the systems are synchronised
    Then the storefront has been written to twice
    And the last cycle reports 2 records held back by the bulk-change limit
    And nothing else has changed

  @S21
  Scenario: What the bulk-change limit held back one day crosses the next
    Given the bulk-change limit is 3 records
    And 2 Custom Webshop Product records
    And the systems are synchronised
    When someone changes the name of every Custom Webshop Product to "Once"
    And the systems are synchronised
    And someone changes the name of every Custom Webshop Product to "Twice"
    And the systems are synchronised
    And the systems are synchronised 25 hours later
    Then every Sesamproducts agrees with its Custom Webshop Product
    And the storefront has been written to 4 times
    And nothing else has changed

  @S21
  Scenario: Writes that follow from others count too
    Given the bulk-change limit is 1 records
    And a Custom Webshop Product linked with a Sesamproducts
    When someone creates another Custom Webshop Product whose sku is "MUG-1"
    And someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And one cycle runs
    Then there are 2 Sesamproducts records
    And there is no Order
    And the last cycle reports 2 records held back by the bulk-change limit
    And nothing else has changed

  @S21 @S32
  Scenario: An integration that has lost its state, and finds what it made, keeps to the bulk-change limit
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1" and description is empty
    And a Custom Webshop Order linked with an Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And another Custom Webshop Order linked with another Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And the bulk-change limit is 1 records
    When the integration loses its state
    And someone changes the e-mail of every Order one after another
    And the systems are synchronised
    Then neither system has been written to
    And the last cycle reports 2 records held back by the bulk-change limit
    And nothing else has changed

  @S22
  Scenario: A kind of record whose share is off is read, but not written to, and no other kind is affected
    Given share is off for every Order
    And a Custom Webshop Product whose sku is "MUG-1"
    When someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And the systems are synchronised
    Then there is one Sesamproducts
    And there is no Order
    And nothing else has changed

  @S22
  Scenario: A system whose share is off is read, but not written to
    Given share is off for the storefront
    And a Sesamproducts whose sku is "MUG-1" and name is "Mug"
    And a Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
    And the systems are synchronised
    When someone changes the Sesamproducts' name to "Storefront mug"
    And someone changes the Custom Webshop Product's price to "24.50 USD"
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Storefront mug"
    And the storefront has not been written to
    And nothing else has changed

  @S22
  Scenario: Share turned on brings the backlog across, once
    Given share is off for the storefront
    And a Custom Webshop Product
    And the systems are synchronised
    When share is turned on for the storefront
    And the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts agrees with the Custom Webshop Product
    And the storefront has been written to once
    And nothing else has changed

  @S22
  Scenario: With full sync off, only records made after onboarding cross
    Given full sync is off
    And a Custom Webshop Product whose sku is "OLD-1"
    And the systems are synchronised
    When someone creates another Custom Webshop Product whose sku is "NEW-1"
    And someone changes the Custom Webshop Product's name to "Old mug"
    And the systems are synchronised
    Then there is one Sesamproducts
    And the other Sesamproducts shows sku "NEW-1"
    And nothing else has changed

  @S22
  Scenario: Full sync turned on brings the older records across, once
    Given full sync is off
    And a Custom Webshop Product whose sku is "OLD-1"
    And the systems are synchronised
    When full sync is turned on
    And the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts shows sku "OLD-1"
    And the storefront has been written to once
    And nothing else has changed
