"""Draws whole checklists from the grammar of the format, odd forms included."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

from bothways.checklist.model import Dependency, Side
from tests.checklist.documents import Document, Flow, Row

UNHURRIED = settings(deadline=None)
"""The machine that a test runs on is shared."""

WORD = st.from_regex(r"[A-ZÆØÅ][a-zæøå0-9]{0,7}", fullmatch=True)
LOWER = st.from_regex(r"[a-zæøå0-9%]{1,8}", fullmatch=True).filter(
    lambda word: word not in ("to", "and", "or")
)
NAMES = st.lists(WORD, min_size=1, max_size=3).map(" ".join)
DATATYPES = st.builds(lambda first, rest: " ".join([first, *rest]), WORD, st.lists(LOWER, max_size=2))
PROSE = st.lists(LOWER, min_size=2, max_size=6).map(" ".join)
PATHS = st.one_of(st.just(""), st.from_regex(r"[A-Za-z_$][\w$]{0,8}(\.[\w$]{1,8}){0,3}", fullmatch=True))
FILLED_PATHS = PATHS.filter(bool)

DATA_TYPES = {
    '"string"': None,
    '"integer"': None,
    '"list"': None,
    "N/A": None,
    '["decimal", "_."]': None,
    '["datetime-format","%Y-%m-%dT%H:%M:%SZ","_."]': None,
    '["if", ["neq", "_.", "X"], ["integer", "_."], ["string", "_."]]': None,
    '["replace"," ","", "string"]': None,
    '"datetime-format","%Y-%m-%d","_."]': "damaged-data-type",
    '"if", "is-decimal", "decimal", "integer"]': "damaged-data-type",
    '["unheard-of", "_."]': "unreadable-data-type",
}
"""A cell, and the code of the finding that reading it must give."""


def dependencies(side: str) -> st.SearchStrategy[list[Dependency]]:
    values = st.one_of(st.just(""), st.from_regex(r"wd:Q[0-9]{1,6}", fullmatch=True), DATATYPES)
    return st.lists(st.builds(Dependency, side=st.just(side), value=values, path=PATHS), max_size=2)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    data_type = draw(st.sampled_from(sorted(DATA_TYPES)))
    return Row(
        source=draw(PATHS),
        target=draw(PATHS),
        data_type=data_type,
        dependencies=tuple(draw(dependencies("source")) + draw(dependencies("target"))),
        spilled=draw(st.booleans()),
        oddity=DATA_TYPES[data_type],
    )


@st.composite
def flows(draw: st.DrawFn, source_system: str, target_system: str) -> Flow:
    opening = draw(st.sampled_from(["every", "when", "note", "link_required", None]))
    return Flow(
        source=Side(source_system, draw(DATATYPES)),
        target=Side(target_system, draw(DATATYPES)),
        opening=opening,
        words=draw(PROSE) if opening in ("when", "note") else "",
        connected=tuple(draw(st.lists(DATATYPES, max_size=4))),
        merges=draw(st.booleans()),
        creates=draw(st.booleans()),
        criteria=tuple(draw(st.lists(st.tuples(FILLED_PATHS, FILLED_PATHS), max_size=3))),
        rows=tuple(draw(st.lists(rows(), max_size=4))),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Whole checklists: blank names, headings that spell a system otherwise than the title, every statement form."""
    source, target = draw(st.one_of(NAMES, st.just(""))), draw(st.one_of(NAMES, st.just("")))
    spelled = draw(st.sampled_from([source, source.replace(" ", ""), source.upper()]))
    return Document(
        source_system=source,
        target_system=target,
        flows=tuple(draw(st.lists(flows(spelled, target), max_size=4))),
        introduction=tuple(draw(st.lists(PROSE, max_size=2))),
        short=draw(st.booleans()),
    )
