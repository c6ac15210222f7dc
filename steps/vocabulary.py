"""The features' names for systems, records and properties, from the mapping alone."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bothways.mapping import End, Flow, Mapping, Merge, Property, Resolves, Side, Type
from steps import renderings, transforms, values


@dataclass(frozen=True)
class Field:
    """A property as one datatype shows it.

    `key` is the entity's name for it: the path in its source records. `members` are the words of an object's fields,
    `choices` those that a value must be one of, if any. `usual` is what a person fills in where not any value will do.
    """

    name: str
    key: str
    type: Type
    end: End
    counter: bool = False
    members: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    resolves: Resolves | None = None
    usual: str = ""

    def native(self, words: str | None) -> values.Native:
        """What `words` mean in this field; None stays None."""
        return None if words is None else values.native(self.type, self.end, words)

    def shown(self, record: dict[str, Any]) -> values.Compared:
        """The value that a record shows in this field, as it is compared."""
        return values.compared(self.type, self.end, values.dig(record, self.end.path))


@dataclass(frozen=True)
class Pair:
    """What the two records of a link show of a property, as it is compared."""

    name: str
    source: values.Compared
    target: values.Compared


class Vocabulary:
    """Looks up what the features name. Raises `LookupError`, saying what is known, for a name that nothing has."""

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self._sides = {
            self.words(side): side
            for key, system in mapping.systems.items()
            for side in (Side(system=key, datatype=datatype) for datatype in system.datatypes)
        }
        self._systems = {system.label: key for key, system in mapping.systems.items()}
        self.remap(mapping)

    def remap(self, mapping: Mapping) -> None:
        """Go by other flows and policies between the same systems."""
        self.mapping = mapping
        self._flows = _distinct(mapping.flows)

    def words(self, side: Side) -> str:
        """`Custom Webshop Product`; only `Inventory` where the checklist leaves the system unnamed."""
        return f"{self.mapping.systems[side.system].name} {side.datatype}".strip()

    def side(self, words: str) -> Side:
        """The datatype that a record's name in a feature means."""
        found: Side = _look_up(self._sides, words, "record")
        return found

    def system(self, label: str) -> str:
        """The key of the system that features call `label`."""
        found: str = _look_up(self._systems, label, "system")
        return found

    def sides(self) -> list[Side]:
        """Every datatype of both systems."""
        return list(self._sides.values())

    def flows(self, *, source: Side | None = None, target: Side | None = None) -> list[Flow]:
        """The flows with these sides, in the checklist's order; one that is listed twice is here once, with the
        properties of both."""
        return [
            flow for flow in self._flows if source in (None, flow.source) and target in (None, flow.target)
        ]

    def flow(self, one: Side, other: Side) -> Flow:
        """The flow between two datatypes, whichever of them is its source."""
        found = self.flows(source=one, target=other) or self.flows(source=other, target=one)
        if not found:
            raise LookupError(f"no flow between {self.words(one)} and {self.words(other)}")
        return found[0]

    def is_source(self, side: Side) -> bool:
        """Whether flows start at this datatype."""
        return bool(self.flows(source=side))

    def sources(self, side: Side) -> list[Side]:
        """The source datatypes of the flows that lead to a datatype, directly or through others; first itself, if flows
        start at it."""
        above = [side]
        for one in above:  # grows while it is walked
            above += [flow.source for flow in self.flows(target=one) if flow.source not in above]
        return above if self.is_source(side) else above[1:]

    def made_with(self, side: Side) -> Side:
        """The datatype whose creation brings records of `side` into being, under the same id; most often itself."""
        makers = [flow.appears_with for flow in self.flows(target=side) if flow.appears_with is not None]
        return side.model_copy(update={"datatype": makers[0]}) if makers else side

    def connected(self, side: Side, known: Container[str] = ()) -> list[tuple[str, Side]]:
        """Where records of this datatype hold the id of one that must have crossed first, one for each flow (S06):
        at the first path that isn't `known`."""
        open_paths = [
            [(path, datatype) for path, datatype in flow.connected.items() if path not in known]
            for flow in self.flows(source=side)
        ]
        return [
            (path, side.model_copy(update={"datatype": datatype}))
            for paths in open_paths
            for path, datatype in paths[:1]
        ]

    def fields(self, side: Side) -> dict[str, Field]:
        """The mapped properties of a datatype by their names in the features."""
        found: dict[str, Field] = {}
        for flow in self.flows(source=side):
            for prop in flow.properties:
                found.setdefault(prop.name, _field(prop, prop.source))
        for flow in self.flows(target=side):
            for prop in flow.properties:
                found.setdefault(prop.name, _field(prop, prop.target))
        return found

    def field(self, side: Side, name: str) -> Field:
        """The property called `name`; else the native field of that name, which no flow lists."""
        fields = self.fields(side)
        native = self.mapping.systems[side.system].datatypes[side.datatype].fields
        if name not in fields and name in native:
            return Field(name, name, native[name].type, End(path=name))
        found: Field = _look_up(fields, name, f"property of {self.words(side)}")
        return found

    def places(self, source: Side, key: str) -> Iterator[tuple[Side, str]]:
        """Every (datatype, path) where the property `key` of an entity with these source records shows, by the flows
        that start there and those that start where they end."""
        reached = [(source, key)]
        for here, path in reached:  # grows while it is walked
            yield here, path
            for flow in self.flows(source=here):
                for prop in (one for one in flow.properties if one.source.path == path):
                    if (flow.target, prop.target.path) not in reached:
                        reached.append((flow.target, prop.target.path))
                    if flow.appears_with is not None and prop.target.at_creation is not None:
                        yield self.made_with(flow.target), prop.target.at_creation

    def path_at(self, side: Side, field: Field) -> str | None:
        """Where a datatype shows the value of a field; None where it doesn't."""
        for source in self.sources(side):
            for place, path in self.places(source, field.key):
                if place == side:
                    return path
        return None

    def keys_at(self, side: Side, path: str, source: Side) -> list[str]:
        """What records of `source` call what stands at, around or under a native path of `side`; none if no flow lists
        it, several where several source properties feed one target property, in the order of their rows."""
        rows = [(flow.target, prop) for flow in self.flows(source=source) for prop in flow.properties]
        feeding = [p.source.path for target, p in rows if target == side and within(path, p.target.path)]
        return [
            key
            for key in dict.fromkeys([*feeding, *(prop.source.path for _, prop in rows)])
            if any(place == side and within(path, shown) for place, shown in self.places(source, key))
        ]

    def pairs(self, flow: Flow, source: dict[str, Any], target: dict[str, Any]) -> Iterator[Pair]:
        """What a linked source and target record show of each property of their flow.

        Of source properties that feed one target property, the first that is not empty shows there; of one that is
        transformed, what its transformation makes of it.
        """
        here, there = self.fields(flow.source), self.fields(flow.target)
        fed: dict[str, list[Property]] = {}
        for prop in flow.properties:
            fed.setdefault(prop.target.path, []).append(prop)
        for props in fed.values():
            prop = next((one for one in props if here[one.name].shown(source) is not None), props[0])
            field, shown = here[prop.name], there[prop.name]
            value = field.shown(source)
            if prop.transform is not None:
                made = transforms.made(prop.transform, field.type, values.dig(source, field.end.path))
                value = values.compared(shown.type, shown.end, made)
            yield Pair(field.name, value, shown.shown(target))

    def changes_with(self, side: Side, path: str) -> Iterator[tuple[Side, str]]:
        """A place, and those that its system changes by itself along with it."""
        yield side, path
        contract = self.mapping.systems[side.system].contract
        for datatype, follower in renderings.followers(contract, side.datatype, path):
            yield side.model_copy(update={"datatype": datatype}), follower

    def plain(self, side: Side, field: Field, value: values.Compared) -> values.Compared:
        """A value without what any system of its entity makes of it by itself (S16)."""
        for source in self.sources(side):
            for place, path in self.places(source, field.key):
                value = renderings.plain(self.mapping.systems[place.system].contract, path, value)
        return value


