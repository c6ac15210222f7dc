"""Documents as odd as they come: no traceback, each with the verdict that a careful reader would give it."""

from __future__ import annotations

import json
from pathlib import Path

from bothways.checklist.model import Side
from tests.acceptance.suite import ROOT, start
from tests.checklist.documents import Document, Flow, Row
from tests.checklist.rendering import render

STRING = '"string"'
ROWS = (Row("name", "title", STRING), Row("age", "years", '"integer"'))


def flow(source: str, target: str, systems: tuple[str, str] = ("A", "B"), **more: object) -> Flow:
    """A section between these datatypes."""
    return Flow(Side(systems[0], source), Side(systems[1], target), **{"rows": ROWS, **more})  # type: ignore[arg-type]  # what a test says


def document(*flows: Flow, source: str = "A", target: str = "B") -> str:
    """The text of a checklist."""
    return render(Document(source, target, flows))[0]


BACK = (Row("title", "name", STRING),)
CIRCLE = (flow("T1", "I1", connected=("T2",)), flow("T2", "I2", connected=("T1",)))
KEYED = (flow("T1", "I1", connected=("T2",), criteria=(("name", "title"),)), CIRCLE[1])
DOCUMENTS: dict[str, tuple[str | bytes, str]] = {
    "a third system": (document(flow("T1", "I1"), flow("I1", "J1", ("B", "C"), rows=BACK)), "ACCEPTED"),
    "one system": (
        document(flow("T1", "T2", ("A", "A")), flow("T2", "T1", ("A", "A"), rows=BACK), target="A"),
        "ACCEPTED",
    ),
    "one target": (document(flow("T1", "I1"), flow("T2", "I1"), flow("T1", "I2")), "ACCEPTED"),
    "twice": (document(flow("T1", "I1"), flow("T1", "I1", rows=(Row("x", "y", STRING),))), "ACCEPTED"),
    "twice, created by one": (
        document(
            flow("T1", "I1", opening="link_required", criteria=(("name", "title"),)),
            flow("T1", "I1", rows=(Row("x", "y", STRING),)),
        ),
        "INCOMPLETE",
    ),
    "levels": (
        document(*(flow(f"T{n}", f"I{n}", connected=(f"T{n - 1}",) * (n > 0)) for n in range(4))),
        "ACCEPTED",
    ),
    "a circle": (document(*CIRCLE), "INCOMPLETE"),
    "a way into a circle": (document(*KEYED), "INCOMPLETE"),
    "itself": (document(flow("T1", "I1", connected=("T1",))), "INCOMPLETE"),
    "no names": (document(flow("Thing", "Item", ("", "")), source="", target=""), "ACCEPTED"),
    "windows": (document(flow("T1", "I1")).replace("\n", "\r\n"), "ACCEPTED"),
    "a mark before": ("\ufeff" + document(flow("T1", "I1")), "ACCEPTED"),
    "many to one": (
        document(flow("T1", "I1", rows=tuple(Row(f"p{n}", "q", STRING) for n in range(4)))),
        "INCOMPLETE",
    ),
    "words of features": (
        document(
            flow("Work with", "has linked", ("and", "is"), rows=(Row("is", "to", STRING),)),
            source="and",
            target="is",
        ),
        "ACCEPTED",
    ),
    "own fields": (
        document(flow("T", "I", rows=(Row("id", "version", STRING),), criteria=(("id", "version"),))),
        "ACCEPTED",
    ),
    "endless names": (
        document(flow("T" + " long" * 60, "I", rows=(Row("p" * 300, "q" * 300, STRING),))),
        "ACCEPTED",
    ),
    "quotes": (document(flow("T", "I", ('O"Neil', "B")), source='O"Neil'), "INCOMPLETE"),
    "no plain letter": (document(flow("T", "顧客", ("A", "日本語")), target="日本語"), "INCOMPLETE"),
    "not UTF-8": (document(flow("T", "I")).encode().replace(b"name", b"n\xf8"), "COULD_NOT_RUN"),
    "empty": ("", "COULD_NOT_RUN"),
}


def test_odd_documents_come_to_sensible_verdicts(tmp_path: Path) -> None:
    many, out = tmp_path / "many", tmp_path / "out"
    many.mkdir()
    for name, (text, _) in DOCUMENTS.items():
        content = text if isinstance(text, bytes) else text.encode()
        (many / f"{name}.rst").write_bytes(content)

    ended = start(ROOT, "bothways", "portfolio", str(many), "--out", str(out))

    assert "Traceback" not in ended.err
    entries = json.loads((out / "portfolio.json").read_text(encoding="utf-8"))["checklists"]
    seen = {Path(entry["file"]).stem: entry["verdict"] for entry in entries}
    assert seen == {name: verdict for name, (_, verdict) in DOCUMENTS.items()}
    assert not any("bug in bothways" in entry["reason"] for entry in entries)
