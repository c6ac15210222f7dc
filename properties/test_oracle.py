"""The oracle finds what is known to be wrong, with the steps that led there, and is silent otherwise."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from properties.history import Invariant, Outcome
from properties.tale import BOOKS, SHOP, TILL, Tale, three_systems

SOUND: dict[str, Callable[[], Tale]] = {}
FLAWED: dict[str, tuple[Invariant, Callable[[], Tale]]] = {}


def sound(tell: Callable[[], Tale]) -> Callable[[], Tale]:
    SOUND[tell.__name__] = tell
    return tell


def flawed(invariant: Invariant) -> Callable[[Callable[[], Tale]], Callable[[], Tale]]:
    def keep(tell: Callable[[], Tale]) -> Callable[[], Tale]:
        FLAWED[tell.__name__] = (invariant, tell)
        return tell

    return keep


# Sound histories


@sound
def an_item_crosses_and_rests() -> Tale:
    return Tale().linked().begins().ends().settles(1)


@sound
def an_edit_crosses_from_each_side() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="second").begins()
    tale.engine(BOOKS, "b1", name="second").engine(TILL, "t1", name="second").ends().settles()
    tale.person(TILL, "t1", name="third").begins()
    return (
        tale.engine(SHOP, "s1", name="third")
        .ends()
        .begins()
        .engine(BOOKS, "b1", name="third")
        .ends()
        .settles()
    )


@sound
def the_latest_of_two_edits_wins_everywhere() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="earlier").person(BOOKS, "b1", name="later").begins()
    return tale.engine(SHOP, "s1", name="later").engine(TILL, "t1", name="later").ends().settles()


@sound
def an_edit_of_what_was_shown_is_later_whatever_the_clocks_say() -> Tale:
    tale = Tale().skews("books", -1.5).linked().person(SHOP, "s1", name="second").begins()
    tale.engine(BOOKS, "b1", name="second").engine(TILL, "t1", name="second").ends()
    tale.person(BOOKS, "b1", seconds=0.1, name="third").begins()
    return tale.engine(SHOP, "s1", name="third").engine(TILL, "t1", name="third").ends().settles()


@sound
def within_the_clocks_error_either_may_win() -> Tale:
    tale = Tale().skews("books", 1.5).linked().person(SHOP, "s1", name="one")
    tale.person(BOOKS, "b1", seconds=0.5, name="other").begins()
    return tale.engine(BOOKS, "b1", name="one").engine(TILL, "t1", name="one").ends().settles()


@sound
def a_tie_goes_to_the_system_named_first() -> Tale:
    tale = (
        Tale()
        .linked()
        .person(BOOKS, "b1", name="books'")
        .person(SHOP, "s1", seconds=0, name="shop's")
        .begins()
    )
    return tale.engine(BOOKS, "b1", name="shop's").engine(TILL, "t1", name="shop's").ends().settles()


@sound
def a_cleared_name_is_cleared_everywhere() -> Tale:
    tale = Tale().linked().person(BOOKS, "b1", name=None).begins()
    return tale.engine(SHOP, "s1", name="").engine(TILL, "t1", name=None).ends().settles()


@sound
def a_rendering_is_the_same_value() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="  second ").begins()
    return tale.engine(BOOKS, "b1", name="<p>second</p>").engine(TILL, "t1", name="second").ends().settles()


@sound
def a_sale_and_a_restock_add_up() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", stock=7).person(BOOKS, "b1", stock=15).begins()
    tale.engine(SHOP, "s1", stock=12).engine(BOOKS, "b1", stock=12).engine(TILL, "t1", stock=7)
    return tale.engine(TILL, "t1", stock=12).ends().settles()


@sound
def existing_records_are_merged() -> Tale:
    tale = (
        Tale()
        .person(BOOKS, "b1", sku="A-1", name=None, stock=4)
        .person(SHOP, "s1", sku="A-1", name="x", stock=9)
    )
    tale.begins().engine(BOOKS, "b1", name="x", stock=9).engine(TILL, "t1", sku="A-1", name="x", stock=9)
    return tale.ends().settles()


@sound
def a_deleted_article_stays_away() -> Tale:
    tale = Tale().linked().deletes(BOOKS, "b1").person(SHOP, "s1", name="second").begins()
    return tale.engine(TILL, "t1", name="second").ends().settles()


@sound
def a_recreated_item_takes_its_old_article() -> Tale:
    tale = Tale().linked().deletes(SHOP, "s1").person(SHOP, "s2", sku="A-1", name="again", stock=3).begins()
    tale.engine(BOOKS, "b1", name="again", stock=3).engine(TILL, "t1", name="again", stock=3)
    return tale.ends().settles()


@sound
def an_article_of_its_own_stays_alone() -> Tale:
    return Tale().person(BOOKS, "b9", sku="Z", name="alone").begins().ends().settles(1)


@sound
def a_deletion_propagates_where_the_mapping_says_so() -> Tale:
    tale = Tale(three_systems(deletes="propagate")).linked().deletes(SHOP, "s1").begins()
    return tale.engine(BOOKS, "b1", gone=True).engine(TILL, "t1", gone=True).ends().settles()


@sound
def after_a_lost_state_either_value_may_win() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="one").person(BOOKS, "b1", name="other").forgets().begins()
    return tale.engine(BOOKS, "b1", name="one").engine(TILL, "t1", name="one").ends().settles()


@sound
def a_killed_cycle_is_taken_up_again() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="second").begins()
    tale.engine(BOOKS, "b1", name="second").ends(Outcome.KILLED).begins()
    return tale.engine(TILL, "t1", name="second").ends().settles()


@sound
def twins_are_kept_alike() -> Tale:
    tale = Tale().linked().person(SHOP, "s2", sku="A-1", name="twin", stock=1).begins()
    tale.engine(BOOKS, "b1", name="twin").engine(SHOP, "s1", name="twin").engine(TILL, "t1", name="twin")
    return tale.ends().settles()


# Flawed histories


@flawed(Invariant.NO_LOST_UPDATE)
def an_edit_is_overwritten_by_an_older_one() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="older").person(BOOKS, "b1", name="newer").begins()
    return tale.engine(BOOKS, "b1", name="older")


@flawed(Invariant.NO_LOST_UPDATE)
def the_earlier_edit_wins_through_a_third_record() -> Tale:
    tale = Tale().linked().person(BOOKS, "b1", name="older").person(TILL, "t1", name="newer").begins()
    tale.engine(SHOP, "s1", name="newer").engine(SHOP, "s1", name="older")
    return tale.engine(TILL, "t1", name="older").ends().settles()


@flawed(Invariant.NO_RESURRECTION)
def an_old_value_comes_back() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="second").begins()
    return tale.engine(SHOP, "s1", name="first").ends().settles()


@flawed(Invariant.NO_RESURRECTION)
def a_cleared_name_comes_back() -> Tale:
    tale = Tale().linked().person(BOOKS, "b1", name="").begins()
    return tale.engine(BOOKS, "b1", name="first").ends().settles()


@flawed(Invariant.NO_RESURRECTION)
def a_deleted_article_is_made_again() -> Tale:
    tale = Tale().linked().deletes(BOOKS, "b1").begins()
    return tale.engine(BOOKS, "b2", sku="A-1", name="first", stock=10).ends().settles()


@flawed(Invariant.NO_INVENTION)
def a_value_that_nobody_wrote() -> Tale:
    return Tale().linked().person(SHOP, "s1", name="second").begins().engine(BOOKS, "b1", name="SECOND")


@flawed(Invariant.NO_INVENTION)
def an_article_makes_an_item() -> Tale:
    tale = Tale().person(BOOKS, "b9", sku="Z", name="alone").begins()
    return tale.engine(SHOP, "s9", sku="Z", name="alone").ends().settles()


@flawed(Invariant.CONVERGENCE)
def an_edit_never_arrives() -> Tale:
    return Tale().linked().person(SHOP, "s1", name="second").begins().ends().settles(1)


@flawed(Invariant.CONVERGENCE)
def an_item_never_crosses() -> Tale:
    return Tale().person(SHOP, "s1", sku="A-1", name="first", stock=1).begins().ends().settles(1)


@flawed(Invariant.CONVERGENCE)
def a_tie_is_settled_differently_on_each_side() -> Tale:
    tale = (
        Tale()
        .linked()
        .person(SHOP, "s1", name="shop's")
        .person(BOOKS, "b1", seconds=0, name="books'")
        .begins()
    )
    return tale.engine(SHOP, "s1", name="books'").engine(BOOKS, "b1", name="shop's").ends().settles()


@flawed(Invariant.NO_LOST_UPDATE)
def a_swapped_tie() -> Tale:
    tale = (
        Tale()
        .linked()
        .person(SHOP, "s1", name="shop's")
        .person(BOOKS, "b1", seconds=0, name="books'")
        .begins()
    )
    return tale.engine(SHOP, "s1", name="books'").engine(TILL, "t1", name="books'").ends().settles()


@flawed(Invariant.QUIET)
def sides_swap_values_for_ever() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="one").person(BOOKS, "b1", seconds=0, name="other")
    for here, there in (("one", "other"), ("other", "one"), ("one", "other")):
        tale.begins().engine(SHOP, "s1", name=there).engine(BOOKS, "b1", name=here).ends()
    return tale.settles(None)


@flawed(Invariant.QUIET)
def a_write_while_nobody_edits() -> Tale:
    return Tale().linked().begins().engine(BOOKS, "b1", name="first").ends()


@flawed(Invariant.COUNTERS)
def a_sale_counts_twice() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", stock=7).begins()
    return tale.engine(BOOKS, "b1", stock=4).engine(TILL, "t1", stock=7).ends().settles()


@flawed(Invariant.COUNTERS)
def stock_is_set_and_a_sale_lost() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", stock=7).person(BOOKS, "b1", stock=15).begins()
    return tale.engine(SHOP, "s1", stock=15).engine(TILL, "t1", stock=15).ends().settles()


@flawed(Invariant.COUNTERS)
def the_older_count_wins_at_merge() -> Tale:
    tale = (
        Tale()
        .person(BOOKS, "b1", sku="A-1", name="x", stock=4)
        .person(SHOP, "s1", sku="A-1", name="x", stock=9)
    )
    tale.begins().engine(SHOP, "s1", stock=4).engine(TILL, "t1", sku="A-1", name="x", stock=4)
    return tale.ends().settles()


@flawed(Invariant.CONSERVATION)
def everything_is_deleted() -> Tale:
    tale = Tale().linked().begins()
    return tale.engine(SHOP, "s1", gone=True).engine(BOOKS, "b1", gone=True).ends().settles()


@flawed(Invariant.NO_LOST_UPDATE)
def a_deletion_beats_a_newer_edit() -> Tale:
    tale = (
        Tale(three_systems(deletes="propagate")).linked().deletes(SHOP, "s1").person(BOOKS, "b1", name="kept")
    )
    return tale.begins().engine(BOOKS, "b1", gone=True)


@flawed(Invariant.CONVERGENCE)
def a_deletion_never_arrives() -> Tale:
    tale = Tale(three_systems(deletes="propagate")).linked().deletes(SHOP, "s1")
    return tale.begins().ends().begins().ends().settles(1)


@flawed(Invariant.ONE_CREATE)
def an_item_makes_two_articles() -> Tale:
    tale = Tale().linked().begins()
    return tale.engine(BOOKS, "b2", sku="A-1", name="first", stock=10).ends()


@flawed(Invariant.ONE_CREATE)
def an_article_is_made_although_one_matches() -> Tale:
    tale = (
        Tale()
        .person(BOOKS, "b1", sku="A-1", name="x", stock=9)
        .person(SHOP, "s1", sku="A-1", name="x", stock=9)
    )
    return tale.begins().engine(BOOKS, "b2", sku="A-1", name="x", stock=9)


@flawed(Invariant.ONE_LINK)
def one_edit_is_sent_twice() -> Tale:
    tale = Tale().linked().person(SHOP, "s1", name="second").begins()
    return tale.engine(BOOKS, "b1", name="second").engine(BOOKS, "b1", name="second")


@flawed(Invariant.CURSOR)
def an_edit_is_missed_after_a_kill() -> Tale:
    tale = Tale().linked().begins().person(SHOP, "s1", name="second").ends(Outcome.KILLED)
    return tale.settles(1)


@flawed(Invariant.ISOLATION)
def an_unlisted_property_is_written() -> Tale:
    return Tale().linked(remark="mine").begins().engine(BOOKS, "b1", remark="")


@flawed(Invariant.EXPLAINED)
def a_stranger_is_written() -> Tale:
    tale = (
        Tale().linked().person(BOOKS, "b9", sku="Z", name="alone").person(SHOP, "s1", name="second").begins()
    )
    return tale.engine(BOOKS, "b9", name="second")


@flawed(Invariant.RUNS)
def a_cycle_fails_for_no_reason() -> Tale:
    return Tale().linked().begins().ends(Outcome.FAILED)


@flawed(Invariant.HELD)
def a_side_that_is_off_is_written() -> Tale:
    mapping = three_systems()
    mapping["systems"]["books"]["share"] = False
    return Tale(mapping).linked()


@sound
def a_genuine_notification_is_a_reason_to_look() -> Tale:
    return Tale().linked().begins().ends().hears("shop", genuine=True, looked=True).settles(1)


@sound
def a_forged_notification_is_ignored() -> Tale:
    return Tale().linked().hears("shop", genuine=False, looked=False).settles(1)


@flawed(Invariant.FORGED)
def a_forged_notification_is_trusted() -> Tale:
    return Tale().linked().begins().ends().hears("shop", genuine=False, looked=True).settles(1)


@pytest.mark.parametrize("name", SOUND)
def test_the_oracle_is_silent_when(name: str) -> None:
    assert SOUND[name]().breaches() == []


@pytest.mark.parametrize("name", FLAWED)
def test_the_oracle_finds_that(name: str) -> None:
    invariant, tell = FLAWED[name]
    tale = tell()
    found = [breach for breach in tale.breaches() if breach.invariant is invariant]
    assert found, f"expected '{invariant}', found {sorted(tale.broken())}"
    assert found[0].steps, "a breach names the steps to reproduce it"
    assert found[0].expected != found[0].seen


def test_every_invariant_has_a_history_that_breaks_it() -> None:
    missing = set(Invariant) - {invariant for invariant, _ in FLAWED.values()} - {Invariant.LISTED}
    assert not missing


def test_an_edit_that_cannot_cross_and_is_not_listed_is_found() -> None:
    mapping = three_systems()
    mapping["flows"][0]["properties"][1]["target"]["access"] = "create_only"
    entry = {"system": "shop", "datatype": "Item", "id": "s1", "property": "name"}

    def tell(*listed: dict[str, str]) -> Tale:
        tale = Tale(mapping).linked().person(SHOP, "s1", name="second").begins()
        return tale.engine(TILL, "t1", name="second").ends().settles(2, uncrossed=list(listed), cycles=2)

    assert tell(entry).broken() == set()
    assert tell().broken() == {Invariant.LISTED}
