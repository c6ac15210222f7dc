"""Given and When: what the mapping asks of the integration besides properties."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pytest_bdd import given, when

from bothways.mapping import Deletes, Side, Start
from steps.wording import sentence
from steps.world import World


@given(sentence("the bulk-change limit is {number:Number} records"))
def bulk_limit(world: World, number: int) -> None:
    """A cycle, or a day, that would write to more than so many records writes nothing (S21)."""
    limit = world.mapping.policies.bulk_limit.model_copy(
        update={"factor": 0.0, "day_factor": 0.0, "count": number}
    )
    _policies(world, bulk_limit=limit)


@given(sentence("share is off for the {label:Property}"))
def share_off(world: World, label: str) -> None:
    """The system is read, and never written to (S22)."""
    _share(world, label, on=False)


@given(sentence("share is off for every {record:Name}"))
def share_of_datatype_off(world: World, record: str) -> None:
    """Records of this kind are read, and never written to (S22)."""
    side = world.words.side(record)
    datatypes = world.mapping.systems[side.system].datatypes
    closed = datatypes[side.datatype].model_copy(update={"share": False})
    _system(world, side.system, datatypes=datatypes | {side.datatype: closed})


@when(sentence("share is turned on for the {label:Property}"))
def share_on(world: World, label: str) -> None:
    """From now on the system is written to as well (S22)."""
    _share(world, label, on=True)


@given("full sync is off")
def full_sync_off(world: World) -> None:
    """Only records that are made after the first cycle cross (S22)."""
    _policies(world, full_sync=False)


@when("full sync is turned on")
def full_sync_on(world: World) -> None:
    """From now on all records cross (S22)."""
    _policies(world, full_sync=True)


@given("deletions are propagated")
def propagate(world: World) -> None:
    """What is deleted on one side is deleted on the other, unless it was edited there later (S19)."""
    _policies(world, deletes=Deletes.PROPAGATE)


@given(sentence("{record:New} crosses when its {name:Property} is {value:Value}"))
def condition(world: World, record: str, name: str, value: str) -> None:
    """A condition on the first crossing of a source record (S06)."""
    side = world.words.side(record)
    field = world.words.field(side, name)
    wanted = f"{field.end.path} == '{field.native(value)}'"
    _flows(world, side, start=Start.WHEN, condition=wanted)


@given(sentence("{record:New} is never created elsewhere, only linked with what is there"))
def link_required(world: World, record: str) -> None:
    """Before anything crosses, a link must be established (S06)."""
    _flows(world, world.words.side(record), start=Start.LINK_REQUIRED)


@given(sentence("{record:New} crosses once {other:New} that its {name:Property} names has crossed"))
def connected(world: World, record: str, other: str, name: str) -> None:
    """A new record is only created if it is connected to one that is synchronised (S06)."""
    side = world.words.side(record)
    _flows(world, side, connected={world.words.field(side, name).end.path: world.words.side(other).datatype})


@given(sentence("{record:New} is matched in any case"))
def folding_case(world: World, record: str) -> None:
    """A merge key's case makes no difference (S02)."""
    flows = tuple(
        flow.model_copy(
            update={"criteria": tuple(one.model_copy(update={"fold_case": True}) for one in flow.criteria)}
        )
        if flow.source == world.words.side(record)
        else flow
        for flow in world.mapping.flows
    )
    world.remap(world.mapping.model_copy(update={"flows": flows}))


@given(sentence("the {label:Property} tells time in whole {unit:Property}"))
def whole(world: World, label: str, unit: str) -> None:
    """The system's record times are cut to seconds, minutes or hours, and the mapping says so (S09)."""
    key = world.words.system(label)
    world.systems[key].clock.granularity = timedelta(**{unit: 1})
    _system(world, key, granularity_ms=timedelta(**{unit: 1}) // timedelta(milliseconds=1))


def _policies(world: World, **changes: Any) -> None:
    policies = world.mapping.policies.model_copy(update=changes)
    world.remap(world.mapping.model_copy(update={"policies": policies}))


def _share(world: World, label: str, *, on: bool) -> None:
    _system(world, world.words.system(label), share=on)


def _system(world: World, key: str, **changes: Any) -> None:
    systems = world.mapping.systems | {key: world.mapping.systems[key].model_copy(update=changes)}
    world.remap(world.mapping.model_copy(update={"systems": systems}))


def _flows(world: World, source: Side, **changes: Any) -> None:
    flows = tuple(
        flow.model_copy(update=changes) if flow.source == source else flow for flow in world.mapping.flows
    )
    world.remap(world.mapping.model_copy(update={"flows": flows}))
