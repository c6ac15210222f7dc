"""Draws checklists from few names, so that they meet: what is rare among all documents is common here."""

from __future__ import annotations

from hypothesis import strategies as st

from bothways.checklist.model import Side
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.strategies import PROSE, dependencies

SYSTEMS = st.sampled_from(["", "Alpha", "Alpha Base", "R&D to go", "Beta"])
DATATYPES = st.sampled_from(["Contact", "Sale is open", "Sale", "Work with and to", "other thing", "Æ", "Ø"])
PATHS = st.sampled_from(["a", "a.b", "a_", "id", "version.n", "$x", "is", "to", "name"])
PLAIN_TYPES = ["integer", "decimal", "float", "boolean", "list", "string"]
DATA_TYPES = st.one_of(
    st.just('"string"'),
    st.sampled_from([f'"{kind}"' for kind in PLAIN_TYPES]),
    st.sampled_from(
        [
            "N/A",
            '["datetime-format","%Y-%m-%dT%H:%M:%SZ","_."]',
            '["join"," ",["split"," ","_."]]',
            '["unheard-of", "_."]',
        ]
    ),
)


@st.composite
def rows(draw: st.DrawFn) -> Row:
    """A row that can most often be shown."""
    unsound = draw(st.integers(0, 9)) == 0
    return Row(
        source="" if unsound and draw(st.booleans()) else draw(PATHS),
        target=draw(PATHS),
        data_type=draw(DATA_TYPES),
        dependencies=tuple(draw(dependencies("source"))) if unsound else (),
    )


@st.composite
def flows(draw: st.DrawFn, source_system: str, target_system: str) -> Flow:
    """A section of any kind between two systems, or now and then of a third one."""
    opening = draw(st.sampled_from(["every", "every", "when", "link_required", None]))
    third = draw(st.integers(0, 9)) == 0
    return Flow(
        source=Side("Third" if third else source_system, draw(DATATYPES)),
        target=Side(target_system, draw(DATATYPES)),
        opening=opening,
        words=draw(PROSE) if opening == "when" else "",
        connected=tuple(draw(st.lists(DATATYPES, max_size=2))) if draw(st.booleans()) else (),
        merges=draw(st.booleans()),
        creates=draw(st.booleans()),
        criteria=tuple(draw(st.lists(st.tuples(PATHS, PATHS), max_size=2))),
        rows=tuple(draw(st.lists(rows(), max_size=4))),
    )


@st.composite
def crowded_documents(draw: st.DrawFn) -> Document:
    """Whole checklists whose names are alike, odd, blank or the features' own words."""
    source, target = draw(SYSTEMS), draw(SYSTEMS)
    return Document(source, target, tuple(draw(st.lists(flows(source, target), min_size=1, max_size=3))))
