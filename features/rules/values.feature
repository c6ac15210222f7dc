Feature: Values cross unchanged

  @S15
  Scenario: A name comes back from the storefront as it went there
    Given a Custom Webshop Product linked with a Sesamproducts whose name is "Crème brûlée"
    When someone changes the Sesamproducts' name to "Crème brulée"
    And the systems are synchronised
    And someone changes the Sesamproducts' name to "Crème brûlée"
    And the systems are synchronised
    Then the Custom Webshop Product shows name exactly as "Crème brûlée"
    And nothing else has changed

  @S15 @S17
  Scenario: A price written with another number of zeros is the same price
    Given a Custom Webshop Product linked with a Sesamproducts whose price is "19.00 USD"
    When someone changes the Custom Webshop Product's price to "19.0 USD"
    And the systems are synchronised
    Then the storefront has not been written to
    And the Sesamproducts still shows price "19.00 USD"
    And nothing else has changed

  @S15
  Scenario: A stock of zero is a value, not an empty one
    When someone creates a Custom Webshop Product whose stock is "0"
    And the systems are synchronised
    Then the Inventory shows stock exactly as "0"
    And nothing else has changed

  @S15 @S25
  Scenario: A sku that is too long for the storefront is refused with a reason, not cut
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
    When someone changes the Custom Webshop Product's sku to "MUG-2-with-a-name-that-goes-on-and-on-until-nobody-can-read-it"
    And the systems are synchronised
    Then the Sesamproducts still shows sku "MUG-1"
    And the Custom Webshop Product still shows sku "MUG-2-with-a-name-that-goes-on-and-on-until-nobody-can-read-it"
    And the Sesamproducts is reported as failing
    And nothing else has changed

  @S15 @S17
  Scenario: Lines in another order are the same lines
    Given a Custom Webshop Product whose sku is "MUG-1"
    And a Custom Webshop Order linked with an Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50; sku: MUG-1, name: Gift, quantity: 1, unit price: 9.50"
    When someone changes the Custom Webshop Order's lines to "sku: MUG-1, name: Gift, quantity: 1, unit price: 9.50; sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    And the systems are synchronised
    Then no edit is reported as one that can't cross
    And neither system has been written to
    And nothing else has changed

  @S16 @S17
  Scenario: A description cleared in the webshop is cleared with one write, though the storefront keeps an empty text
    Given a Custom Webshop Product linked with a Sesamproducts whose description is "A mug"
    When someone clears the Custom Webshop Product's description
    And the systems are synchronised
    And the systems are synchronised
    Then the Sesamproducts shows description empty
    And the storefront has been written to once
    And the webshop has not been written to
    And nothing else has changed
