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
