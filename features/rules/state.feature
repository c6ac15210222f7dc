Feature: What the integration remembers, and what it tells

  @S29
  Scenario: Two integrations on one state make one Sesamproducts of a new product
    When someone creates a Custom Webshop Product
    And two integrations on one state are started at once
    And the systems are synchronised
    Then there is one Sesamproducts
    And the Sesamproducts agrees with the Custom Webshop Product
    And nothing else has changed

  @S29
  Scenario: Two integrations on one state count a sale once
    Given a Custom Webshop Product linked with an Inventory whose stock is "10"
    When someone takes 3 from the Inventory's stock
    And two integrations on one state are started at once
    And the systems are synchronised
    Then the Custom Webshop Product shows stock "7"
    And the Inventory still shows stock "7"
    And the webshop has been written to once
    And nothing else has changed

  @S30
  Scenario: The integration can say which edit a value came from, where and when it was made, and what it beat
    Given a Custom Webshop Product linked with a Sesamproducts
    When someone changes the Custom Webshop Product's name to "Earlier mug"
    And a moment later someone changes the Sesamproducts' name to "Later mug"
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Later mug"
    And the integration explains that the Custom Webshop Product's name was edited in the storefront

  @S31
  Scenario: No secret is kept in the state or told, even when something fails
    Given a Custom Webshop Product linked with a Sesamproducts
    And the storefront refuses the next write, and tells the integration's token in its answer
    When someone changes the Custom Webshop Product's name to "Blue mug"
    And one cycle runs
    Then the Sesamproducts is reported as failing
    And neither the integration's state nor its account holds a secret

  @S32
  Scenario: An integration that has lost its state creates nothing twice, deletes nothing, and invents nothing
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1" and description is empty
    And a Custom Webshop Order linked with an Order whose lines are "sku: MUG-1, name: Mug, quantity: 2, unit price: 9.50"
    When the integration loses its state
    And the systems are synchronised
    Then there is one Order
    And there is one Sesamproducts
    And neither system has been written to
    And nothing else has changed

  @S32
  Scenario: An integration that has lost its state goes on keeping in sync what it finds
    Given a Custom Webshop Product linked with a Sesamproducts whose description is empty
    When the integration loses its state
    And the systems are synchronised
    And someone changes the Sesamproducts' name to "Blue mug"
    And the systems are synchronised
    Then the Custom Webshop Product shows name "Blue mug"
    And there is one Sesamproducts
    And nothing else has changed

  @S32
  Scenario: An integration that goes back to an older state creates nothing twice, deletes nothing, and invents nothing
    Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1" and description is empty
    And a copy of the integration's state is put aside
    And another Custom Webshop Product whose sku is "MUG-2" and description is empty
    And a Custom Webshop Order linked with an Order whose lines are "sku: MUG-2, name: Mug, quantity: 2, unit price: 9.50"
    When the integration goes back to the state that was put aside
    And the systems are synchronised 25 hours later
    Then there is one Order
    And there are 2 Sesamproducts records
    And neither system has been written to
    And nothing else has changed

  @S32
  Scenario: An integration that goes back to an older state goes on keeping in sync what was made since
    Given a Custom Webshop Product linked with a Sesamproducts
    And a copy of the integration's state is put aside
    And another Custom Webshop Product linked with another Sesamproducts whose sku is "MUG-2" and description is empty
    When the integration goes back to the state that was put aside
    And the systems are synchronised
    And someone changes the other Sesamproducts' name to "Blue mug"
    And the systems are synchronised
    Then the other Custom Webshop Product shows name "Blue mug"
    And there are 2 Sesamproducts records
    And nothing else has changed

  @S32 @S19
  Scenario: An integration that goes back to an older state brings nothing back that was deleted since
    Given a Custom Webshop Product linked with a Sesamproducts
    And a copy of the integration's state is put aside
    And someone has deleted the Sesamproducts
    When the integration goes back to the state that was put aside
    And the systems are synchronised 25 hours later
    Then there is no Sesamproducts
    And the Custom Webshop Product is still there
    And neither system has been written to
    And nothing else has changed
