Feature: What is written, and when nothing is

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
