"""What is signed can't change unseen: not one byte of an input, of an output, or of the signatures."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest
from securesystemslib.dsse import Envelope

from bothways.acceptance import outputs
from bothways.acceptance.attempts import attempt_in
from bothways.acceptance.project import Project
from bothways.acceptance.signoff import keys
from bothways.errors import InputError
from tests.acceptance.recorded import concluded, failed, passed, read, turned
from tests.acceptance.suite import BOOKS, CHECKLIST, MAPPING, Ended, Suite

STATEMENT, SIGNATURES = "out/statement.dsse.json", "out/signatures.dsse.jsonl"


@dataclass(frozen=True)
class Desk:
    """A project with a run in `out`, and keys beside the project."""

    suite: Suite
    keys: Path

    def sign(self, who: str, meaning: str = "author") -> Ended:
        """Sign with the key called as the person."""
        key = self.keys / who
        if not key.exists():
            keys.generate(key)
        return self.suite.bothways(
            "sign", "out", "--key", str(key), "--as", f"{who}, QA", "--meaning", meaning
        )

    def verify(self, *who: str) -> Ended:
        """Verify with the public keys of these people."""
        chosen = [part for name in who for part in ("--key", str(self.keys / f"{name}.pub"))]
        return self.suite.bothways("verify", "out", *chosen)

    def change(self, path: str) -> None:
        """Change one byte in the middle of a file."""
        file = self.suite.folder / path
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(content)


@pytest.fixture
def desk(suite: Suite, tmp_path: Path) -> Desk:
    """A desk with an accepted run."""
    suite.write("fakes/rest.py", "# a system\n")
    suite.write("src/engine.py", "# an engine\n")
    suite.write("constraints.txt", "httpx==0.28.1\n")
    (tmp_path / "keys").mkdir()
    (suite.folder / "out").mkdir()
    outputs.write(concluded(read(suite.folder)), suite.folder / "out")
    return Desk(suite, tmp_path / "keys")


def test_several_people_sign_one_statement_and_it_is_sound(desk: Desk) -> None:
    assert (desk.sign("ada").code, desk.sign("bob", "approval").code) == (0, 0)
    checked = desk.verify("ada", "bob")
    assert checked.code == 0, checked.out
    assert "author by ada, QA" in checked.out
    assert "approval by bob, QA" in checked.out
    assert "The run ended ACCEPTED." in checked.out


def test_the_statement_is_an_in_toto_test_result(desk: Desk) -> None:
    desk.sign("ada")
    envelope = Envelope.from_dict(json.loads((desk.suite.folder / STATEMENT).read_bytes()))
    told = json.loads(envelope.payload)
    assert envelope.payload_type == "application/vnd.in-toto+json"
    assert told["_type"] == "https://in-toto.io/Statement/v1"
    assert told["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert told["predicate"]["result"] == "PASSED"
    assert told["predicate"]["passedTests"] == [item.id for item in read(desk.suite.folder).items]
    assert told["predicate"]["bothways"]["limitations"] == {
        "badge": "A member who gets a new card keeps the old badge."
    }
    envelope.verify([keys.public_key(desk.keys / "ada.pub")], 1)


@pytest.mark.parametrize(
    "path",
    [
        CHECKLIST,
        MAPPING,
        BOOKS,
        "steps/library.py",
        "fakes/rest.py",
        "src/engine.py",
        "constraints.txt",
        "conftest.py",
        "out/messages.ndjson",
        "out/result.json",
        "out/index.html",
    ],
)
def test_one_byte_of_any_subject_voids_it_and_is_named(desk: Desk, path: str) -> None:
    desk.sign("ada")
    desk.change(path)
    checked = desk.verify("ada")
    assert checked.code == 1
    assert [line for line in checked.out.splitlines() if line.startswith("VOID")] == [
        f"VOID  {path.replace('out/', '(run)/')}: changed"
    ]


def test_a_file_that_is_gone_is_named(desk: Desk) -> None:
    desk.sign("ada")
    (desk.suite.folder / "steps/library.py").unlink()
    assert "VOID  steps/library.py: missing" in desk.verify("ada").out


@pytest.mark.parametrize("path", [STATEMENT, SIGNATURES])
def test_any_byte_of_the_statement_and_of_its_signatures_voids_it(desk: Desk, path: str) -> None:
    desk.sign("ada")
    file = desk.suite.folder / path
    whole = file.read_bytes()
    for place in range(0, len(whole), 101):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert desk.verify("ada").code == 1, f"byte {place} of {path}"
    file.write_bytes(whole + b" ")
    assert desk.verify("ada").code == 1


def test_a_signature_of_another_statement_can_not_be_moved_here(desk: Desk) -> None:
    desk.sign("ada")
    signatures = (desk.suite.folder / SIGNATURES).read_bytes()
    library = read(desk.suite.folder)
    outputs.write(concluded(library, turned(passed(library), "1.1", failed)), desk.suite.folder / "out")
    desk.sign("ada", "approval")
    (desk.suite.folder / SIGNATURES).write_bytes(signatures)
    assert "is for another statement" in desk.verify("ada").out


def test_a_key_that_did_not_sign_verifies_nothing(desk: Desk) -> None:
    desk.sign("ada")
    keys.generate(desk.keys / "eve")
    checked = desk.verify("eve")
    assert checked.code == 1
    assert "not signed with the key" in checked.out


def test_a_signer_whose_key_was_not_given_is_told_apart(desk: Desk) -> None:
    desk.sign("ada")
    desk.sign("bob", "review")
    checked = desk.verify("ada")
    assert checked.code == 0
    assert "not checked, for want of the key: review by bob, QA" in checked.out


def test_nobody_can_be_struck_off_unseen(desk: Desk) -> None:
    desk.sign("ada")
    desk.sign("bob", "review")
    file = desk.suite.folder / SIGNATURES
    file.write_bytes(file.read_bytes().splitlines(keepends=True)[0])
    assert "don't agree" in desk.verify("ada").out


def test_signatures_stand_in_the_report_and_leave_it_sound(desk: Desk) -> None:
    desk.sign("ada")
    report = (desk.suite.folder / "out/index.html").read_text(encoding="utf-8")
    assert "ada, QA" in report
    assert report.count('<tr class="blank">') == 2
    assert desk.verify("ada").code == 0


def test_nobody_signs_twice_or_signs_what_has_changed(desk: Desk) -> None:
    desk.sign("ada")
    again = desk.sign("ada", "review")
    assert (again.code, "signed already" in again.err) == (3, True)
    desk.change("out/messages.ndjson")
    other = desk.sign("bob")
    assert (other.code, "has changed since" in other.err) == (3, True)


def test_a_rejected_run_can_be_signed_and_says_so(desk: Desk, library: Project) -> None:
    outputs.write(concluded(library, turned(passed(library), "1.1", failed)), desk.suite.folder / "out")
    signed = desk.sign("ada")
    assert signed.code == 0
    assert "a run that ended REJECTED" in signed.out
    assert "It accepts nothing." in signed.err
    assert "The run ended REJECTED." in desk.verify("ada").out


def test_the_next_attempt_names_what_was_signed_before(desk: Desk, library: Project) -> None:
    out = desk.suite.folder / "out"
    assert attempt_in(out, library.checklist.title).previous_statement is None
    desk.sign("ada")
    attempt = attempt_in(out, library.checklist.title)
    outputs.write(concluded(library, attempt=attempt), out)
    told = json.loads((out / "result.json").read_text(encoding="utf-8"))["run"]
    assert told["attempt"] == 2
    kept = out / f"{told['previous_statement'][:12]}.statement.dsse.json"
    assert kept.exists()
    assert not (out / "statement.dsse.json").exists()
    assert attempt_in(out, "Another Dataflow").number == 1


def test_a_key_is_its_owners_and_stays_out_of_repositories(tmp_path: Path) -> None:
    keys.generate(tmp_path / "ada")
    assert stat.S_IMODE((tmp_path / "ada").stat().st_mode) == 0o600
    with pytest.raises(InputError, match="File exists"):
        keys.generate(tmp_path / "ada")
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    with pytest.raises(InputError, match="doesn't belong in a repository"):
        keys.generate(tmp_path / "repository" / "ada")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sign", "none", "--key", "k", "--as", "A, B", "--meaning", "author"), "can't read the result"),
        (("sign", "out", "--key", "conftest.py", "--as", "A, B", "--meaning", "author"), "not a private key"),
        (("sign", "out", "--key", "../keys/ada", "--as", "Ada", "--meaning", "author"), "'Name, role'"),
        (("sign", "out", "--key", "../keys/ada", "--as", "A, B", "--meaning", "fun"), "'fun' is not one of"),
        (("verify", "out", "--key", "../keys/ada.pub"), "statement.dsse.json: can't be read"),
        (("verify", "out", "--key", "../keys/ada"), "not a public key"),
    ],
)
def test_mistakes_are_one_line_and_code_3(desk: Desk, arguments: tuple[str, ...], message: str) -> None:
    keys.generate(desk.keys / "ada")
    ended = desk.suite.bothways(*arguments)
    assert ended.code == 3
    assert message in ended.err
    assert len(ended.err.splitlines()) == 1
