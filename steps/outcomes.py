"""Then: what people see in their systems afterwards, and what the integration asked of them. Only reads."""

from __future__ import annotations

import json
from itertools import pairwise

from pytest_bdd import then

from bothways.acceptance.evidence import Evidence
from steps import values
from steps.changes import begun, unexplained
from steps.pictures import Record
from steps.vocabulary import Field
from steps.wording import sentence
from steps.world import World


@then(sentence("{record:The} shows {name:Property} {value:Value}"))
def shows(world: World, evidence: Evidence, record: str, name: str, value: str | None) -> None:
    """The property has this value, or what the system makes of it by itself (S16)."""
    seen = world.the(record)
    field = world.words.field(seen.side, name)
    _compare(world, evidence, seen, field, value)
    _note_crossing(world, evidence, seen, field)


@then(sentence("{record:The} still shows {name:Property} {value:Value}"))
def still_shows(world: World, evidence: Evidence, record: str, name: str, value: str | None) -> None:
    """The property has kept this value."""
    seen = world.the(record)
    _compare(world, evidence, seen, world.words.field(seen.side, name), value)


@then(sentence("{record:The} shows {name:Property} exactly as {value:Value}"))
def shows_exactly(world: World, evidence: Evidence, record: str, name: str, value: str | None) -> None:
    """The property has this value to the letter: scale, blanks, marks and all (S15)."""
    seen = world.the(record)
    field = world.words.field(seen.side, name)
    shown = values.dig(world.shown(seen), field.end.path)
    evidence.same(field.native(value), shown, f"{name} of the {record}, to the letter")
    _note_crossing(world, evidence, seen, field)


@then(sentence("{record:The} shows {name:Property} in a form of its own"))
def rewritten(world: World, evidence: Evidence, record: str, name: str) -> None:
    """The system has made something else of the value that its partner shows (S16)."""
    seen = world.the(record)
    field = world.words.field(seen.side, name)
    partners = [other for other in world.links.entity(seen) if other.side.system != seen.side.system]
    theirs = [world.words.field(other.side, name).shown(world.shown(other)) for other in partners]
    shown = field.shown(world.shown(seen))
    evidence.holds(
        shown is not None and shown not in theirs, f"the {record} shows {name} in its own form", shown
    )


@then(sentence("{record:The} agrees with {other:The}"))
def agrees(world: World, evidence: Evidence, record: str, other: str) -> None:
    """Both show the same in every property that their flow keeps in sync."""
    _agree(world, evidence, world.the(record), world.the(other), record)


def _agree(world: World, evidence: Evidence, one: Record, two: Record, record: str) -> None:
    flow = world.words.flow(one.side, two.side)
    source, target = (one, two) if flow.source == one.side else (two, one)
    for pair in world.words.pairs(flow, world.shown(source), world.shown(target)):
        here = world.words.field(one.side, pair.name)
        expected, seen = (pair.source, pair.target) if one == target else (pair.target, pair.source)
        plain = [world.words.plain(one.side, here, value) for value in (expected, seen)]
        evidence.same(plain[0], plain[1], f"{pair.name} of the {record}")
        if seen is not None:
            _note_crossing(world, evidence, one, here)


@then(sentence("every {name:Name} agrees with its {other:Name}"))
def all_agree(world: World, evidence: Evidence, name: str, other: str) -> None:
    """Each shows the same as the source record that it is linked with."""
    sides = world.words.side(other), world.words.side(name)
    pairs = [pair for pair in world.links.pairs() if (pair[0].side, pair[1].side) == sides]
    evidence.holds(bool(pairs), f"there are records called {name} to compare")
    for source, target in pairs:
        _agree(world, evidence, target, source, name)


