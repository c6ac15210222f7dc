"""What is written on records that are linked, and what is deleted: each rule in the smallest entity that shows it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bothways.sync.connectors import Kind, Write
from bothways.sync.merging import join
from bothways.sync.model import Entity, Ref, Shown, Trouble
from bothways.sync.observe import gone
from bothways.sync.plan import Circumstances, Send, Step, Stop, behind, plan
from bothways.sync.shape import Shape
from tests.sync.pair import COUNT, LEFT, NAME, NOON, RIGHT, TEXT, alone, at, linked, member, pair, seen

NOTE = {"name": "note", "type": "string", "source": "note", "target": "note"}
DELETING = {"policies": {"deletes": "propagate"}}


def steps(shape: Shape, entity: Entity, minutes: float = 60) -> list[Step]:
    """What the entity needs so many minutes after noon."""
    return list(plan(shape, entity, Circumstances(at(minutes))))


def test_an_update_names_the_version_of_the_record_and_those_that_it_writes() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=1), LEFT, 5, name="Mug", count=1)
    write = Write(Kind.UPDATE, "Item", key="", id="r1", body={"title": "Mug"}, version="0")
    assert steps(shape, entity) == [Send("right", write, {"title": entity.versions[NAME].number})]


def test_an_adjustment_names_no_version_of_the_record() -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=10), LEFT, 5, name="Cup", count=7)
    write = Write(Kind.ADJUST, "Item", key="", id="r1", body={"stock": -3})
    assert steps(shape, entity) == [Send("right", write, {"stock": entity.versions[COUNT].number})]


def test_a_value_that_one_side_can_not_hold_stops_only_itself() -> None:
    shape = pair(TEXT | {"target": {"path": "title", "values": {"Cup": "CUP"}}}, NOTE)
    entity = seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b")
    refused, send = steps(shape, entity)
    assert refused == Stop("right Item r1 title", "title: 'Mug' is none of Cup")
    assert isinstance(send, Send)
    assert send.write.body == {"note": "b"}
    assert send.numbers.keys() == {"note"}


def test_a_path_in_trouble_rests_and_the_others_do_not() -> None:
    shape = pair(TEXT, NOTE)
    entity = seen(shape, linked(shape, name="Cup", note="a"), LEFT, 5, name="Mug", note="b")
    entity.troubles["right Item r1 title"] = Trouble("no", 1, at(90))
    for minutes, paths in ((89, {"note"}), (90, {"title", "note"})):
        [send] = steps(shape, entity, minutes)
        assert isinstance(send, Send)
        assert send.write.body.keys() == paths


@pytest.mark.parametrize(("shown", "value", "sent"), [(None, 4, 4), (4, None, None)])
def test_a_counter_that_was_unlimited_takes_the_value_and_no_difference(
    shown: int | None, value: int | None, sent: int | None
) -> None:
    shape = pair()
    entity = seen(shape, linked(shape, name="Cup", count=shown), LEFT, 5, name="Cup", count=value)
    [send] = steps(shape, entity)
    assert isinstance(send, Send)
    assert (send.write.kind, send.write.body) == (Kind.UPDATE, {"stock": sent})


def test_a_twin_that_is_gone_shares_no_counter() -> None:
    shape = pair()
    twin = Ref("right", "Item", "r2")
    entity = join(shape, linked(shape, name="Cup", count=1), alone(shape, twin, 5, 2, title="Cup", stock=4))
    [first, *_] = [step for step in steps(shape, entity) if isinstance(step, Stop)]
    assert first == Stop("right Item r1 stock", "stock: two records of one system can't share a counter")
    assert not [step for step in steps(shape, gone(entity, twin, at(6))) if isinstance(step, Stop)]


def test_twins_still_share_all_that_is_no_counter() -> None:
    shape = pair(TEXT)
    twin = Ref("right", "Item", "r2")
    entity = join(shape, linked(shape, name="Cup"), alone(shape, twin, 5, 2, title="Mug"))
    assert {step.write.id for step in steps(shape, entity) if isinstance(step, Send)} == {"l1", "r1"}


def test_what_a_record_has_never_shown_is_behind() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=1)
    del member(entity, RIGHT).slots["title"]
    assert [slot.path for slot, _ in behind(shape, entity, member(entity, RIGHT))] == ["title"]


def test_a_counter_is_behind_by_its_difference_though_it_rendered_the_version() -> None:
    shape = pair()
    entity = linked(shape, name="Cup", count=10)
    for ref, path in ((RIGHT, "stock"), (RIGHT, "title")):
        slots = member(entity, ref).slots
        slots[path] = replace(slots[path], value=3 if path == "stock" else "as the system writes it")
    assert [slot.path for slot, _ in behind(shape, entity, member(entity, RIGHT))] == ["stock"]


def test_a_record_of_an_unshared_side_rests_and_the_other_does_not() -> None:
    shape = pair(TEXT, left={"share": False})
    entity = linked(shape, name="Cup")
    assert steps(shape, seen(shape, entity, RIGHT, 5, title="Mug")) == []
    assert len(steps(shape, seen(shape, entity, LEFT, 5, name="Mug"))) == 1


def test_a_property_of_which_nothing_is_known_yet_is_not_written() -> None:
    shape = pair(TEXT, NOTE)
    entity = linked(shape, name="Cup", note="a")
    del entity.versions["left.Thing.note"]
    member(entity, RIGHT).slots["title"] = Shown("Mug")
    [send] = steps(shape, entity)
    assert isinstance(send, Send)
    assert send.write.body == {"title": "Cup"}


# -- deletions, where the mapping says so (S19)


def deleted(shape: Shape, ref: Ref = RIGHT, edited: float = 0, at_minutes: float = 6) -> Entity:
    """A linked pair, the left record edited at one time and one record deleted at another."""
    return gone(seen(shape, linked(shape, name="Cup"), LEFT, edited, name="Mug"), ref, at(at_minutes))


def test_a_deletion_names_the_version_of_the_record() -> None:
    shape = pair(TEXT, **DELETING)
    write = Write(Kind.DELETE, "Thing", key="", id="l1", version="5")
    assert steps(shape, deleted(shape, edited=5)) == [Send("left", write)]


def test_an_edit_of_the_same_time_as_the_deletion_does_not_keep_the_partner() -> None:
    shape = pair(TEXT, right={"granularity_ms": 60_000}, **DELETING)
    assert len(steps(shape, deleted(shape, edited=6.9, at_minutes=6.1))) == 1
    assert steps(shape, deleted(shape, edited=7, at_minutes=6.9)) == []


def test_an_edit_made_on_the_deleted_record_itself_keeps_nothing() -> None:
    shape = pair(TEXT, **DELETING)
    entity = seen(shape, linked(shape, name="Cup"), RIGHT, 9, title="Mug")
    [send] = steps(shape, gone(entity, RIGHT, at(6)))
    assert isinstance(send, Send)
    assert send.write.kind is Kind.DELETE


def test_the_last_of_several_deletions_is_the_one_that_counts() -> None:
    shape = pair(TEXT, **DELETING)
    twin = Ref("right", "Item", "r2")
    entity = join(shape, linked(shape, name="Cup"), alone(shape, twin, 0, 2, title="Cup"))
    entity = seen(shape, entity, LEFT, 5, name="Mug")
    both = gone(gone(entity, RIGHT, at(3)), twin, at(6))
    assert [step.write.kind for step in steps(shape, both) if isinstance(step, Send)] == [Kind.DELETE]


def test_a_side_that_is_not_shared_keeps_its_record_and_the_others_lose_theirs() -> None:
    shape = pair(TEXT, left={"share": False}, **DELETING)
    assert steps(shape, deleted(shape)) == []
    twin = Ref("right", "Item", "r2")
    entity = join(shape, linked(shape, name="Cup"), alone(shape, twin, 0, 2, title="Cup"))
    assert [step.write.id for step in steps(shape, gone(entity, RIGHT, at(6))) if isinstance(step, Send)] == [
        "r2"
    ]


def test_what_is_all_gone_or_was_never_linked_needs_nothing() -> None:
    shape = pair(TEXT, **DELETING)
    assert steps(shape, gone(deleted(shape), LEFT, at(7))) == []
    assert list(plan(shape, gone(alone(shape, name="Cup"), LEFT, NOON), Circumstances(NOON))) == []


def test_without_a_deletion_a_deleting_mapping_writes_as_ever() -> None:
    shape = pair(TEXT, **DELETING)
    [send] = steps(shape, seen(shape, linked(shape, name="Cup"), LEFT, 5, name="Mug"))
    assert isinstance(send, Send)
    assert send.write.kind is Kind.UPDATE
