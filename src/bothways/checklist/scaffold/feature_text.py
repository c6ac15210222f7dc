"""The features of a draft, in the words and tags of the Custom Webshop's: one for each section."""

from __future__ import annotations

from collections.abc import Iterator

from bothways.checklist.model import Criterion, Side
from bothways.checklist.scaffold.draft import Draft, Flow, Row, slug

EXAMPLES = {
    "string": ("first {name}", "second {name}"),
    "integer": ("4711", "4712"),
    "decimal": ("47.11", "48.12"),
    "float": ("47.5", "48.25"),
    "boolean": ("false", "true"),
    "list": ("one; two", "three"),
    "datetime": ("2024-11-05T10:00:00Z", "2024-12-24T18:30:00Z"),
}
"""Two values of each type that a new record doesn't have."""


def file_name(flow: Flow) -> str:
    """`3_contact_to_customer.feature`."""
    section = flow.section
    return f"{section.number}_{slug(section.source.datatype)}_to_{slug(section.target.datatype)}.feature"


def feature_text(draft: Draft, flow: Flow) -> str:
    """The feature of one section."""
    return "\n".join(_Feature(draft, flow).lines()).rstrip() + "\n"


class _Feature:
    def __init__(self, draft: Draft, flow: Flow) -> None:
        self.draft, self.flow, self.section = draft, flow, flow.section
        self.x, self.y = _words(self.section.source), _words(self.section.target)
        self.source_label = draft.systems[self.section.source.system].label
        self.target_label = draft.systems[self.section.target.system].label

    def lines(self) -> Iterator[str]:
        yield f"Feature: {self.x} to {self.y}"
        parts = {
            "every": self.every,
            "link_required": self.link_required,
            "created_if_connected": self.created_if_connected,
            "merge_if_match": self.merge_if_match,
            "create_if_no_match": self.create_if_no_match,
            "merge_criteria": self.merge_criteria,
            "stays_in_sync": self.stays_in_sync,
            "properties": self.properties,
        }
        for statement in self.section.statements:
            yield ""
            yield f"  @{statement.id}"
            yield f"  Rule: {_title(statement.text)}"
            scenarios = [] if self.flow.missing else list(parts.get(statement.kind, self.unfilled)())
            yield from scenarios or self.mark()

    def mark(self) -> Iterator[str]:
        """Nothing can be shown yet: the item stays UNPROVEN until a person fills in what is missing."""
        yield f"    # FILL IN: {self.flow.missing or 'what the checklist says in prose or leaves empty, as scenarios'}"

    def unfilled(self) -> Iterator[str]:
        return iter(())

    def every(self) -> Iterator[str]:
        if not self.flow.creates:
            return
        yield from self.scenario("S01", f"A new {self.x} gets {_a(self.y)}")
        yield from self.steps(
            f"When someone creates {_a(self.x)}",
            "And the systems are synchronised",
            f"Then there is one {self.y}",
            *self.agree(),
        )
        yield from self.scenario("S01", f"{_a(self.y).capitalize()} alone creates no {self.x}")
        yield from self.steps(
            f"When someone creates {_a(self.y)}",
            "And the systems are synchronised",
            f"Then no {self.x} has been created",
            "And neither system has been written to",
        )

    def link_required(self) -> Iterator[str]:
        alone = "".join(
            f" {'and' if n else 'whose'} {path} is empty" for n, path in enumerate(self.flow.connected)
        )
        if self.flow.creates and not alone:
            return
        yield from self.scenario("S06", f"Without a link, {_a(self.x)} gets no {self.y}")
        yield from self.steps(
            f"When someone creates {_a(self.x)}{alone}",
            "And the systems are synchronised",
            f"Then there is no {self.y}",
            f"And the {self.target_label} has not been written to",
        )

    def created_if_connected(self) -> Iterator[str]:
        if not self.flow.connected:
            return
        for path, datatype in self.flow.connected.items():
            others = [other for other in self.flow.connected if other != path]
            alone = "".join(f" {'and' if n else 'whose'} {other} is empty" for n, other in enumerate(others))
            if others:
                continue  # any one of them will do: the scenario below has them all
            yield from self.scenario(
                "S06", f"{_a(self.x).capitalize()} crosses once its {datatype} has crossed"
            )
            yield from self.steps(
                f"When someone creates {_a(self.x)}{alone}",
                "And the systems are synchronised",
                f"Then there is one {self.y}",
                *self.agree(),
            )
        if len(self.flow.connected) > 1:
            yield from self.scenario(
                "S06", f"{_a(self.x).capitalize()} crosses once a connected record has crossed"
            )
            yield from self.steps(
                f"When someone creates {_a(self.x)}",
                "And the systems are synchronised",
                f"Then there is one {self.y}",
                *self.agree(),
            )

    def merge_if_match(self) -> Iterator[str]:
        for criterion in self.criteria()[:1]:
            yield from self.scenario("S02", f"A matching {self.y} is taken, and no second one made")
            yield from self.merged(criterion)

    def create_if_no_match(self) -> Iterator[str]:
        for criterion in self.criteria()[:1]:
            here, there = (
                self.key(self.section.source, criterion.source),
                self.key(self.section.target, criterion.target),
            )
            one, two = self.values(self.section.source, criterion.source, here)
            yield from self.scenario("S02", f"Where no {self.y} matches, a new one is created")
            yield from self.steps(
                f'Given {_a(self.y)} whose {there} is "{two}"',
                f'When someone creates {_a(self.x)} whose {here} is "{one}"',
                "And the systems are synchronised",
                f"Then there are 2 {self.y} records",
                "And nothing else has changed",
            )

    def merge_criteria(self) -> Iterator[str]:
        for criterion in self.criteria():
            title = f"{criterion.source} in the {self.source_label} is {criterion.target} in the {self.target_label}"
            yield from self.scenario("S02", f"Linked by {title}")
            yield from self.merged(criterion)

    def merged(self, criterion: Criterion) -> Iterator[str]:
        here = self.key(self.section.source, criterion.source)
        there = self.key(self.section.target, criterion.target)
        value, _ = self.values(self.section.source, criterion.source, here)
        yield from self.steps(
            f'Given {_a(self.y)} whose {there} is "{value}"',
            f'And {_a(self.x)} whose {here} is "{value}"',
            "When the systems are synchronised",
            f"Then there is one {self.y}",
            *self.agree(),
        )

    def stays_in_sync(self) -> Iterator[str]:
        rows = [row for row in self.flow.rows if not row.rivals]
        if not rows:
            return
        row, (one, two) = rows[0], self.two(rows[0])
        yield from self.scenario("S07 @S08", f"The later edit of {row.name} wins, wherever it is made")
        yield from self.steps(
            *self.linked(row),
            f'When someone changes the {self.x}\'s {row.name} to "{one}"',
            f'And a moment later someone changes the {self.y}\'s {row.name} to "{two}"',
            "And the systems are synchronised",
            f'Then the {self.x} shows {row.name} "{two}"',
            f'And the {self.y} still shows {row.name} "{two}"',
            "And nothing else has changed",
        )
        yield from self.scenario("S17", "When nobody has edited anything, nothing is written")
        yield from self.steps(
            *self.linked(row),
            "When the systems are synchronised",
            "Then neither system has been written to",
            "And nothing else has changed",
        )

    def properties(self) -> Iterator[str]:
        for edited, shown, label in (
            (self.x, self.y, self.source_label),
            (self.y, self.x, self.target_label),
        ):
            for row in self.flow.rows:
                value, _ = self.two(row)
                tags = " ".join(f"@{id}" for id in row.ids)
                yield from self.scenario(f"S07 {tags}", f"An edit of {row.name} in the {label} crosses")
                yield from self.steps(
                    *self.linked(row),
                    f'When someone changes the {edited}\'s {row.name} to "{value}"',
                    "And the systems are synchronised",
                    f'Then the {shown} shows {row.name} "{value}"',
                    f'And the {edited} still shows {row.name} "{value}"',
                    "And nothing else has changed",
                )

    # parts of scenarios

    def scenario(self, rules: str, title: str) -> Iterator[str]:
        yield ""
        yield f"    @{rules.removeprefix('@')}"
        yield f"    Scenario: {title}"

    def steps(self, *steps: str) -> Iterator[str]:
        return (f"      {step}" for step in steps)

    def linked(self, row: Row) -> list[str]:
        """Two linked records, in which nothing else feeds the row's target property."""
        details = "".join(
            f" {'and' if n else 'whose'} {rival} is empty" for n, rival in enumerate(row.rivals)
        )
        if self.flow.creates:
            return [f"Given {_a(self.x)} linked with {_a(self.y)}{details}"]
        criterion = self.criteria()[0]
        here = self.key(self.section.source, criterion.source)
        there = self.key(self.section.target, criterion.target)
        value, _ = self.values(self.section.source, criterion.source, here)
        more = details.replace("whose", "and")
        return [
            f'Given {_a(self.y)} whose {there} is "{value}"',
            f'And {_a(self.x)} whose {here} is "{value}"{more}',
            "And the systems are synchronised",
        ]

    def agree(self) -> list[str]:
        return [f"And the {self.y} agrees with the {self.x}", "And nothing else has changed"]

    def criteria(self) -> list[Criterion]:
        return [criterion for criterion in self.section.criteria if criterion.source and criterion.target]

    def key(self, side: Side, path: str) -> str:
        """What features call the property at a criterion's path: its row's name, else its field."""
        end = "source" if side == self.section.source else "target"
        named = (row.name for row in self.flow.rows if getattr(row, end) == path)
        return next(named, self.draft.native(side, path))

    def values(self, side: Side, path: str, name: str) -> tuple[str, str]:
        one, two = EXAMPLES[self.draft.types[side, path]]
        return one.format(name=name), two.format(name=name)

    def two(self, row: Row) -> tuple[str, str]:
        one, two = EXAMPLES[row.type]
        return one.format(name=row.name), two.format(name=row.name)


def _words(side: Side) -> str:
    return f"{side.system} {side.datatype}".strip()


def _a(words: str) -> str:
    return f"{'an' if words[:1].casefold() in 'aeiou' else 'a'} {words}"


def _title(text: str) -> str:
    """A sentence as a Rule's title: one line, no stop at the end."""
    return " ".join(text.split()).rstrip(".:")
