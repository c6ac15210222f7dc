Feature: Custom Webshop Product to Sesamproducts

  @4.1
  Rule: Every Custom Webshop Product will be synchronized with a Sesamproducts

    @S01
    Scenario: A new product in the webshop gets a Sesamproducts
      When someone creates a Custom Webshop Product
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts agrees with the Custom Webshop Product
      And the Sesamproducts has what the mapping gives to every new one
      And nothing else has changed

    @S01
    Scenario: A Sesamproducts that only the storefront has creates no product in the webshop
      When someone creates a Sesamproducts
      And the systems are synchronised
      Then no Custom Webshop Product has been created
      And neither system has been written to
      And nothing else has changed

    @S02 @S11
    Scenario: A product whose sku the storefront already has is linked with that Sesamproducts, and the later name wins
      Given a Sesamproducts whose sku is "MUG-1" and name is "Old mug"
      And the systems are synchronised
      When someone creates a Custom Webshop Product whose sku is "MUG-1" and name is "New mug"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows name "New mug"
      And nothing else has changed

    @S02 @S11
    Scenario: A Sesamproducts that is made after a product with its sku is linked with it, and its later name wins
      Given a Custom Webshop Product whose sku is "MUG-1" and name is "Old mug"
      When someone creates a Sesamproducts whose sku is "MUG-1" and name is "New mug"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Custom Webshop Product shows name "New mug"
      And nothing else has changed

    @S02 @S11
    Scenario: When they are linked, a description beats an empty one, even an earlier one
      Given a Sesamproducts whose sku is "MUG-1" and description is "A mug"
      And the systems are synchronised
      When someone creates a Custom Webshop Product whose sku is "MUG-1" and description is empty
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Custom Webshop Product shows description "A mug"
      And nothing else has changed

    @S02
    Scenario Outline: The sku <webshop> in the webshop is the sku <storefront> in the storefront
      Given a Sesamproducts whose sku is <storefront> and name is "Old mug"
      And a Custom Webshop Product whose sku is <webshop> and name is "New mug"
      When the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows name "New mug"
      And nothing else has changed

      Examples: blanks around it
        | storefront | webshop   |
        | "MUG-1"    | " MUG-1 " |

      Examples: an accent as a sign of its own
        | storefront | webshop   |
        | "CAFÉ-1"   | "CAFÉ-1"  |

    @S02
    Scenario Outline: A product whose sku is only like that of a Sesamproducts is not taken for it, though their names are the same
      Given a Sesamproducts whose sku is "<known>" and name is "Mug"
      When someone creates a Custom Webshop Product whose sku is "<new>" and name is "Mug"
      And the systems are synchronised
      Then there are 2 Sesamproducts records
      And the Sesamproducts still shows sku "<known>"
      And nothing else has changed

      Examples: it goes on
        | known | new    |
        | MUG-1 | MUG-10 |

      Examples: small letters
        | known | new   |
        | MUG-1 | mug-1 |

      Examples: no hyphen
        | known | new  |
        | MUG-1 | MUG1 |

      Examples: the same number with zeros before it
        | known | new |
        | 7     | 007 |

    @S02 @S24 @S25
    Scenario: A product without a sku is not taken for a Sesamproducts without one, but waits
      Given a Sesamproducts whose sku is empty and name is "Mug" and description is "Theirs"
      When someone creates a Custom Webshop Product whose sku is empty and name is "Mug" and description is "Ours"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts still shows description "Theirs"
      And the Custom Webshop Product still shows description "Ours"
      And the Custom Webshop Product is reported as failing
      And nothing else has changed

    @S03 @S05
    Scenario: Two linked products are not mixed up when one takes the other's sku; the collision is reported
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1" and name is "Mug"
      And another Custom Webshop Product linked with another Sesamproducts whose sku is "CUP-1" and name is "Cup"
      When someone changes the other Custom Webshop Product's sku to "MUG-1"
      And the systems are synchronised
      Then the Sesamproducts still shows name "Mug"
      And the other Sesamproducts still shows name "Cup"
      And a collision is reported

    @S05
    Scenario: Two products with the same sku are one Sesamproducts, and are kept alike
      Given a Custom Webshop Product whose sku is "MUG-1"
      And another Custom Webshop Product whose sku is "MUG-1"
      And the systems are synchronised
      When someone changes the Sesamproducts' name to "Blue mug"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Custom Webshop Product shows name "Blue mug"
      And the other Custom Webshop Product shows name "Blue mug"
      And nothing else has changed

    @S27
    Scenario: Of more products than the webshop shows on a page, every one gets its Sesamproducts
      Given 101 Custom Webshop Product records
      When the systems are synchronised
      Then there are 101 Sesamproducts records
      And every Sesamproducts agrees with its Custom Webshop Product
      And nothing else has changed

    @S04
    Scenario: A product whose id is 0 gets one Sesamproducts, and keeps it when its sku changes
      Given the webshop numbers its records from 0
      And a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's sku to "MUG-2"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows sku "MUG-2"
      And nothing else has changed

    @S04 @S24
    Scenario: A product gets one Sesamproducts even if the storefront's answer to its creation is lost
      Given the storefront's answer to the next write gets lost
      When someone creates a Custom Webshop Product
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts agrees with the Custom Webshop Product
      And nothing else has changed

    @S04 @S24
    Scenario: A product gets one Sesamproducts even if the storefront says that its creation failed when it hasn't
      Given the storefront carries out the next write, but answers that it failed
      When someone creates a Custom Webshop Product
      And the systems are synchronised 25 hours later
      Then there is one Sesamproducts
      And the Sesamproducts agrees with the Custom Webshop Product
      And nothing else has changed

  @4.2
  Rule: Once linked, a Custom Webshop Product and a Sesamproducts keep in sync, regardless of where they are edited

    @S03
    Scenario: A product keeps its Sesamproducts when both its sku and its name change
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's sku to "CUP-1"
      And someone changes the Custom Webshop Product's name to "Cup"
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows sku "CUP-1"
      And the Sesamproducts shows name "Cup"
      And nothing else has changed

    @S08
    Scenario: Edits of different properties on both sides all survive
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's name to "Blue mug"
      And a moment later someone changes the Sesamproducts' price to "24.50 USD"
      And a moment later someone changes the Custom Webshop Product's description to "A blue mug"
      And the systems are synchronised
      Then the Sesamproducts shows name "Blue mug"
      And the Sesamproducts shows description "A blue mug"
      And the Sesamproducts still shows price "24.50 USD"
      And the Custom Webshop Product shows price "24.50 USD"
      And the Custom Webshop Product still shows name "Blue mug"
      And the Custom Webshop Product still shows description "A blue mug"
      And nothing else has changed

    @S08
    Scenario: Of two edits half a second apart the later wins
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's name to "Earlier mug"
      And half a second later someone changes the Sesamproducts' name to "Later mug"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Later mug"
      And the Sesamproducts still shows name "Later mug"
      And nothing else has changed

    @S08
    Scenario: Of two properties that were edited on both sides the later edit of each wins
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's name to "Earlier mug"
      And someone changes the Custom Webshop Product's price to "24.50 USD"
      And a moment later someone changes the Sesamproducts' name to "Later mug"
      And someone changes the Sesamproducts' price to "21.00 USD"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Later mug"
      And the Custom Webshop Product shows price "21.00 USD"
      And the Sesamproducts still shows name "Later mug"
      And the Sesamproducts still shows price "21.00 USD"
      And nothing else has changed

    @S08
    Scenario Outline: An edit in the <system> half a second after another has crossed to it is an edit, not its echo
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the <there> name to "Blue mug"
      And one cycle runs
      And half a second later someone changes the <here> name to "Red mug"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Red mug"
      And the Sesamproducts shows name "Red mug"
      And nothing else has changed

      Examples: webshop
        | system  | there          | here                     |
        | webshop | Sesamproducts' | Custom Webshop Product's |

      Examples: storefront
        | system     | there                    | here           |
        | storefront | Custom Webshop Product's | Sesamproducts' |

    @S08
    Scenario: An older edit doesn't win by being written later, to a third record
      Given a Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
      And another Custom Webshop Product whose sku is "MUG-1" and name is "Mug"
      And the systems are synchronised
      And the storefront fails at the next write
      When someone changes the Custom Webshop Product's name to "Older"
      And a moment later someone changes the other Custom Webshop Product's name to "Newer"
      And the systems are synchronised 1 hours later
      Then the Custom Webshop Product shows name "Newer"
      And the other Custom Webshop Product still shows name "Newer"
      And the Sesamproducts shows name "Newer"
      And nothing else has changed

    @S09
    Scenario: Of two edits of the name at the same moment the webshop's wins on both sides, for the mapping names it first
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Sesamproducts' name to "Storefront mug"
      And at the same moment someone changes the Custom Webshop Product's name to "Webshop mug"
      And the systems are synchronised
      Then the Custom Webshop Product still shows name "Webshop mug"
      And the Sesamproducts shows name "Webshop mug"
      And nothing else has changed

    @S10
    Scenario Outline: The later edit wins even if the storefront's clock is <way>
      Given a Custom Webshop Product linked with a Sesamproducts
      And the storefront's clock is 10 minutes <way>
      And the systems are synchronised
      When someone changes the <first> name to "Earlier mug"
      And a moment later someone changes the <second> name to "Later mug"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Later mug"
      And the Sesamproducts shows name "Later mug"
      And nothing else has changed

      Examples: a slow storefront is edited last
        | way  | first                    | second         |
        | slow | Custom Webshop Product's | Sesamproducts' |

      Examples: a fast storefront is edited first
        | way  | first          | second                   |
        | fast | Sesamproducts' | Custom Webshop Product's |

    @S07
    Scenario Outline: A name that is changed in the <system> and changed back crosses both times
      Given a Custom Webshop Product linked with a Sesamproducts whose name is "Mug"
      When someone changes the <here> name to "Blue mug"
      And the systems are synchronised
      And someone changes the <here> name to "Mug"
      And the systems are synchronised
      Then the <other> shows name "Mug"
      And the <here again> still shows name "Mug"
      And nothing else has changed

      Examples: webshop
        | system  | here                     | here again             | other         |
        | webshop | Custom Webshop Product's | Custom Webshop Product | Sesamproducts |

      Examples: storefront
        | system     | here           | here again    | other                  |
        | storefront | Sesamproducts' | Sesamproducts | Custom Webshop Product |

    @S12
    Scenario: A property that the checklist doesn't list stays where it is
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's status to "archived"
      And the systems are synchronised
      Then neither system has been written to
      And nothing else has changed

    @S12
    Scenario: A price edited in the webshop changes one variant, and leaves its siblings as they were
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-S"
      And the Sesamproducts has a sibling variant whose sku is "MUG-L"
      When someone changes the Custom Webshop Product's price to "24.50 USD"
      And the systems are synchronised
      Then the Sesamproducts shows price "24.50 USD"
      And nothing else has changed

    @S12
    Scenario: A name edited in the storefront reaches every product that is linked with one of its variants
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-S"
      And the Sesamproducts has a sibling variant whose sku is "MUG-L"
      And another Custom Webshop Product whose sku is "MUG-L"
      And the systems are synchronised
      When someone changes the Sesamproducts' name to "Mug, two sizes"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Mug, two sizes"
      And the other Custom Webshop Product shows name "Mug, two sizes"
      And nothing else has changed

    @S16
    Scenario: A description that the storefront rewrites crosses with one write, and is not taken for an edit
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's description to "A blue mug"
      And the systems are synchronised
      And the systems are synchronised
      Then the Sesamproducts shows description "A blue mug"
      And the Sesamproducts shows description in a form of its own
      And the Custom Webshop Product shows description exactly as "A blue mug"
      And the storefront has been written to once
      And the webshop has not been written to
      And nothing else has changed

    @S16
    Scenario: A sku that the storefront trims crosses with one write, and is not taken for an edit
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's sku to " MUG-2 "
      And the systems are synchronised
      And the systems are synchronised
      Then the Sesamproducts shows sku exactly as "MUG-2"
      And the Custom Webshop Product shows sku exactly as " MUG-2 "
      And the storefront has been written to once
      And the webshop has not been written to
      And nothing else has changed

    @S16
    Scenario: A price without cents, to which the storefront adds them, crosses with one write, and is not taken for an edit
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's price to "24 USD"
      And the systems are synchronised
      And the systems are synchronised
      Then the Sesamproducts shows price "24 USD"
      And the Custom Webshop Product shows price exactly as "24 USD"
      And the storefront has been written to once
      And the webshop has not been written to
      And nothing else has changed

    @S17
    Scenario: When nobody has edited anything, nothing is written
      Given a Custom Webshop Product linked with a Sesamproducts
      When the systems are synchronised
      Then neither system has been written to
      And nothing else has changed

    @S18
    Scenario: Two edits of one product are one update, though the storefront needs a request for each
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's name to "Blue mug"
      And someone changes the Custom Webshop Product's price to "24.50 USD"
      And one cycle runs
      Then the last cycle reports one update
      And the storefront has been written to twice
      And the Sesamproducts shows name "Blue mug"
      And the Sesamproducts shows price "24.50 USD"
      And nothing else has changed

    @S19
    Scenario: A product deleted in the webshop leaves its Sesamproducts in the storefront, reported as orphaned
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone deletes the Custom Webshop Product
      And the systems are synchronised 25 hours later
      Then the Sesamproducts is still there
      And the Sesamproducts is reported as orphaned
      And neither system has been written to
      And nothing else has changed

    @S19
    Scenario: A Sesamproducts deleted in the storefront leaves its product in the webshop, and isn't created again
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone deletes the Sesamproducts
      And the systems are synchronised 25 hours later
      Then the Custom Webshop Product is still there
      And there is no Sesamproducts
      And the Custom Webshop Product is reported as orphaned
      And neither system has been written to
      And nothing else has changed

    @S19
    Scenario: A Sesamproducts deleted in the storefront isn't created again when its product is edited
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone deletes the Sesamproducts
      And the systems are synchronised 25 hours later
      And someone changes the Custom Webshop Product's name to "Blue mug"
      And the systems are synchronised
      Then there is no Sesamproducts
      And the Custom Webshop Product still shows name "Blue mug"
      And neither system has been written to
      And nothing else has changed

    @S01 @S19
    Scenario: A product deleted in the webshop isn't created again when its Sesamproducts is edited
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone deletes the Custom Webshop Product
      And the systems are synchronised 25 hours later
      And someone changes the Sesamproducts' name to "Blue mug"
      And the systems are synchronised
      Then there is no Custom Webshop Product
      And the Sesamproducts still shows name "Blue mug"
      And neither system has been written to
      And nothing else has changed

    @S19
    Scenario: A product that is made anew in the webshop is linked with the Sesamproducts that it left behind
      Given a Custom Webshop Product linked with a Sesamproducts whose sku is "MUG-1"
      And someone has deleted the Custom Webshop Product
      And the systems are synchronised
      When someone creates another Custom Webshop Product whose sku is "MUG-1" and name is "Mug again"
      And the systems are synchronised 25 hours later
      Then there is one Sesamproducts
      And the Sesamproducts shows name "Mug again"
      And nothing else has changed

    @S20
    Scenario Outline: An edit made in the <system> while a cycle runs is not overwritten
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the <there> name to "Earlier mug"
      And someone changes the <here> name to "Later mug" during the next cycle
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Later mug"
      And the Sesamproducts shows name "Later mug"
      And nothing else has changed

      Examples: webshop
        | system  | here                     | there          |
        | webshop | Custom Webshop Product's | Sesamproducts' |

      Examples: storefront
        | system     | here           | there                    |
        | storefront | Sesamproducts' | Custom Webshop Product's |

    @S20 @S27
    Scenario: An edit made in the webshop while the storefront gets the new product is not lost
      When someone creates a Custom Webshop Product whose name is "Mug"
      And someone changes the Custom Webshop Product's name to "Blue mug" while the storefront is written to
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows name "Blue mug"
      And the Custom Webshop Product still shows name "Blue mug"
      And nothing else has changed

    @S20 @S27
    Scenario Outline: A second edit made in the <system> while the first is passed on is not lost
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the <edited> name to "Blue mug"
      And someone changes the <edited> name to "Red mug" while the <other> is written to
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Red mug"
      And the Sesamproducts shows name "Red mug"
      And nothing else has changed

      Examples: webshop
        | system  | edited                   | other      |
        | webshop | Custom Webshop Product's | storefront |

      Examples: storefront
        | system     | edited         | other   |
        | storefront | Sesamproducts' | webshop |

    @S23
    Scenario: An edit arrives although the storefront has had enough requests for this minute
      Given a Custom Webshop Product linked with a Sesamproducts
      And the storefront has had enough requests for this minute
      When someone changes the Custom Webshop Product's name to "Blue mug"
      And the systems are synchronised
      Then the Sesamproducts shows name "Blue mug"
      And the storefront has been left alone for 60 seconds after it asked for it
      And nothing else has changed

    @S23
    Scenario: An edit arrives although the webshop asks for patience, and gets it
      Given a Custom Webshop Product linked with a Sesamproducts
      And the webshop asks for 5 seconds of patience
      When someone changes the Sesamproducts' name to "Blue mug"
      And the systems are synchronised
      Then the Custom Webshop Product shows name "Blue mug"
      And the webshop has been left alone for 5 seconds after it asked for it
      And nothing else has changed

    @S25
    Scenario Outline: An edit that met a failing <system> arrives later
      Given a Custom Webshop Product linked with a Sesamproducts
      And the <system> fails at the next write
      When someone changes the <edited> name to "Blue mug"
      And the systems are synchronised
      And the systems are synchronised 1 hours later
      Then the <name> shows name "Blue mug"
      And nothing is reported as failing
      And nothing else has changed

      Examples: storefront
        | system     | edited                   | name          |
        | storefront | Custom Webshop Product's | Sesamproducts |

      Examples: webshop
        | system  | edited         | name                   |
        | webshop | Sesamproducts' | Custom Webshop Product |

    @S19 @S25
    Scenario Outline: An edit arrives although the <system> says of the record once that there is none
      Given a Custom Webshop Product linked with a Sesamproducts
      And the <system> says at the next write that there is no such record, though there is
      When someone changes the <edited> name to "Blue mug"
      And the systems are synchronised
      And the systems are synchronised 1 hours later
      Then the <name> shows name "Blue mug"
      And nothing else has changed

      Examples: storefront
        | system     | edited                   | name          |
        | storefront | Custom Webshop Product's | Sesamproducts |

      Examples: webshop
        | system  | edited         | name                   |
        | webshop | Sesamproducts' | Custom Webshop Product |

    @S25 @S27
    Scenario Outline: An edit that is made while the <system> can't be read arrives once it can
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the <edited> name to "Blue mug"
      And one cycle is tried while the <system> can't be read
      And the systems are synchronised 25 hours later
      Then the <name> shows name "Blue mug"
      And nothing else has changed

      Examples: storefront
        | system     | edited                   | name          |
        | storefront | Custom Webshop Product's | Sesamproducts |

      Examples: webshop
        | system  | edited                   | name          |
        | webshop | Custom Webshop Product's | Sesamproducts |

    @S24
    Scenario Outline: An edit arrives once even if the <system>'s answer is lost
      Given a Custom Webshop Product linked with a Sesamproducts
      And the <system>'s answer to the next write gets lost
      When someone changes the <edited> name to "Blue mug"
      And the systems are synchronised
      And someone changes the <edited> price to "24.50 USD"
      And the systems are synchronised
      Then the <name> shows name "Blue mug"
      And the <name> shows price "24.50 USD"
      And nothing else has changed

      Examples: storefront
        | system     | edited                   | name          |
        | storefront | Custom Webshop Product's | Sesamproducts |

      Examples: webshop
        | system  | edited         | name                   |
        | webshop | Sesamproducts' | Custom Webshop Product |

    @S27
    Scenario: Of many products every edit crosses, though the storefront lists them on several pages
      Given 51 Custom Webshop Product records
      And the systems are synchronised
      When someone changes the name of every Sesamproducts one after another
      And the systems are synchronised
      Then every Sesamproducts agrees with its Custom Webshop Product
      And nothing else has changed

  @4.3
  Rule: Sku, name, description and price are synchronized between a Custom Webshop Product and a Sesamproducts

    @S07
    Scenario Outline: An edit of <property> in the webshop reaches the storefront
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's <property> to "<value>"
      And the systems are synchronised
      Then the Sesamproducts shows <property> "<value>"
      And the Custom Webshop Product still shows <property> "<value>"
      And nothing else has changed

      @4.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @4.3.2
      Examples: name
        | property | value     |
        | name     | Blått krus |

      @4.3.3
      Examples: description
        | property    | value      |
        | description | A blue mug |

      @4.3.4
      Examples: price
        | property | value     |
        | price    | 24.50 USD |

    @S07
    Scenario Outline: An edit of <property> in the storefront reaches the webshop
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Sesamproducts' <property> to "<value>"
      And the systems are synchronised
      Then the Custom Webshop Product shows <property> "<value>"
      And the Sesamproducts still shows <property> "<value>"
      And nothing else has changed

      @4.3.1
      Examples: sku
        | property | value |
        | sku      | MUG-2 |

      @4.3.2
      Examples: name
        | property | value     |
        | name     | Blått krus |

      @4.3.3
      Examples: description
        | property    | value      |
        | description | A blue mug |

      @4.3.4
      Examples: price
        | property | value     |
        | price    | 24.50 USD |

    @S08
    Scenario Outline: Of two edits of <property> the later wins: first the webshop's, then the storefront's
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's <property> to "<earlier>"
      And a moment later someone changes the Sesamproducts' <property> to "<later>"
      And the systems are synchronised
      Then the Custom Webshop Product shows <property> "<later>"
      And the Sesamproducts still shows <property> "<later>"
      And nothing else has changed

      @4.3.1
      Examples: sku
        | property | earlier | later |
        | sku      | MUG-2   | MUG-3 |

      @4.3.2
      Examples: name
        | property | earlier  | later   |
        | name     | Blue mug | Red mug |

      @4.3.3
      Examples: description
        | property    | earlier    | later     |
        | description | A blue mug | A red mug |

      @4.3.4
      Examples: price
        | property | earlier   | later     |
        | price    | 24.50 USD | 21.00 USD |

    @S08
    Scenario Outline: Of two edits of <property> the later wins: first the storefront's, then the webshop's
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Sesamproducts' <property> to "<earlier>"
      And a moment later someone changes the Custom Webshop Product's <property> to "<later>"
      And the systems are synchronised
      Then the Sesamproducts shows <property> "<later>"
      And the Custom Webshop Product still shows <property> "<later>"
      And nothing else has changed

      @4.3.1
      Examples: sku
        | property | earlier | later |
        | sku      | MUG-2   | MUG-3 |

      @4.3.2
      Examples: name
        | property | earlier  | later   |
        | name     | Blue mug | Red mug |

      @4.3.3
      Examples: description
        | property    | earlier    | later     |
        | description | A blue mug | A red mug |

      @4.3.4
      Examples: price
        | property | earlier   | later     |
        | price    | 24.50 USD | 21.00 USD |

    @4.3.3 @S07
    Scenario: A description cleared in the webshop is cleared in the storefront
      Given a Custom Webshop Product linked with a Sesamproducts whose description is "A mug"
      When someone clears the Custom Webshop Product's description
      And the systems are synchronised
      Then the Sesamproducts shows description empty
      And the Custom Webshop Product still shows description empty
      And nothing else has changed

    @4.3.3 @S07
    Scenario: A description cleared in the storefront is cleared in the webshop
      Given a Custom Webshop Product linked with a Sesamproducts whose description is "A mug"
      When someone clears the Sesamproducts' description
      And the systems are synchronised
      Then the Custom Webshop Product shows description empty
      And the Sesamproducts still shows description empty
      And nothing else has changed

    @4.3.3 @S01
    Scenario: A new product without a description gets a Sesamproducts without one
      When someone creates a Custom Webshop Product whose description is empty
      And the systems are synchronised
      Then there is one Sesamproducts
      And the Sesamproducts shows description empty
      And the Sesamproducts agrees with the Custom Webshop Product
      And nothing else has changed

    @4.3.3 @S08
    Scenario Outline: Of an edit of the description and a later clearing in the <system> the clearing wins
      Given a Custom Webshop Product linked with a Sesamproducts whose description is "A mug"
      When someone changes the <edited> description to "A blue mug"
      And a moment later someone clears the <cleared> description
      And the systems are synchronised
      Then the Custom Webshop Product shows description empty
      And the Sesamproducts shows description empty
      And nothing else has changed

      Examples: webshop
        | system  | edited         | cleared                  |
        | webshop | Sesamproducts' | Custom Webshop Product's |

      Examples: storefront
        | system     | edited                   | cleared        |
        | storefront | Custom Webshop Product's | Sesamproducts' |

    @4.3.2 @S15
    Scenario Outline: The name "<name>" reaches the storefront to the letter
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's name to "<name>"
      And the systems are synchronised
      Then the Sesamproducts shows name exactly as "<name>"
      And the Custom Webshop Product shows name exactly as "<name>"
      And nothing else has changed

      Examples: letters beyond ASCII
        | name           |
        | Blåbærsyltetøy |

      Examples: a sign outside the basic plane
        | name     |
        | Amphora 🏺 |

      Examples: marks that mean something to machines
        | name                |
        | Salt & <b>Pepper</b> |

      Examples: what looks like a number
        | name |
        | 0010 |

    @4.3.2 @S15
    Scenario Outline: A change of <what> in a name is an edit
      Given a Custom Webshop Product linked with a Sesamproducts whose name is "Crème brûlée"
      When someone changes the Custom Webshop Product's name to <name>
      And the systems are synchronised
      Then the Sesamproducts shows name exactly as <name>
      And the Custom Webshop Product shows name exactly as <name>
      And nothing else has changed

      Examples: a capital letter
        | what             | name           |
        | a capital letter | "Crème Brûlée" |

      Examples: blanks
        | what   | name                |
        | blanks | "  Crème  brûlée  " |

      Examples: accents
        | what    | name           |
        | accents | "Creme brulee" |

      Examples: the form of accents
        | what                | name           |
        | the form of accents | "Crème brûlée" |

    @4.3.4 @S15
    Scenario Outline: The price <price> crosses to the cent
      Given a Custom Webshop Product linked with a Sesamproducts
      When someone changes the Custom Webshop Product's price to "<price>"
      And the systems are synchronised
      Then the Sesamproducts shows price exactly as "<price>"
      And the Custom Webshop Product shows price exactly as "<price>"
      And nothing else has changed

      Examples: trailing zeros
        | price     |
        | 24.10 USD |

      Examples: more digits than a binary float holds
        | price                 |
        | 90071992547409.93 USD |

      Examples: free of charge
        | price    |
        | 0.00 USD |

    @4.3.4 @S15 @S25
    Scenario Outline: A price that the storefront can't hold is refused with a reason, and nothing is lost
      Given a Custom Webshop Product linked with a Sesamproducts whose price is "19.00 USD"
      When someone changes the Custom Webshop Product's price to "<price>"
      And the systems are synchronised
      Then the Custom Webshop Product still shows price "<price>"
      And the Sesamproducts still shows price "19.00 USD"
      And the Custom Webshop Product is reported as failing
      And nothing else has changed

      Examples: in another currency
        | price      |
        | 200.00 NOK |

      Examples: the same amount in another currency
        | price     |
        | 19.00 NOK |

    @4.3.4 @S15 @S25
    Scenario: A price finer than a cent is refused with a reason, not rounded
      Given a Custom Webshop Product linked with a Sesamproducts whose price is "19.00 USD"
      When someone changes the Custom Webshop Product's price to "19.505 USD"
      And the systems are synchronised
      Then the Custom Webshop Product still shows price "19.505 USD"
      And the Sesamproducts still shows price "19.00 USD"
      And the Sesamproducts is reported as failing
      And nothing else has changed

    @4.2 @limitation-shared-fields @S12 @S13
    Scenario Outline: Known limitation: <property> edited in the webshop doesn't reach a product with several variants; it is reported, and nothing is lost
      Given a Custom Webshop Product linked with a Sesamproducts whose <property> is "<value>"
      And the Sesamproducts has a sibling variant whose sku is "MUG-L"
      When someone changes the Custom Webshop Product's <property> to "<edited>"
      And the systems are synchronised
      Then the Custom Webshop Product still shows <property> "<edited>"
      And the Sesamproducts still shows <property> "<value>"
      And the edit of <property> is reported as one that can't cross
      And neither system has been written to
      And nothing else has changed

      @4.3.2
      Examples: name
        | property | value | edited   |
        | name     | Mug   | Blue mug |

      @4.3.3
      Examples: description
        | property    | value | edited     |
        | description | A mug | A blue mug |
