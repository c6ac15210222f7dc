Feature: What notifications are good for

  @S28
  Scenario: A notification of an order cancelled in the storefront brings it to the webshop at once
    Given a Custom Webshop Order linked with an Order
    And the integration is notified of what happens in the storefront
    When someone changes the Order's status to "cancelled"
    And the storefront's notification of it arrives
    Then the Custom Webshop Order shows status "cancelled"
    And nothing else has changed

  @S28
  Scenario: A notification of an edit in the webshop brings it to the storefront at once
    Given a Custom Webshop Product linked with a Sesamproducts
    And the integration is notified of what happens in the webshop
    When someone changes the Custom Webshop Product's name to "Blue mug"
    And the webshop's notification of it arrives
    Then the Sesamproducts shows name "Blue mug"
    And nothing else has changed

  @S28
  Scenario: A notification that arrives twice is a reason to look once
    Given a Custom Webshop Order linked with an Order
    And the integration is notified of what happens in the storefront
    When someone changes the Order's status to "cancelled"
    And the storefront's notification of it arrives
    And the storefront's notification of it arrives again
    Then the Custom Webshop Order shows status "cancelled"
    And the integration has looked once
    And nothing else has changed

  @S28
  Scenario: Notifications that arrive in another order leave what the storefront shows
    Given a Custom Webshop Order linked with an Order
    And the integration is notified of what happens in the storefront
    When someone changes the Order's status to "fulfilled"
    And someone changes the Order's status to "cancelled"
    And the storefront's notifications arrive, the latest first
    And the systems are synchronised
    Then the Custom Webshop Order shows status "cancelled"
    And the Order still shows status "cancelled"
    And nothing else has changed

  @S28
  Scenario: A notification that arrives after a later edit has crossed undoes nothing
    Given a Custom Webshop Order linked with an Order
    And the integration is notified of what happens in the storefront
    When someone changes the Order's status to "fulfilled"
    And someone changes the Order's status to "cancelled"
    And the systems are synchronised
    And the storefront's first notification arrives
    And the systems are synchronised
    Then the Custom Webshop Order shows status "cancelled"
    And the Order still shows status "cancelled"
    And the webshop has been written to once
    And the storefront has not been written to
    And nothing else has changed

  @S28
  Scenario Outline: A notification that the <system> didn't sign is no reason to look
    Given a Custom Webshop <record> linked with <partner>
    And the integration is notified of what happens in the <system>
    When someone changes the <edited> to "<value>"
    And a notification of it arrives that the <system> didn't sign
    Then neither system has been asked for anything
    And nothing else has changed

    Examples: storefront
      | system     | record | partner         | edited         | value     |
      | storefront | Order  | an Order        | Order's status | cancelled |

    Examples: webshop
      | system  | record  | partner         | edited                        | value    |
      | webshop | Product | a Sesamproducts | Custom Webshop Product's name | Blue mug |

  @S28
  Scenario: A notification of the webshop that somebody has kept, and sends again an hour later, is no reason to look
    Given a Custom Webshop Product linked with a Sesamproducts
    And the integration is notified of what happens in the webshop
    When someone changes the Custom Webshop Product's name to "Blue mug"
    And the webshop's notification of it arrives 1 hours later
    Then neither system has been asked for anything
    And nothing else has changed

  @S28 @S27
  Scenario: An order cancelled in the storefront is found though no notification of it arrives
    Given a Custom Webshop Order linked with an Order
    And the integration is notified of what happens in the storefront
    When someone changes the Order's status to "cancelled"
    And the systems are synchronised
    Then the Custom Webshop Order shows status "cancelled"
    And nothing else has changed
