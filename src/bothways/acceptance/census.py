"""The pickle census: every scenario that the features hold, counted apart from pytest-bdd.

pytest-bdd loses some scenarios and runs others empty, in silence. gherkin-official compiles the same files
into pickles; a run is sound only if the pickles are exactly what was executed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from gherkin.dialect import Dialect
from gherkin.errors import CompositeParserException, ParserException
from gherkin.parser import Parser
from gherkin.parser_types import Envelope, Examples, Feature, GherkinDocument, Scenario, Tag
from gherkin.pickles.compiler import (
    Compiler,
    GherkinDocumentWithURI,
    is_rule_container,
    is_scenario_container,
)
from gherkin.pickles.compiler import Pickle as Compiled

from bothways.acceptance.verdict import ITEM_TAG, LIMITATION_PREFIX, RULE_TAG, RULES
from bothways.errors import FeatureError


@dataclass(frozen=True)
class Pickle:
    """One scenario, or one row of an outline.

    `line` is where it stands (the row's, for a row), `template` the line of its scenario, and `row` its place
    among the scenario's rows. `tags` maps each tag, without its "@", to the line it stands on. `defect` says
    why it proves nothing, whatever pytest-bdd makes of it.
    """

    file: str
    line: int
    template: int
    name: str
    feature: str
    rule: str = ""
    row: int = 0
    tags: dict[str, int] = field(default_factory=dict)
    example: dict[str, str] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    defect: str = ""

    @property
    def id(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


def compile_folder(folder: Path, root: Path) -> list[Pickle]:
    """The pickles of every feature below `folder`, by file and line. Files are named from `root`.

    Raises `FeatureError` for a feature that can't be read.
    """
    files = sorted(folder.rglob("*.feature"))
    return [pickle for file in files for pickle in compile_feature(file, name_of(file, root))]


def name_of(path: Path, root: Path) -> str:
    """How a file is named in evidence: from `root`, if it lies below."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def compile_feature(path: Path, name: str) -> list[Pickle]:
    """The pickles of one feature file, called `name`. A part that yields none becomes one with a defect."""
    document = _read(path, name)
    if "feature" not in document:
        return [Pickle(name, 1, 1, path.name, path.name, defect="a feature file without a feature")]
    feature = document["feature"]
    compiled = Compiler().compile(cast(GherkinDocumentWithURI, {**document, "uri": name}))
    rows_of: dict[str, list[Compiled]] = defaultdict(list)
    for pickle in compiled:
        rows_of[pickle["astNodeIds"][0]].append(pickle)
    scenarios = list(_scenarios(feature, name))
    kept = {scenario["name"]: base.line for scenario, base in scenarios}
    pickles = [
        _doubled(pickle, kept[base.name])
        for scenario, base in scenarios
        for pickle in _pickles(scenario, base, feature["language"], rows_of[scenario["id"]])
    ]
    if not pickles:
        line, tags = feature["location"]["line"], _lines(feature["tags"])
        return [Pickle(name, line, line, feature["name"], feature["name"], tags=tags, defect="no scenarios")]
    return pickles


def _read(path: Path, name: str) -> GherkinDocument:
    try:
        return Parser().parse(path.read_text(encoding="utf-8"))
    except CompositeParserException as error:
        raise _refused(name, error.errors[0]) from None
    except ParserException as error:
        raise _refused(name, error) from None
    except UnicodeDecodeError:
        raise FeatureError(name, None, "can't read the feature: not UTF-8") from None
    except OSError as error:
        raise FeatureError(name, None, f"can't read the feature: {error.strerror}") from None


def _refused(name: str, error: ParserException) -> FeatureError:
    message = str(error.args[0]).partition("): ")[2]
    return FeatureError(name, error.location["line"], f"not Gherkin: {message}")


def _scenarios(feature: Feature, file: str) -> Iterator[tuple[Scenario, Pickle]]:
    """Each scenario, with the pickle that it would be if it had no steps and no rows."""
    for rule, inherited, children in _levels(feature):
        for child in children:
            if not is_scenario_container(child):
                continue
            scenario = child["scenario"]
            line, tags = scenario["location"]["line"], _lines([*inherited, *scenario["tags"]])
            yield scenario, Pickle(file, line, line, scenario["name"], feature["name"], rule, tags=tags)


def _levels(feature: Feature) -> Iterator[tuple[str, list[Tag], Sequence[Envelope]]]:
    """The feature itself, then each rule: its name, the tags that its scenarios inherit, its children."""
    yield "", feature["tags"], feature["children"]
    for child in feature["children"]:
        if is_rule_container(child):
            rule = child["rule"]
            yield rule["name"], [*feature["tags"], *rule["tags"]], rule["children"]


def _pickles(scenario: Scenario, base: Pickle, language: str, rows: list[Compiled]) -> Iterator[Pickle]:
    for examples in scenario["examples"]:
        if not examples.get("tableBody"):
            line, tags = examples["location"]["line"], base.tags | _lines(examples["tags"])
            yield replace(base, line=line, tags=tags, defect="examples without rows")
    if not scenario["examples"] and _is_outline(scenario, language):
        yield replace(base, defect="an outline without examples")
        return
    cells = dict(_cells(scenario["examples"]))
    for number, row in enumerate(rows):
        tags, example = cells.get(row["astNodeIds"][-1], ({}, {}))
        pickle = replace(
            base,
            line=row["location"]["line"],
            name=row["name"],
            row=number,
            tags=base.tags | tags,
            example=example,
            steps=tuple(step["text"] for step in row["steps"]),
        )
        yield replace(pickle, defect=_defect(pickle))


def _is_outline(scenario: Scenario, language: str) -> bool:
    dialect = Dialect.for_name(language)
    return dialect is not None and scenario["keyword"] in dialect.scenario_outline_keywords


def _cells(tables: Iterable[Examples]) -> Iterator[tuple[str, tuple[dict[str, int], dict[str, str]]]]:
    """The id of each row of examples, with its table's tags and its cells by column."""
    for table in tables:
        for row in table.get("tableBody", []):
            header = (cell["value"] for cell in table["tableHeader"]["cells"])
            values = (cell["value"] for cell in row["cells"])
            yield row["id"], (_lines(table["tags"]), dict(zip(header, values, strict=True)))


def _defect(pickle: Pickle) -> str:
    if not pickle.steps:
        return "a scenario without steps"
    empty = [column for column, value in pickle.example.items() if not value]
    return f"an empty cell in column '{empty[0]}', for which no step is found" if empty else ""


def _doubled(pickle: Pickle, kept: int) -> Pickle:
    """pytest-bdd keeps one scenario of each name in a feature, the last, on line `kept`."""
    if pickle.template == kept:
        return pickle
    return replace(pickle, defect=f"another scenario of this feature has the same name (line {kept})")


def _lines(tags: Iterable[Tag]) -> dict[str, int]:
    return {tag["name"].removeprefix("@"): tag["location"]["line"] for tag in tags}


def check_tags(pickles: Iterable[Pickle], items: Collection[str], limitations: Collection[str]) -> None:
    """Raise `FeatureError` for the first tag that names no item, rule or known limitation."""
    for pickle in pickles:
        for tag, line in pickle.tags.items():
            if ITEM_TAG.fullmatch(tag) and tag not in items:
                raise FeatureError(pickle.file, line, f"tag @{tag} names no item of the checklist")
            if RULE_TAG.fullmatch(tag) and tag not in RULES:
                raise FeatureError(pickle.file, line, f"tag @{tag} names no rule")
            known = tag.removeprefix(LIMITATION_PREFIX)
            if known != tag and known not in limitations:
                raise FeatureError(pickle.file, line, f"tag @{tag} names no known limitation of the mapping")
