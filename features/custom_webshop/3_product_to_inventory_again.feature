Feature: Custom Webshop Product to Inventory, listed a second time

  The checklist lists this flow twice. It is still one flow: one link, one record, one write.

  @3.1 @S04
  Rule: Every Custom Webshop Product will be synchronized with an Inventory, and with only one

    @S01
    Scenario: A new product gets one Inventory, though its flow is listed twice
      When someone creates a Custom Webshop Product
      And the systems are synchronised
      Then there is one Inventory
      And the storefront has been written to once
      And the Inventory agrees with the Custom Webshop Product
      And nothing else has changed

    @S02
    Scenario: A product is linked once with an Inventory that is already there, though its flow is listed twice
      Given an Inventory whose sku is "MUG-1" and stock is "7"
      And a Custom Webshop Product whose sku is "MUG-1" and stock is "7"
      When the systems are synchronised
      And someone takes 2 from the Custom Webshop Product's stock
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory shows stock "5"
      And nothing else has changed

    @S24
    Scenario: A lost answer leaves one Inventory, though its flow is listed twice
      Given the storefront's answer to the next write gets lost
      When someone creates a Custom Webshop Product
      And the systems are synchronised
      And the systems are synchronised
      Then there is one Inventory
      And the Inventory agrees with the Custom Webshop Product
      And nothing else has changed

  @3.2
  Rule: Once linked, they keep in sync, and each edit crosses once

    @S14
    Scenario: A sale in the storefront is taken from the webshop's stock once, though its flow is listed twice
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 2 from the Inventory's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "8"
      And the webshop has been written to once
      And nothing else has changed

    @S14
    Scenario: A sale on each side is counted once on the other, though the flow is listed twice
      Given a Custom Webshop Product linked with an Inventory whose stock is "10"
      When someone takes 2 from the Inventory's stock
      And a moment later someone takes 3 from the Custom Webshop Product's stock
      And the systems are synchronised
      Then the Custom Webshop Product shows stock "5"
      And the Inventory shows stock "5"
      And the webshop has been written to once
      And the storefront has been written to once
      And nothing else has changed

    @S17
    Scenario: When nobody has edited anything, neither listing of the flow writes
      Given a Custom Webshop Product linked with an Inventory
      When the systems are synchronised
      Then neither system has been written to
      And nothing else has changed

    @S19
    Scenario: A product whose Inventory is gone is reported as orphaned once, and neither listing of the flow creates it again
      Given a Custom Webshop Product linked with an Inventory
      When someone deletes the Inventory
      And the systems are synchronised 25 hours later
      Then there is no Inventory
      And the Custom Webshop Product is reported as orphaned
      And neither system has been written to
      And nothing else has changed

  @3.3 @S04
  Rule: The sku and the stock are synchronized, each edit with one write

    @S07
    Scenario Outline: An edit of <property> in the webshop is written to the storefront once
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Custom Webshop Product's <property> to "<value>"
      And the systems are synchronised
      Then the Inventory shows <property> "<value>"
      And the storefront has been written to once
      And the webshop has not been written to
      And nothing else has changed

      @3.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @3.3.2
      Examples: stock
        | property | value |
        | stock    | 25    |

    @S07
    Scenario Outline: An edit of <property> in the storefront is written to the webshop once
      Given a Custom Webshop Product linked with an Inventory
      When someone changes the Inventory's <property> to "<value>"
      And the systems are synchronised
      Then the Custom Webshop Product shows <property> "<value>"
      And the webshop has been written to once
      And the storefront has not been written to
      And nothing else has changed

      @3.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @3.3.2
      Examples: stock
        | property | value |
        | stock    | 25    |
