"""Signing a run, one person after the other: all sign one statement, and each says in which capacity."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from securesystemslib.dsse import Envelope
from securesystemslib.signer import Signer  # type: ignore[attr-defined]  # the package re-exports it silently

from bothways.acceptance.attempts import SIGNATURES, STATEMENT
from bothways.acceptance.outputs import REPORT
from bothways.acceptance.report import page
from bothways.acceptance.signoff.statement import PAYLOAD_TYPE, STATEMENT_TYPE, canonical, statement_of
from bothways.errors import InputError

SIGNATURE = "urn:bothways:signature:v1"
"""The predicate of who signed a statement as what: `{name, role, meaning, signedAt, keyid}`."""


class Meaning(StrEnum):
    """What a signature says of its signer."""

    AUTHOR = "author"
    REVIEW = "review"
    APPROVAL = "approval"


@dataclass(frozen=True)
class Signed:
    """A signature as people read it; `signed_at` is UTC, ISO."""

    name: str
    meaning: str
    signed_at: str
    keyid: str


@dataclass(frozen=True)
class Person:
    """Who signs, in which role."""

    name: str
    role: str

    @classmethod
    def parse(cls, text: str) -> Person:
        """From `Name, role`. Raises `InputError`."""
        name, _, role = (part.strip() for part in text.partition(","))
        if not name or not role:
            raise InputError("--as", None, f"'{text}' is not of the form 'Name, role'")
        return cls(name, role)


def sign(folder: Path, signer: Signer, person: Person, meaning: Meaning, now: datetime) -> Signed:
    """Sign the run in `folder`, and show it in its report. `now` is aware.

    Raises `InputError` for a folder without a run, for one that has changed since somebody signed it, and for a
    key that has signed already.
    """
    payload = canonical(statement_of(folder))
    envelope, signatures = Envelope(payload, PAYLOAD_TYPE, {}), []
    if (folder / STATEMENT).exists():
        envelope, signatures = read_envelope(folder / STATEMENT), read_signatures(folder)
        if envelope.payload != payload:
            raise InputError(folder, None, "what was signed here has changed since: run again, and sign that")
    keyid = signer.public_key.keyid
    if keyid in envelope.signatures:
        raise InputError(folder / STATEMENT, None, "this key has signed already")
    told = {
        "name": person.name,
        "role": person.role,
        "meaning": str(meaning),
        "signedAt": now.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "keyid": keyid,
    }
    own = Envelope(canonical(_about(payload, told)), PAYLOAD_TYPE, {})
    own.sign(signer)
    envelope.sign(signer)
    signatures.append(own)
    (folder / STATEMENT).write_bytes(serialised(envelope))
    (folder / SIGNATURES).write_bytes(b"".join(map(serialised, signatures)))
    _show(folder, signatures)
    return signed(own)


def _about(payload: bytes, told: dict[str, Any]) -> dict[str, Any]:
    return {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": STATEMENT, "digest": {"sha256": hashlib.sha256(payload).hexdigest()}}],
        "predicateType": SIGNATURE,
        "predicate": told,
    }


def _show(folder: Path, signatures: list[Envelope]) -> None:
    report = folder / REPORT
    text = report.read_text(encoding="utf-8")
    report.write_text(page.signed(text, [signed(envelope) for envelope in signatures]), encoding="utf-8")


def signed(envelope: Envelope) -> Signed:
    """What a signature's own envelope says."""
    told = json.loads(envelope.payload)["predicate"]
    return Signed(f"{told['name']}, {told['role']}", told["meaning"], told["signedAt"], told["keyid"])


def serialised(envelope: Envelope) -> bytes:
    """An envelope as it stands in a file: canonical, on one line. Any other byte there is a change."""
    return canonical(envelope.to_dict()) + b"\n"


def read_envelope(path: Path) -> Envelope:
    """The one envelope in a file. Raises `InputError`."""
    try:
        return _envelope(path.read_bytes(), path, 1)
    except OSError as error:
        raise InputError(path, None, f"can't be read: {error.strerror}") from None


def read_signatures(folder: Path) -> list[Envelope]:
    """The envelopes of those who signed, in their order. Raises `InputError`."""
    path = folder / SIGNATURES
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except OSError as error:
        raise InputError(path, None, f"can't be read: {error.strerror}") from None
    return [_envelope(line, path, number) for number, line in enumerate(lines, start=1)]


def _envelope(content: bytes, path: Path, line: int) -> Envelope:
    try:
        told = json.loads(content)
        base64.b64decode(told["payload"], validate=True)
        envelope = Envelope.from_dict(told)
        intact = serialised(envelope) == content
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise InputError(path, line, "not a DSSE envelope") from None
    except Exception as error:  # securesystemslib raises errors of several kinds for a malformed one
        raise InputError(path, line, f"not a DSSE envelope: {error}") from None
    if not intact:
        raise InputError(path, line, "not as it was written: a byte has changed")
    return envelope
