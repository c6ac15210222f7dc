"""Then: what the integration says of itself. Asked only of one that has an account to give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_bdd import then

from bothways.acceptance.evidence import Evidence
from steps.pictures import Record
from steps.wording import sentence
from steps.world import World


@then(sentence("the edit of {name:Property} is reported as one that can't cross"))
def uncrossed(world: World, evidence: Evidence, name: str) -> None:
    """The last edit of the property is on the list of what another record of its entity can't take (S13)."""
    entity = world.links.entity(_last_edited(world, name))
    _listed(world, evidence, "uncrossed", entity, f"the edit of {name} is listed", property=name)


@then("no edit is reported as one that can't cross")
def none_uncrossed(world: World, evidence: Evidence) -> None:
    """That list is empty: each such edit has been replaced by a later one (S13)."""
    _empty(world, evidence, "uncrossed")


@then(sentence("{record:The} is reported as failing"))
def failing(world: World, evidence: Evidence, record: str) -> None:
    """The record, or one that it is to be kept alike with, is on the list of those that wait, with a reason (S25)."""
    entity = world.links.entity(world.the(record))
    _listed(world, evidence, "failing", entity, f"the {record} is listed as failing")


@then("nothing is reported as failing")
def none_failing(world: World, evidence: Evidence) -> None:
    """That list is empty (S25)."""
    _empty(world, evidence, "failing")


@then(sentence("{record:The} is reported as orphaned"))
def orphaned(world: World, evidence: Evidence, record: str) -> None:
    """The record is on the list of those whose partner is gone (S19)."""
    _listed(world, evidence, "orphans", {world.the(record)}, f"the {record} is listed as orphaned")


@then("a collision is reported")
def collision(world: World, evidence: Evidence) -> None:
    """Records that would be the same thing by a criterion, but are linked elsewhere, are on a list (S05)."""
    entries = _entries(world, evidence, "collisions")
    if entries is not None:
        evidence.holds(bool(entries), "a collision is listed", entries)


@then("the last cycle reports one update")
def one_update(world: World, evidence: Evidence) -> None:
    """All that one cycle writes to one target record is one update; requests are counted apart (S18)."""
    status = world.subject.status()
    if status is None:
        evidence.not_asked("the count of updates")
        evidence.not_asked("S18")
        return
    last = _part(status, "last_cycle")
    evidence.same(1, _part(last, "updates"), "updates reported")
    evidence.same(len(world.cycles[-1]), _part(last, "requests"), "requests reported, by the request logs")


@then(sentence("the last cycle reports {number:Number} records held back by the bulk-change limit"))
def held(world: World, evidence: Evidence, number: int) -> None:
    """The cycle says how many records it would have written to (S21)."""
    status = world.subject.status()
    if status is None:
        evidence.not_asked("what the bulk-change limit holds back")
        return
    evidence.same(number, _part(_part(status, "last_cycle"), "held"), "records held back")


@then(
    sentence(
        "the integration explains that {record:Owner} {name:Property} was edited in the {label:Property}"
    )
)
def explained(world: World, evidence: Evidence, record: str, name: str, label: str) -> None:
    """The state says which edit the value came from, where and when it was made, and what it beat (S30)."""
    seen = world.the(record)
    account = world.subject.explain(seen.side.system, seen.side.datatype, seen.id, name)
    if account is None:
        evidence.not_asked("where a value comes from")
        evidence.not_asked("S30")
        return
    edit = _part(_part(account, "properties"), name)
    evidence.same(world.words.field(seen.side, name).shown(world.shown(seen)), edit["value"], "the value")
    evidence.holds(edit["where"].startswith(world.words.system(label)), "where it was edited", edit["where"])
    evidence.same(world.edits[-1].at.isoformat(), edit["edited_at"], "when it was edited")
    evidence.holds(bool(edit["beat"]), "what it beat", edit["beat"])


@then("neither the integration's state nor its account holds a secret")
def no_secret(world: World, evidence: Evidence, tmp_path: Path) -> None:
    """No token is in any file of the state's folder, nor in the integration's own account (S31)."""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    evidence.holds(bool(files), "the state is kept in files", [path.name for path in files])
    kept = b"".join(path.read_bytes() for path in files) + repr(world.subject.status()).encode()
    told = [key for key, system in world.systems.items() if system.token.encode() in kept]
    evidence.same([], told, "systems whose token is told")


def _entries(world: World, evidence: Evidence, name: str) -> list[dict[str, Any]] | None:
    status = world.subject.status()
    if status is None:
        evidence.not_asked(f"the list '{name}' in the integration's own account")
        return None
    entries: list[dict[str, Any]] = _part(status, name)
    return entries


def _part(account: dict[str, Any], name: str) -> Any:
    assert name in account, f"the integration's own account says nothing of '{name}'"
    return account[name]


def _listed(
    world: World, evidence: Evidence, name: str, records: set[Record], what: str, **details: str
) -> None:
    """One entry of a list names one of the records, with the details."""
    entries = _entries(world, evidence, name)
    if entries is None:
        return
    named = [
        {"system": one.side.system, "datatype": one.side.datatype, "id": one.id} | details for one in records
    ]
    found = [entry for entry in entries if any(wanted.items() <= entry.items() for wanted in named)]
    evidence.holds(len(found) == 1, f"{what} once", entries)


def _empty(world: World, evidence: Evidence, name: str) -> None:
    entries = _entries(world, evidence, name)
    if entries is not None:
        evidence.same([], entries, f"the list '{name}' in the integration's own account")


def _last_edited(world: World, name: str) -> Record:
    for edit in reversed(world.edits):
        field = world.words.fields(edit.record.side).get(name)
        if field is not None and edit.key == field.key:
            return edit.record
    raise LookupError(f"nobody has edited a {name}")