@then(sentence("{record:The} has what the mapping gives to every new one"))
def has_constants(world: World, evidence: Evidence, record: str) -> None:
    """What was made shows the constants of its flow, as far as its system shows them at all."""
    seen = world.the(record)
    made = next(source for source, target in world.links.pairs() if target == seen)
    source, shown = world.shown(made), world.shown(seen)
    constants = world.words.flow(made.side, seen.side).constants
    visible = {path: values.dig(shown, path) for path in constants if values.dig(shown, path) is not None}
    evidence.holds(bool(visible), f"the {record} shows constants", sorted(constants))
    for path, value in visible.items():
        given = constants[path]
        expected = values.dig(source, given.source) if given.source else given.value
        if given.lookup is None:
            evidence.same(values.moment(expected), values.moment(value), f"{path} of the {record}")


@then(sentence("{record:Owner} {name:Property} name their {other:Name}"))
def items_name(world: World, evidence: Evidence, record: str, name: str, other: str) -> None:
    """Each item of a list holds the id of the partner of the record that it speaks of (S06)."""
    seen, wanted = world.the(record), world.words.side(other)
    field = world.words.field(seen.side, name)
    assert field.resolves is not None, f"no item of {name} names a record"
    ids = {
        world.words.field(source.side, field.resolves.property).shown(world.shown(source)): target.id
        for source, target in world.links.pairs()
        if target.side == wanted
    }
    key, place = field.end.items[field.resolves.item].path, field.resolves.target_path
    items = values.dig(world.shown(seen), field.end.path)
    expected = [ids.get(values.dig(item, key)) for item in items]
    evidence.same(expected, [values.dig(item, place) for item in items], f"{other} that the {name} name")


@then(sentence("there is one {name:Name}"))
def there_is_one(world: World, evidence: Evidence, name: str) -> None:
    """One record of this kind in its whole system."""
    there_are(world, evidence, 1, name)


@then(sentence("there is no {name:Name}"))
def there_is_none(world: World, evidence: Evidence, name: str) -> None:
    """No record of this kind in its whole system."""
    there_are(world, evidence, 0, name)


@then(sentence("there are {number:Number} {name:Name} records"))
def there_are(world: World, evidence: Evidence, number: int, name: str) -> None:
    """So many records of this kind in their whole system."""
    side = world.words.side(name)
    evidence.same(number, len(world.systems[side.system].ids(side.datatype)), f"records called {name}")


@then(sentence("no {name:Name} has been created"))
def none_created(world: World, evidence: Evidence, name: str) -> None:
    """Every record of this kind was there before, or was made by a person."""
    side = world.words.side(name)
    known = {record.id for record in [*begun(world), *world.records]}
    created = [id_ for id_ in world.systems[side.system].ids(side.datatype) if id_ not in known]
    evidence.same([], created, f"{name}: records that nobody made")


@then(sentence("{record:The} was created before {other:The}"))
def before(world: World, evidence: Evidence, record: str, other: str) -> None:
    """By the request logs: what others wait for goes first (S06)."""
    one, two = (_first_told_of(world, world.the(name)) for name in (record, other))
    evidence.holds(one < two, f"the {record} was created before the {other}", [one, two])


@then(sentence("{record:The} is still there"))
def still_there(world: World, evidence: Evidence, record: str) -> None:
    """Nobody has deleted it (S19)."""
    seen = world.the(record)
    shown = world.systems[seen.side.system].show(seen.side.datatype, seen.id)
    evidence.holds(shown is not None, f"the {record} is still there")


@then(sentence("the last cycle has read no {name:Name}"))
def unread(world: World, name: str, evidence: Evidence) -> None:
    """What its system showed in that cycle names none of them (S27)."""
    side = world.words.side(name)
    shown = json.dumps([exchange.response for exchange in world.cycles[-1] if exchange.system == side.system])
    read = [id for id in world.systems[side.system].ids(side.datatype) if id in shown]
    evidence.same([], read, f"{name} records that the last cycle has read")


@then("neither system has been written to")
def nothing_written(world: World, evidence: Evidence) -> None:
    """No cycle has sent a request that writes (S17)."""
    evidence.same([], _writes(world), "requests that write")


