"""The mapping as the oracle reads it: which paths of which records show one register.

Takes the mapping as a plain dict (`Mapping.model_dump(mode="json", by_alias=True)`), as any engine does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from properties import squarespace as shop
from properties.comparison import Canonical, canonical, is_empty, key_form

Side = tuple[str, str]
"""A system's key in the mapping and one of its datatypes."""
Record = Mapping[str, Any]
Key = tuple[Side, str, bool, str]
"""A target side, the path of its merge key, whether case is folded, and what a record has there in key form."""
RegisterKey = tuple[Side, str]
"""The side and path of a register's first place; an entity's properties are named as its source's."""

OWN_FIELDS = {
    "id",
    "variantId",
    "productId",
    "created_at",
    "updated_at",
    "version",
    "createdOn",
    "modifiedOn",
}
"""What a system keeps about a record by itself."""


def dig(record: Any, path: str) -> Any:
    """The value at a dotted path, None where there is none."""
    for part in path.split("."):
        if not isinstance(record, Mapping):
            return None
        record = record.get(part)
    return record


@dataclass(frozen=True)
class Place:
    """A path of one side's records that shows a register. `view` marks a second showing of a stored value, `folded`
    a register that is a merge key without regard to case: systems that lower it render it (S16). Edits made
    elsewhere are meant to arrive here if `told`."""

    side: Side
    path: str
    type: str
    access: str = "writable"
    told: bool = True
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    items: Mapping[str, Mapping[str, str]] = field(default_factory=dict, hash=False)
    only: tuple[str, ...] = ()
    currency: str | None = None
    at_creation: str | None = None
    squarespace: bool = False
    view: bool = False
    folded: bool = False

    def read(self, record: Record) -> Canonical:
        """What `record` shows here, in the entity's words and canonical form."""
        raw = dig(record, self.path)
        if self.values:
            raw = {native: word for word, native in self.values.items()}.get(raw, raw)
        elif self.fields and isinstance(raw, Mapping):
            raw = {word: raw.get(native) for word, native in self.fields.items()}
        elif self.items and isinstance(raw, list):
            return tuple(sorted((self._item(item) for item in raw), key=repr)) or None
        value = canonical(raw, self.type)
        return value.casefold() if self.folded and isinstance(value, str) else value

    def _item(self, item: Any) -> Canonical:
        shown = ((word, canonical(dig(item, at["path"]), at["type"])) for word, at in self.items.items())
        return tuple((word, value) for word, value in shown if value is not None)

    def accepts(self, value: Canonical) -> bool:
        """Whether the API can write `value` here after creation (S13)."""
        writable = self.told and self.access == "writable" and (not self.only or value in self.only)
        return writable and not self.refuses(value)

    def refuses(self, value: Canonical) -> bool:
        """Whether the system answers such a value with an error, and with it all that is written beside it (S25)."""
        if value is None:
            return self.required
        if self.currency is not None and self.type == "money" and value[1] != self.currency:
            return True
        if not self.squarespace:
            return False
        amount = value[0] if self.type == "money" else value
        if isinstance(amount, Decimal) and abs(amount) >= shop.TOO_MUCH:
            return True
        here = self.side[1], self.path
        longest, code = shop.LONGEST.get(here), shop.CURRENCIES.get(here)
        too_long = longest is not None and len(str(value)) > longest
        return too_long or (code is not None and not code.fullmatch(str(value)))

    def final(self, value: Canonical) -> bool:
        """Whether a record that shows `value` here keeps it whatever is written."""
        last = shop.FINAL.get((self.side[1], self.path)) if self.squarespace else None
        return last is not None and self.values.get(value) == last

    @property
    def required(self) -> bool:
        """Whether no record can be without this."""
        return self.squarespace and self.path in shop.REQUIRED.get(self.side[1], ())

    @property
    def unique(self) -> bool:
        """Whether the system refuses a value that another of its records has."""
        return self.squarespace and (self.side[1], self.path) in shop.UNIQUE

    @property
    def shared(self) -> bool:
        """Whether sibling variants show this very value."""
        return self.squarespace and (self.side[1], self.path) in shop.SHARED_BY_VARIANTS


