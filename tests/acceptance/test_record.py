"""Records on their way to a report."""

from __future__ import annotations

import pytest

from bothways.acceptance.record import Attachment, Kind, Record, written


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Käse \U0001f9c0", "Käse \U0001f9c0"), ("half a \ud83e", "half a ?"), ("Käse \udcff", "Käse ?")],
)
def test_a_record_can_be_written_whatever_an_integration_says(text: str, kept: str) -> None:
    record = Record(
        id="f:1",
        kind=Kind.PROPERTY,
        name="n",
        file="f",
        line=1,
        reason=text,
        attachments=[Attachment(title="Timeline", content={"body": [text, 7, None]})],
    )
    back = Record.model_validate_json(written(record).encode())
    assert (back.reason, back.attachments[0].content) == (kept, {"body": [kept, 7, None]})
    assert back.tags == record.tags
