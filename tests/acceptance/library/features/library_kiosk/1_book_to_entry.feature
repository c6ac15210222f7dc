Feature: 1 Library Book to Kiosk Entry

  @1.1 @S01
  Scenario: A new Book gets an Entry
    Given a Book "Emma" on shelf "A1"
    When the systems are synchronised
    Then the kiosk shows one Entry "Emma" in "A1"

  @1.2 @S07
  Scenario Outline: An edit of <property> crosses
    Given a Book "Emma" on shelf "A1" that has crossed
    When someone changes its <property> to "<value>"
    And the systems are synchronised
    Then the other side shows <property> "<value>"

    @1.3.1
    Examples: title
      | property | value     |
      | title    | Emma Hurt |
      | heading  | Emma Glad |

    @1.3.2
    Examples: shelf
      | property | value |
      | shelf    | B2    |
      | place    | C3    |
