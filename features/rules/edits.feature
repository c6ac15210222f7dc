Feature: Which edit wins

  @S09
  Scenario: Two edits within one tick of the coarser clock are a tie, which the webshop wins on both sides
    Given the storefront tells time in whole seconds
    And a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Custom Webshop Product's name to "Webshop mug"
    And half a second later someone changes the Sesamproducts' name to "Storefront mug"
    And the systems are synchronised
    Then the Custom Webshop Product still shows name "Webshop mug"
    And the Sesamproducts shows name "Webshop mug"
    And nothing else has changed

  @S08 @S10
  Scenario: An edit of a value that had crossed is later than it, though the storefront's clock is slow
    Given a Custom Webshop Product linked with a Sesamproducts
    And the storefront's clock is 10 minutes slow
    When someone changes the Custom Webshop Product's name to "First"
    And the systems are synchronised
    And someone changes the Sesamproducts' name to "Second"
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Second"
    And the Sesamproducts still shows name "Second"
    And nothing else has changed

  @S08 @S10
  Scenario: An edit made before an older one was written elsewhere is still the later one
    Given a Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
    And another Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
    And the systems are synchronised
    And the webshop fails at the next write
    When someone changes the Custom Webshop Product's name to "Older"
    And someone changes the other Custom Webshop Product's name to "Newer" during the next cycle
    And the systems are synchronised
    And the systems are synchronised 1 hours later
    Then the Custom Webshop Product shows name "Newer"
    And the other Custom Webshop Product still shows name "Newer"
    And the Sesamproducts shows name "Newer"
    And nothing else has changed

  @S07 @S14
  Scenario Outline: Stock that nobody counts any more in the <system> is counted nowhere
    Given a Custom Webshop Product linked with an Inventory whose stock is "10"
    When someone clears the <edited> stock
    And the systems are synchronised
    Then the Custom Webshop Product shows stock empty
    And the Inventory shows stock empty
    And nothing else has changed

    Examples: webshop
      | system  | edited                   |
      | webshop | Custom Webshop Product's |

    Examples: storefront
      | system     | edited      |
      | storefront | Inventory's |