@then(sentence("the {label:Property} has not been written to"))
def not_written(world: World, evidence: Evidence, label: str) -> None:
    """No cycle has sent this system a request that writes."""
    evidence.same([], _writes(world, label), f"requests that write to the {label}")


@then(sentence("the {label:Property} has been written to {times:Times}"))
def written(world: World, evidence: Evidence, label: str, times: int) -> None:
    """All cycles together have sent this system so many requests that write (S04, S16)."""
    requests = _writes(world, label)
    evidence.note(f"requests that write to the {label}", requests)
    evidence.same(times, len(requests), f"requests that write to the {label}")


@then(sentence("the {label:Property} has been written to at growing intervals"))
def growing(world: World, evidence: Evidence, label: str) -> None:
    """What is refused is tried again and again, but ever less often (S25)."""
    name = world.systems[world.words.system(label)].name
    times = [each.at for cycle in world.cycles for each in cycle if each.writes and each.system == name]
    pauses = [(after - before).total_seconds() for before, after in pairwise(times)]
    evidence.holds(len(pauses) >= 3, f"the {label} has been written to again and again", pauses)
    evidence.holds(
        all(one <= two for one, two in pairwise(pauses)), "no pause is shorter than the last", pauses
    )
    evidence.holds(pauses[-1] > pauses[0], "the pauses have grown", pauses)


@then(sentence("the {label:Property} has been left alone for {number:Number} seconds after it asked for it"))
def left_alone(world: World, evidence: Evidence, label: str, number: int) -> None:
    """Between the refused request and the next one to that system, at least so much time has passed (S23)."""
    name = world.systems[world.words.system(label)].name
    sent = [exchange for cycle in world.cycles for exchange in cycle if exchange.system == name]
    pauses = [
        (after.at - refused.at).total_seconds()
        for refused, after in pairwise(sent)
        if refused.fault == "throttle"
    ]
    evidence.holds(
        bool(pauses) and min(pauses) >= number, f"the {label} was left alone for {number} s", pauses
    )


@then("nothing else has changed")
def nothing_else(world: World, evidence: Evidence) -> None:
    """Whatever people didn't edit, and no edit explains, is in both systems as it was before the `When` (S12, S19)."""
    evidence.same({}, unexplained(world), "changes that no edit explains")


def _compare(world: World, evidence: Evidence, seen: Record, field: Field, words: str | None) -> None:
    expected = values.compared(field.type, field.end, field.native(words))
    plain = [
        world.words.plain(seen.side, field, value) for value in (expected, field.shown(world.shown(seen)))
    ]
    evidence.same(plain[0], plain[1], f"{field.name} of the {world.words.words(seen.side)}")


def _note_crossing(world: World, evidence: Evidence, seen: Record, field: Field) -> None:
    """The value came from the other system if it was edited there last; of a counter, each edit counts."""
    entity = world.links.entity(seen)
    edits = [edit for edit in world.edits if edit.record in entity and edit.key in (None, field.key)]
    deciding = edits if field.counter else edits[-1:]
    if any(edit.record.side.system != seen.side.system for edit in deciding):
        evidence.crossed(field.name, "to_source" if world.words.is_source(seen.side) else "to_target")


def _first_told_of(world: World, record: Record) -> int:
    """The number of the request that made a record. Raises AssertionError if no cycle has made it."""
    writes = (exchange for cycle in world.cycles for exchange in cycle if exchange.writes)
    made = (exchange.number for exchange in writes if record.id in json.dumps(exchange.response))
    number = next(made, None)
    assert number is not None, f"no cycle has made the {world.words.words(record.side)}"
    return number


def _writes(world: World, label: str | None = None) -> list[str]:
    name = None if label is None else world.systems[world.words.system(label)].name
    sent = [exchange for cycle in world.cycles for exchange in cycle if exchange.writes]
    return [f"{e.system}: {e.method} {e.path}" for e in sent if name in (None, e.system)]