@dataclass(frozen=True)
class Property:
    """One register of an entity: its name, how its edits meet, and the places that show it."""

    key: RegisterKey
    name: str
    counter: bool
    places: tuple[Place, ...]


class Reference(NamedTuple):
    """The items of a list, at `path` of a source record, name records of side `named` by their `key`, in `word`;
    the target wants the ids of the records that are linked with those on side `wanted`."""

    path: str
    word: str
    named: Side
    key: str
    wanted: Side


@dataclass(frozen=True)
class Flow:
    """Source side to target side, and the pairs of paths whose equal values make a match (S02)."""

    source: Side
    target: Side
    criteria: tuple[tuple[str, str, bool], ...]
    creates: bool
    appears_with: str | None
    references: tuple[Reference, ...]

    def folded(self) -> Iterator[tuple[Side, str]]:
        """The places of keys that match without regard to case."""
        for here, there, fold in self.criteria:
            if fold:
                yield from ((self.source, here), (self.target, there))

    def keys(self, side: Side, record: Record) -> Iterator[Key]:
        """The keys of a record of either end, each named by the place in the target that it is compared at."""
        for here, there, fold in self.criteria:
            for end, path in ((self.source, here), (self.target, there)):
                key = key_form(dig(record, path), fold_case=fold) if end == side else None
                if key is not None:
                    yield self.target, there, fold, key