def _distinct(flows: Sequence[Flow]) -> list[Flow]:
    distinct: dict[tuple[Side, Side], Flow] = {}
    for flow in sorted(flows, key=lambda flow: flow.section):
        first = distinct.setdefault((flow.source, flow.target), flow)
        known = [(prop.source.path, prop.target.path) for prop in first.properties]
        more = [prop for prop in flow.properties if (prop.source.path, prop.target.path) not in known]
        criteria = [one for one in flow.criteria if one not in first.criteria]
        both = {"properties": (*first.properties, *more), "criteria": (*first.criteria, *criteria)}
        distinct[flow.source, flow.target] = first.model_copy(
            update={**both, "connected": {**flow.connected, **first.connected}}
        )
    return list(distinct.values())


def within(path: str, other: str) -> bool:
    """Whether one dotted path is the other, or leads to it."""
    return f"{path}.".startswith(f"{other}.") or f"{other}.".startswith(f"{path}.")


def _field(prop: Property, end: End) -> Field:
    is_made = prop.transform is not None and end is prop.target
    return Field(
        name=prop.name,
        key=prop.source.path,
        type=prop.transform.type if prop.transform and is_made else prop.type,
        end=end,
        counter=prop.merge is Merge.COUNTER,
        members=tuple(prop.target.fields or prop.source.fields) if prop.type is Type.OBJECT else (),
        choices=tuple(prop.target.values or prop.source.values),
        resolves=prop.resolves,
        usual=transforms.usual(prop.transform, prop.name, made=is_made) if prop.transform else "",
    )


def _look_up(known: dict[str, Any], name: str, kind: str) -> Any:
    if name not in known:
        raise LookupError(f"no {kind} is called {name!r}; known: {', '.join(sorted(known))}")
    return known[name]
