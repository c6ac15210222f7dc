Feature: Which records are the same thing

  @S02
  Scenario Outline: A sku that only looks alike is another sku: <webshop> in the webshop, <storefront> in the storefront
    Given a Sesamproducts whose sku is <storefront> and name is "Old mug"
    When someone creates a Custom Webshop Product whose sku is <webshop> and name is "New mug"
    And the systems are synchronised
    Then there are 2 Sesamproducts records
    And nothing else has changed

    Examples: a digit of double width
      | storefront | webshop |
      | "MUG-1"    | "MUG-１" |

    Examples: two letters set as one
      | storefront | webshop  |
      | "fine-1"   | "ﬁne-1"  |

  @S02
  Scenario: A sku in other letters is another sku, for the mapping doesn't fold case
    Given a Sesamproducts whose sku is "MUG-1" and name is "Old mug"
    When someone creates a Custom Webshop Product whose sku is "mug-1" and name is "New mug"
    And the systems are synchronised
    Then there are 2 Sesamproducts records
    And nothing else has changed

  @S02
  Scenario Outline: Where the mapping says that skus match in any case, <webshop> is the same sku as <storefront>
    Given a Custom Webshop Product is matched in any case
    And a Sesamproducts whose sku is "<storefront>" and name is "Old mug"
    When someone creates a Custom Webshop Product whose sku is "<webshop>" and name is "New mug"
    And the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts shows name "New mug"
    And nothing else has changed

    Examples: small letters
      | storefront | webshop |
      | MUG-1      | mug-1   |

    Examples: a small letter that is two capital ones
      | storefront | webshop  |
      | STRASSE-1  | straße-1 |

  @S06
  Scenario: With a condition, a product crosses when it first satisfies it
    Given a Custom Webshop Product crosses when its status is "active"
    And a Custom Webshop Product whose status is "draft"
    And the systems are synchronised
    When someone changes the Custom Webshop Product's status to "active"
    And the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts agrees with the Custom Webshop Product
    And nothing else has changed

  @S06
  Scenario: With a condition, a product that doesn't satisfy it stays at home
    Given a Custom Webshop Product crosses when its status is "active"
    When someone creates a Custom Webshop Product whose status is "draft"
    And the systems are synchronised
    Then there is no Sesamproducts
    And neither system has been written to
    And nothing else has changed

  @S06
  Scenario: A linked product stays in sync even when it no longer satisfies the condition
    Given a Custom Webshop Product crosses when its status is "active"
    And a Custom Webshop Product linked with a Sesamproducts whose status is "active"
    When someone changes the Custom Webshop Product's status to "archived"
    And someone changes the Custom Webshop Product's name to "Old mug"
    And the systems are synchronised
    Then the Sesamproducts shows name "Old mug"
    And nothing else has changed

  @S06
  Scenario: Where a link is required first, nothing is created
    Given a Custom Webshop Product is never created elsewhere, only linked with what is there
    When someone creates a Custom Webshop Product
    And the systems are synchronised
    Then there is no Sesamproducts
    And neither system has been written to
    And nothing else has changed

  @S06 @S02
  Scenario: Where a link is required first, what is there is linked and kept in sync
    Given a Custom Webshop Product is never created elsewhere, only linked with what is there
    And a Sesamproducts whose sku is "MUG-1"
    And a Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
    When the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts shows name "Mug"
    And nothing else has changed

  @S06
  Scenario: Where an order crosses once its product has, it waits while the product stays at home
    Given a Custom Webshop Product crosses when its status is "active"
    And a Custom Webshop Order crosses once a Custom Webshop Product that its product_id names has crossed
    And a Custom Webshop Product whose sku is "MUG-1" and status is "active"
    And another Custom Webshop Product whose status is "draft"
    And a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50" and product_id is empty
    And the Custom Webshop Order's product_id names the other Custom Webshop Product
    When the systems are synchronised
    Then there is one Sesamproducts
    And there is no Order
    And nothing else has changed

  @S06
  Scenario: Where an order crosses once its product has, both cross together, the product first
    Given a Custom Webshop Product crosses when its status is "active"
    And a Custom Webshop Order crosses once a Custom Webshop Product that its product_id names has crossed
    And a Custom Webshop Product whose sku is "MUG-1" and status is "active"
    And another Custom Webshop Product whose status is "draft"
    And a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50" and product_id is empty
    And the Custom Webshop Order's product_id names the other Custom Webshop Product
    And the systems are synchronised
    When someone changes the other Custom Webshop Product's status to "active"
    And one cycle runs
    Then there is one Order
    And the Order agrees with the Custom Webshop Order
    And the other Sesamproducts was created before the Order
    And nothing else has changed

  @S06
  Scenario: Where an order crosses once its product has, one that names no product stays at home
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
    And a Custom Webshop Order crosses once a Custom Webshop Product that its product_id names has crossed
    When someone creates a Custom Webshop Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50" and product_id is empty
    And the systems are synchronised
    Then there is no Order
    And neither system has been written to
    And nothing else has changed

  @S06
  Scenario: Where an order crosses once its product has, an edit of one that has crossed crosses, whatever it names by then
    Given a Custom Webshop Order crosses once a Custom Webshop Product that its product_id names has crossed
    And a Custom Webshop Order linked with an Order
    When someone clears the Custom Webshop Order's product_id
    And someone changes the Custom Webshop Order's status to "fulfilled"
    And the systems are synchronised
    Then the Order shows status "fulfilled"
    And nothing else has changed

  @S19
  Scenario: Where deletions are propagated, a product deleted in the webshop goes from the storefront
    Given deletions are propagated
    And a Custom Webshop Product linked with a Sesamproducts
    When someone deletes the Custom Webshop Product
    And the systems are synchronised 25 hours later
    Then there is no Sesamproducts
    And there is no Custom Webshop Product

  @S19
  Scenario: Where deletions are propagated, a later edit in the storefront keeps the Sesamproducts
    Given deletions are propagated
    And a Custom Webshop Product linked with a Sesamproducts
    When someone deletes the Custom Webshop Product
    And a moment later someone changes the Sesamproducts' name to "Still sold"
    And the systems are synchronised 25 hours later
    Then the Sesamproducts is still there
    And the Sesamproducts still shows name "Still sold"
    And nothing else has changed

  @S19 @S08
  Scenario: Where deletions are propagated, an earlier edit in the storefront doesn't keep the Sesamproducts
    Given deletions are propagated
    And a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Sesamproducts' name to "Still sold"
    And a moment later someone deletes the Custom Webshop Product
    And the systems are synchronised 25 hours later
    Then there is no Sesamproducts
    And there is no Custom Webshop Product

  @S19
  Scenario: Where deletions are propagated, a Sesamproducts deleted in the storefront goes from the webshop, and no other product does
    Given deletions are propagated
    And a Custom Webshop Product linked with a Sesamproducts
    And another Custom Webshop Product linked with another Sesamproducts whose sku is "MUG-2"
    When someone deletes the Sesamproducts
    And the systems are synchronised 25 hours later
    Then there is one Sesamproducts
    And there is one Custom Webshop Product
    And the other Custom Webshop Product shows sku "MUG-2"