class Layout:
    """Flows, registers and tie order of a mapping. A flow that stands twice is one flow (S04)."""

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self.systems: Mapping[str, Any] = mapping["systems"]
        self.order = tuple(self.systems)
        self.propagates = mapping["policies"]["deletes"] == "propagate"
        self.flows = tuple({(f.source, f.target): f for f in map(self._flow, mapping["flows"])}.values())
        self.properties = {p.key: p for p in self._properties(mapping["flows"])}

    @cached_property
    def sides(self) -> tuple[Side, ...]:
        """Every side of every flow, sources first."""
        return tuple(dict.fromkeys([f.source for f in self.flows] + [f.target for f in self.flows]))

    @cached_property
    def sources(self) -> frozenset[Side]:
        """The sides where records are born that cross."""
        return frozenset(flow.source for flow in self.flows)

    @cached_property
    def chain(self) -> int:
        """How many flows an edit passes at most, from one side through others to the last (S17)."""

        def longest(side: Side, passed: frozenset[Side]) -> int:
            beside = {
                f.target if f.source == side else f.source for f in self.flows if side in (f.source, f.target)
            }
            return max((1 + longest(onward, passed | {onward}) for onward in beside - passed), default=0)

        return max(longest(side, frozenset({side})) for side in self.sides)

    @cached_property
    def grain(self) -> int:
        """The coarsest granularity of the mapping's systems, µs (S09)."""
        return max(int(system["granularity_ms"]) for system in self.systems.values()) * 1000

    def comes_with(self, side: Side) -> Side | None:
        """The side whose records bring those of `side` with them, under the same id."""
        brings = (flow.appears_with for flow in self.flows if flow.target == side)
        return next(((side[0], datatype) for datatype in brings if datatype is not None), None)

    def keyless(self, side: Side) -> bool:
        """Whether records are made there without an idempotency key (S24)."""
        return self.systems[side[0]]["contract"] == "squarespace" and side[1] in shop.KEYLESS

    def flow(self, source: Side, target: Side) -> Flow | None:
        """The flow between two sides."""
        return next((flow for flow in self.flows if (flow.source, flow.target) == (source, target)), None)

    def keys(self, side: Side, record: Record) -> frozenset[Key]:
        """The keys of a record. Two records that share one match: as source and target, as twins of one side, or as
        two sources that flows bring to one target (S02, S05)."""
        return frozenset(key for flow in self.flows for key in flow.keys(side, record))

    def places_on(self, side: Side) -> Iterator[tuple[Property, Place]]:
        """The places, views left out, that records of `side` have, each with its property."""
        for prop in self.properties.values():
            for place in prop.places:
                if place.side == side and not place.view:
                    yield prop, place

    def unlisted(self, side: Side, path: str) -> bool:
        """Whether no property of the mapping shows at `path` of `side` (S12)."""
        if path.partition(".")[0] in OWN_FIELDS:
            return False
        listed = {
            place.path for prop in self.properties.values() for place in prop.places if place.side == side
        }
        if self.systems[side[0]]["contract"] == "squarespace":
            listed |= shop.DERIVED.get(side[1], set())
            twin = shop.SHOWN_TWICE.get(side[1], {})
            listed |= {own for own, other in twin.items() if self._mapped(side[0], other)}
        return not any(path == known or path.startswith(f"{known}.") for known in listed)

    def shown_at(self, side: Side, path: str) -> bool:
        """Whether an answer of `path` shows the records of `side` that it names."""
        squarespace = self.systems[side[0]]["contract"] == "squarespace"
        return not squarespace or shop.SHOWN_AT.get(side[1], "") in path

    def _mapped(self, system: str, path: str) -> bool:
        return any(
            place.side[0] == system and (place.path == path or place.path.startswith(f"{path}."))
            for prop in self.properties.values()
            for place in prop.places
        )

    def _flow(self, raw: Mapping[str, Any]) -> Flow:
        source, target = _side(raw["source"]), _side(raw["target"])
        references = tuple(
            Reference(
                p["source"]["path"],
                r["item"],
                (source[0], r["datatype"]),
                r["property"],
                (target[0], r["target_datatype"]),
            )
            for p in raw["properties"]
            if (r := p["resolves"]) is not None
        )
        criteria = tuple((c["source"], c["target"], c["fold_case"]) for c in raw["criteria"])
        creates = raw["creates"] and raw["start"] != "link_required"
        return Flow(source, target, criteria, creates, raw["appears_with"], references)

    def _properties(self, flows: list[Mapping[str, Any]]) -> Iterator[Property]:
        """Places that flows connect, directly or through others, show one register."""
        groups: list[dict[tuple[Side, str], Place]] = []
        names: dict[tuple[Side, str], tuple[str, bool]] = {}
        for flow in flows:
            sides = _side(flow["source"]), _side(flow["target"])
            for raw in flow["properties"]:
                ends = self._place(sides[0], raw, "source"), self._place(sides[1], raw, "target")
                pair = {(place.side, place.path): place for place in ends}
                names |= dict.fromkeys(pair, (raw["name"], raw["merge"] == "counter"))
                near = [group for group in groups if group.keys() & pair.keys()]
                groups = [group for group in groups if group not in near]
                groups.append({key: place for group in (*near, pair) for key, place in group.items()})
        folded = {key for flow in self.flows for key in flow.folded()}
        for group in groups:
            key = next(iter(group))
            fold = bool(folded & group.keys())
            places = tuple(replace(place, folded=True) if fold else place for place in group.values())
            yield Property(key, *names[key], places)

    def _place(self, side: Side, raw: Mapping[str, Any], which: str) -> Place:
        end, system = raw[which], self.systems[side[0]]
        against = {"to_target": "source", "to_source": "target"}.get(raw["direction"])
        squarespace = system["contract"] == "squarespace"
        fields = system["datatypes"][side[1]]["fields"]
        own_access = fields.get(end["path"], {}).get("access", "writable")
        return Place(
            side=side,
            path=end["path"],
            type=raw["type"],
            access=max(end["access"], own_access, key=_STRICTNESS.index),
            told=against != which,
            values=end["values"],
            fields=end["fields"],
            items=end["items"],
            only=tuple(end["only"]),
            currency=system["currency"],
            at_creation=end["at_creation"],
            squarespace=squarespace,
            view=end["stored_as"] is not None,
        )


_STRICTNESS = ["writable", "create_only", "read_only"]


def _side(raw: Mapping[str, str]) -> Side:
    return raw["system"], raw["datatype"]


def leaves(record: Any, path: str = "") -> dict[str, Any]:
    """Every dotted path of a record with what stands there; lists are leaves, empty ones left out."""
    if isinstance(record, Mapping):
        found: dict[str, Any] = {}
        for name, part in record.items():
            found |= leaves(part, f"{path}.{name}" if path else name)
        return found
    return {} if is_empty(record) else {path: record}
