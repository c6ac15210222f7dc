"""Checking a signed run: the signatures, and that nothing which they speak of has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import VerificationError
from securesystemslib.signer import Key  # type: ignore[attr-defined]  # the package re-exports it silently

from bothways.acceptance.attempts import STATEMENT
from bothways.acceptance.signoff.signing import Signed, read_envelope, read_signatures, signed
from bothways.acceptance.signoff.statement import OWN_OUTPUT, PAYLOAD_TYPE, digest_of
from bothways.errors import InputError


@dataclass(frozen=True)
class Verification:
    """What checking came to: `faults` void it. `unchecked` have signed with keys that weren't given."""

    verdict: str
    signatures: list[Signed]
    unchecked: list[Signed]
    subjects: int
    faults: list[str]


def verify(folder: Path, keys: Sequence[Key], root: Path) -> Verification:
    """Check the signed run in `folder` with these public keys; the run's inputs are below `root`.

    Raises `InputError` if there is nothing that can be checked.
    """
    try:
        statement, signatures = read_envelope(folder / STATEMENT), read_signatures(folder)
    except InputError as error:
        if not (folder / STATEMENT).exists():
            raise
        return Verification("", [], [], 0, [str(error)])
    try:
        return _checked(statement, signatures, keys, folder, root)
    except (ValueError, KeyError, TypeError, IndexError):
        return Verification("", [], [], 0, [f"{STATEMENT}: not a statement about a run"])


def _checked(
    statement: Envelope, signatures: Sequence[Envelope], keys: Sequence[Key], folder: Path, root: Path
) -> Verification:
    known = {key.keyid for key in keys}
    told = json.loads(statement.payload)
    return Verification(
        verdict=told["predicate"]["bothways"]["verdict"],
        signatures=[signed(part) for part in signatures if known.intersection(part.signatures)],
        unchecked=[signed(part) for part in signatures if not known.intersection(part.signatures)],
        subjects=len(told["subject"]),
        faults=[
            *_of_signatures(statement, signatures, keys),
            *_of_subjects(told["subject"], folder, root),
        ],
    )


def _of_signatures(statement: Envelope, signatures: Sequence[Envelope], keys: Sequence[Key]) -> Iterator[str]:
    if statement.payload_type != PAYLOAD_TYPE:
        yield f"{STATEMENT}: not an in-toto statement"
    digest = hashlib.sha256(statement.payload).hexdigest()
    for key in keys:
        if not _holds(statement, key):
            yield f"{STATEMENT}: not signed with the key {key.keyid[:16]}"
        own = [envelope for envelope in signatures if key.keyid in envelope.signatures]
        if len(own) != 1 or not _holds(own[0], key):
            yield f"the key {key.keyid[:16]} doesn't say once who signed"
        elif json.loads(own[0].payload)["subject"][0]["digest"]["sha256"] != digest:
            yield f"the signature of {signed(own[0]).name} is for another statement"
    people = {keyid for envelope in signatures for keyid in envelope.signatures}
    if people != set(statement.signatures):
        yield "the statement and those who say that they signed it don't agree"


def _holds(envelope: Envelope, key: Key) -> bool:
    try:
        envelope.verify([key], 1)
    except VerificationError:
        return False
    return True


def _of_subjects(subjects: Sequence[dict[str, Any]], folder: Path, root: Path) -> Iterator[str]:
    for subject in subjects:
        name, expected = subject["name"], subject["digest"]["sha256"]
        own = name.removeprefix(OWN_OUTPUT)
        try:
            actual = digest_of(folder, own) if own != name else _digest(root / name)
        except (OSError, InputError):
            yield f"{name}: missing"
            continue
        if actual != expected:
            yield f"{name}: changed"


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
