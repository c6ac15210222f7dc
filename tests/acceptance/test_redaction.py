"""Values of properties that the mapping marks `redact` stand in no output."""

from __future__ import annotations

from pathlib import Path

import pytest

from bothways import mapping_file
from bothways.acceptance import outputs
from bothways.acceptance.record import Attachment, Comparison, Kind, Record
from bothways.acceptance.redaction import HIDDEN, Redaction
from bothways.acceptance.verdict import Verdict
from tests.acceptance.recorded import concluded, failed, passed, read, turned
from tests.acceptance.suite import BOOKS, MAPPING, Suite

SECRETS = ("Emma Hurt", "Emma Glad", "Hidden Title", "Another One")
EDIT = "name: title, type: string, source: title, target: heading"


@pytest.fixture
def out(suite: Suite) -> Path:
    """The outputs of a run whose evidence is full of titles, which are to be hidden."""
    suite.replace(MAPPING, EDIT, f"{EDIT}, redact: true")
    suite.replace(
        BOOKS, 'someone changes its <property> to "<value>"', 'someone changes its title to "<value>"'
    )
    library = read(suite.folder)
    request = {
        "kind": "write",
        "system": "kiosk",
        "number": 1,
        "at": "",
        "text": "POST /Entry",
        "status": 201,
    }
    body = {"fault": None, "committed": True, "body": {"heading": "Hidden Title", "place": "A1"}}
    timeline = {"lanes": {"library": "library", "kiosk": "kiosk"}, "marks": [request | body]}

    def laden(record: Record) -> Record:
        kept = [
            Attachment(title="timeline", content=timeline),
            Attachment(title="told", content="of Hidden Title"),
        ]
        spoilt = failed(record.model_copy(update={"attachments": kept}), "Another One")
        compared = Comparison(
            what="title of the Entry", expected="Hidden Title", actual="Another One", held=False
        )
        spoilt.steps[-1].comparisons.append(compared)
        return spoilt

    conclusion = concluded(library, turned(passed(library), "1.2", laden))
    (suite.folder / "out").mkdir()
    outputs.write(conclusion, suite.folder / "out")
    return suite.folder / "out"


def test_no_output_holds_a_hidden_value(out: Path) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in out.iterdir()}
    assert len(written) == 7
    for name, text in written.items():
        assert not [secret for secret in SECRETS if secret in text], name
    assert HIDDEN in written["index.html"]


def test_what_is_not_hidden_stays(out: Path) -> None:
    report = (out / "index.html").read_text(encoding="utf-8")
    assert "shelf" in report
    assert "A1" in report


def test_a_hidden_property_called_like_a_key_of_ours_spoils_no_record(suite: Suite) -> None:
    suite.replace(MAPPING, EDIT, "name: status, type: string, source: title, target: heading, redact: true")
    mapping = mapping_file.load(suite.folder / MAPPING)
    record = Record(id="a:1", kind=Kind.SCENARIO, name="a", file="a", line=1, verdict=Verdict.FAIL)
    assert Redaction.of(mapping, [record]).record(record) == record


def test_only_whole_words_are_hidden() -> None:
    redaction = Redaction(frozenset({"Ada"}), frozenset({("name",)}))
    assert redaction.text("Ada, Adam and ada") == f"{HIDDEN}, Adam and ada"


def test_what_stands_at_a_hidden_path_is_hidden_whatever_it_is() -> None:
    redaction = Redaction(frozenset(), frozenset({("address", "city"), ("age",)}))
    told = {"a": [{"age": 7, "address": {"city": ["Oslo"], "zip": "1"}}], "age": None}
    assert redaction.json(told) == {
        "a": [{"age": HIDDEN, "address": {"city": HIDDEN, "zip": "1"}}],
        "age": None,
    }
