"""The features of a draft, in the words and tags of the Custom Webshop's: one for each section."""

from __future__ import annotations

from collections.abc import Sequence

from bothways.checklist.model import Criterion, Side, Statement
from bothways.checklist.scaffold.consequences import Consequences
from bothways.checklist.scaffold.draft import Draft, Flow, Row
from bothways.checklist.scaffold.examples import examples, plain_examples
from bothways.checklist.scaffold.naming import said, slug
from bothways.checklist.scaffold.sentences import Lines, a, rule_title, steps, then, upper, whose, whose_empty

LONGEST_NAME = 120
"""What any file system bears, with the ending."""


def file_name(flow: Flow) -> str:
    """`3_contact_to_customer.feature`."""
    section = flow.section
    words = (
        slug(section.source.datatype),
        "to" * bool(section.target.datatype),
        slug(section.target.datatype),
    )
    return "_".join([str(section.number), *filter(None, words)])[:LONGEST_NAME] + ".feature"


def feature_text(draft: Draft, flow: Flow, consequences: Consequences) -> str:
    """The feature of one section."""
    return "\n".join(_Feature(draft, flow, consequences).lines()).rstrip() + "\n"


class _Feature:
    def __init__(self, draft: Draft, flow: Flow, consequences: Consequences) -> None:
        self.draft, self.flow, self.section, self.consequences = draft, flow, flow.section, consequences
        self.x, self.y = draft.words(flow.source), draft.words(flow.target)
        self.source_label = said(draft.systems[flow.source.system].label)
        self.target_label = said(draft.systems[flow.target.system].label)

    def lines(self) -> Lines:
        yield f"Feature: {' '.join(self.section.heading.split())}"
        for statement in self.section.statements:
            yield from ("", f"  @{statement.id}", f"  Rule: {rule_title(statement.text)}")
            shown = [] if self.flow.missing else list(self.shown(statement))
            yield from shown
            yield from self.to_fill_in(statement, is_shown=bool(shown))

    def shown(self, statement: Statement) -> Lines:
        """The scenarios of a statement, none where only a person can write them."""
        if statement.id in self.flow.unshown:
            return
        match statement.kind:
            case "every":
                yield from self.every()
            case "link_required":
                yield from self.link_required()
            case "created_if_connected":
                yield from self.created_if_connected()
            case "merge_if_match":
                yield from self.merges(
                    "A matching {y} is taken, and no second one made", self.flow.criteria[:1]
                )
            case "create_if_no_match":
                yield from self.create_if_no_match()
            case "merge_criteria":
                title = "Linked by {here} in the {source} and {there} in the {target}"
                yield from self.merges(title, self.flow.criteria)
            case "stays_in_sync":
                yield from self.stays_in_sync()
            case "properties":
                yield from self.properties()

    def to_fill_in(self, statement: Statement, *, is_shown: bool) -> Lines:
        """A scenario without steps, which is UNPROVEN, for each thing that a person has to fill in."""
        gaps: dict[str, list[str]] = {}
        if not is_shown and not (statement.kind == "properties" and self.section.properties):
            general = self.flow.missing or self.flow.unshown.get(statement.id) or _EMPTY[statement.kind]
            gaps[general] = [statement.id]
        if statement.kind == "merge_criteria" and is_shown:
            used = {(criterion.source, criterion.target) for criterion in self.flow.criteria}
            for criterion in self.section.criteria:
                if (criterion.source, criterion.target) not in used:
                    gaps.setdefault(f"how {criterion.source} and {criterion.target} can be compared", [])
        for hidden in self.unlinked_rows() if statement.kind == "properties" else ():
            gap = f"how two records get linked while {' and '.join(hidden.rivals)} is empty"
            gaps.setdefault(gap, []).extend(hidden.ids)
        for row in self.section.properties if statement.kind == "properties" else ():
            if self.flow.missing or row.id in self.flow.unshown:
                gaps.setdefault(self.flow.missing or self.flow.unshown[row.id], []).append(row.id)
        for number, (gap, ids) in enumerate(gaps.items(), 1):
            yield ""
            if tags := " ".join(f"@{id}" for id in ids if id != statement.id):
                yield f"    {tags}"
            yield f"    Scenario: FILL IN {statement.id}{f' ({number})' * (len(gaps) > 1)}: {' '.join(gap.split())}"

    # the statements

    def every(self) -> Lines:
        if self.flow.creates and (came := self.came_over()):
            yield from self.scenario("S01", f"A new {self.x} gets {a(self.y)}")
            yield from steps(f"When someone creates {a(self.x)}", "And the systems are synchronised", *came)
        if self.flow.creates and came and not self.consequences.starts(self.flow.target):
            yield from self.scenario("S01", f"{upper(a(self.y))} alone creates no {self.x}")
            yield from steps(
                f"When someone creates {a(self.y)}",
                "And the systems are synchronised",
                f"Then no {self.x} has been created",
                "And neither system has been written to",
            )

    def link_required(self) -> Lines:
        """Nothing is created while there is no link: not at all, or not until a connected record is there."""
        if self.flow.creates and not self.flow.connected:
            return
        following = self.consequences.of_new(self.flow.source, alone=self.flow)
        checks = [
            *([f"there is no {self.y}"] if all(one.target != self.flow.target for one in following) else []),
            *([f"the {self.target_label} has not been written to"] if not following else []),
        ]
        if not checks:
            return
        yield from self.scenario("S06", f"Without a link, {a(self.x)} gets no {self.y}")
        yield from steps(
            f"When someone creates {a(self.x)}{whose_empty(self.flow.connected)}",
            "And the systems are synchronised",
            *then(checks),
        )

    def created_if_connected(self) -> Lines:
        if not (came := self.came_over()):
            return
        for number, datatype in enumerate(self.flow.connected.values()):
            others = list(self.flow.connected)[:number]
            if Side(self.flow.source.system, datatype) not in self.crossing():
                continue
            yield from self.scenario("S06", f"{upper(a(self.x))} crosses once its {datatype} has crossed")
            yield from steps(
                f"When someone creates {a(self.x)}{whose_empty(others)}",
                "And the systems are synchronised",
                *came,
            )

    def crossing(self) -> set[Side]:
        """The sides whose new records cross."""
        return {flow.source for flow in self.draft.flows if flow.creates}

    def create_if_no_match(self) -> Lines:
        if not self.flow.criteria or not self.flow.creates:
            return
        if not self.consequences.single(self.flow) or self.consequences.starts(self.flow.target):
            return
        plain = (row.type for row in self.flow.rows if not row.transform)
        differs = not {"string", "list"}.isdisjoint(plain)  # new records' other values are alike
        is_told = differs and self.consequences.told(self.flow.source)
        criterion = self.flow.criteria[0]
        here, there = self.keys(criterion)
        one, two = self.key_values(criterion)
        yield from self.scenario("S02", f"Where no {self.y} matches, a new one is created")
        yield from steps(
            f"Given {a(self.y)} whose {there} is {two}",
            f"When someone creates {a(self.x)} whose {here} is {one}{self.without_others(criterion)}",
            "And the systems are synchronised",
            f"Then there are 2 {self.y} records",
            *(["And nothing else has changed"] if is_told else []),
        )

    def merges(self, title: str, criteria: Sequence[Criterion]) -> Lines:
        told = self.consequences.told(self.flow.source, self.flow.target)
        checks = [
            *([f"there is one {self.y}"] if self.consequences.single(self.flow, self.flow.target) else []),
            *([f"the {self.y} agrees with the {self.x}"] if self.flow.rows else []),
            *(["nothing else has changed"] if told else []),
        ]
        if not checks or checks == ["nothing else has changed"]:
            return
        for criterion in criteria:
            named = title.format(
                y=self.y,
                here=criterion.source,
                there=criterion.target,
                source=self.source_label,
                target=self.target_label,
            )
            yield from self.scenario("S02", named)
            yield from steps(*self.apart(criterion), "When the systems are synchronised", *then(checks))

    def apart(self, criterion: Criterion, details: str = "") -> list[str]:
        """Two records that a criterion, and no other, says are the same thing."""
        here, there = self.keys(criterion)
        value, _ = self.key_values(criterion)
        return [
            f"Given {a(self.y)} whose {there} is {value}",
            f"And {a(self.x)} whose {here} is {value}{self.without_others(criterion)}{details}",
        ]

    def stays_in_sync(self) -> Lines:
        free = [row for row in self.flow.rows if not (row.rivals or row.one_way or self.is_shared(row))]
        if not free:
            return
        row = min(free, key=lambda row: (row.transform != "", row.type == "boolean"))  # two values are few
        one, two = examples(row)
        name = said(row.name)
        yield from self.scenario("S07 @S08", f"The later edit of {row.name} wins, wherever it is made")
        yield from steps(
            *self.linked(row),
            f"When someone changes the {self.x}'s {name} to {one.source}",
            f"And a moment later someone changes the {self.y}'s {name} to {two.target}",
            "And the systems are synchronised",
            f"Then the {self.x} shows {name} {two.back}",
            f"And the {self.y} still shows {name} {two.target}",
            *self.no_more(),
        )
        yield from self.scenario("S17", "When nobody has edited anything, nothing is written")
        yield from steps(
            *self.linked(row),
            "When the systems are synchronised",
            "Then neither system has been written to",
            *self.no_more(),
        )

    def is_shared(self, row: Row) -> bool:
        """Whether several source properties feed the row's target."""
        return any(row.name in other.rivals for other in self.flow.rows)

    def properties(self) -> Lines:
        """Edits of each row, there and back: in an outline, but for rows that need others empty or are transformed."""
        here, there = self.source_label, self.target_label
        if here == there:
            here, there = self.x, self.y
        rows = [row for row in self.flow.rows if row not in self.unlinked_rows()]
        alone = [row for row in rows if row.rivals or row.transform]
        free = [row for row in rows if row not in alone]
        for edited, shown, ends in (
            (self.x, self.y, f"in the {here} reaches the {there}"),
            (self.y, self.x, f"in the {there} reaches the {here}"),
        ):
            if free:
                yield from self.scenario("S07", f"An edit of <property> {ends}", "Scenario Outline")
                yield from self.crossing_edit(edited, shown, self.linked(free[0]), "<property>", '"<value>"')
                for row in free:
                    yield from self.outline_rows(row)
        for row in alone:
            yield from self.edit_alone(row, here, there)

    def edit_alone(self, row: Row, here: str, there: str) -> Lines:
        """An edit of one row on each side, or of one that has no way back."""
        tags, name, linked = " ".join(f"@{id}" for id in row.ids), said(row.name), self.linked(row)
        one, two = examples(row)
        form = " in the form of its data type" if row.transform else ""
        while_ = " while nothing before it is filled" if row.rivals else ""
        yield from self.scenario(
            f"S07 {tags}", f"An edit of {row.name} in the {here} reaches the {there}{form}{while_}"
        )
        yield from self.crossing_edit(self.x, self.y, linked, name, one.source, one.target)
        if not row.one_way:
            yield from self.scenario(
                f"S07 {tags}", f"An edit of {row.name} in the {there} reaches the {here}{while_}"
            )
            yield from self.crossing_edit(self.y, self.x, linked, name, one.target, one.back)
            return
        reason = " ".join(row.one_way.split())
        yield from self.scenario(f"S15 {tags}", f"An edit of {row.name} in the {there} stays there: {reason}")
        yield from steps(
            *self.linked(row, one.source),
            f"When someone changes the {self.y}'s {name} to {two.target}",
            "And the systems are synchronised",
            f"Then the {self.x} still shows {name} {one.source}",
            f"And the {self.y} still shows {name} {two.target}",
            *self.no_more(),
        )

    def crossing_edit(
        self, edited: str, shown: str, linked: list[str], name: str, value: str, arrived: str = ""
    ) -> Lines:
        return steps(
            *linked,
            f"When someone changes the {edited}'s {name} to {value}",
            "And the systems are synchronised",
            f"Then the {shown} shows {name} {arrived or value}",
            f"And the {edited} still shows {name} {value}",
            *self.no_more(),
        )

    def outline_rows(self, row: Row) -> Lines:
        name, value = said(row.name), examples(row)[0].source.strip('"')
        yield from ("", f"      {' '.join(f'@{id}' for id in row.ids)}", f"      Examples: {row.name}")
        width, wide = max(len(name), 8), max(len(value), 5)
        yield f"        | {'property':{width}} | {'value':{wide}} |"
        yield f"        | {name:{width}} | {value:{wide}} |"

    # parts of scenarios

    def scenario(self, rules: str, title: str, keyword: str = "Scenario") -> Lines:
        yield from ("", f"    @{rules}", f"    {keyword}: {title}")

    def linked(self, row: Row, value: str = "") -> list[str]:
        """Two linked records, in which nothing else feeds the row's target property; with a value of its own, if one
        is given."""
        clauses = [
            *(f"{said(rival)} is empty" for rival in row.rivals),
            *([f"{said(row.name)} is {value}"] if value else []),
        ]
        if self.flow.creates:
            return [f"Given {a(self.x)} linked with {a(self.y)}{whose(clauses)}"]
        more = "".join(f" and {clause}" for clause in clauses)
        return [*self.apart(self.keys_beside(row)[0], more), "And the systems are synchronised"]

    def keys_beside(self, row: Row) -> list[Criterion]:
        """The criteria by which two records may be linked while nothing else feeds the row's target property."""
        return [one for one in self.flow.criteria if self.keys(one)[0] not in map(said, row.rivals)]

    def unlinked_rows(self) -> list[Row]:
        """Rows that only show in records that can't be linked then."""
        merged = not (self.flow.creates or self.flow.missing)
        return [row for row in self.flow.rows if merged and row.rivals and not self.keys_beside(row)]

    def came_over(self) -> list[str]:
        """How it shows that a new source record has got its partner; nothing where it doesn't show."""
        checks = [
            *([f"there is one {self.y}"] if self.consequences.single(self.flow) else []),
            *([f"the {self.y} agrees with the {self.x}"] if self.flow.rows else []),
        ]
        if checks and self.consequences.told(self.flow.source):
            checks.append("nothing else has changed")
        return then(checks)

    def no_more(self) -> list[str]:
        made = [self.flow.source] if self.flow.creates else [self.flow.source, self.flow.target]
        return ["And nothing else has changed"] if self.consequences.told(*made) else []

    def without_others(self, criterion: Criterion) -> str:
        here, _ = self.keys(criterion)
        others = dict.fromkeys(self.keys(other)[0] for other in self.flow.criteria)
        return "".join(f" and {other} is empty" for other in others if other != here)

    def keys(self, criterion: Criterion) -> tuple[str, str]:
        """What features call the properties of a criterion: by their rows' names, else by their fields."""
        source, target = self.flow.source, self.flow.target
        here = (row.name for row in self.flow.rows if row.source == criterion.source)
        there = (row.name for row in self.flow.rows if row.target == criterion.target)
        fields = self.draft.fields
        return (
            said(next(here, fields.native(source, criterion.source))),
            said(next(there, fields.native(target, criterion.target))),
        )

    def key_values(self, criterion: Criterion) -> tuple[str, str]:
        """Two values that both ends of a criterion can hold."""
        types = self.draft.soundness.types
        ends = (types[self.flow.source, criterion.source], types[self.flow.target, criterion.target])
        kind = next((kind for kind in ends if kind != "string"), "string")
        one, two = plain_examples(kind, criterion.source)
        return one, '"true"' if kind == "boolean" else two


_EMPTY = {
    "every": "how it shows that a record has crossed: the section lists no property",
    "when": "the condition, which the checklist says in prose",
    "note": "what this note stands for",
    "link_required": "how a link comes about, and what is there before it does",
    "created_if_connected": "how it shows that a record has crossed: the section lists no property",
    "merge_if_match": "the merge criteria",
    "create_if_no_match": "the merge criteria by which none matches",
    "merge_criteria": "merge criteria that both systems can hold",
    "stays_in_sync": "the properties that stay in sync",
    "properties": "the properties",
}
"""By kind of statement, what a person has to fill in where the document gives nothing to show it by."""
