"""The commands of signing, for `bothways.cli` to mount."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from bothways.acceptance.outputs import RESULT
from bothways.acceptance.report.changes import read_result
from bothways.acceptance.report.shown import visible
from bothways.acceptance.signoff import keys
from bothways.acceptance.signoff.signing import Meaning, Person, Signed
from bothways.acceptance.signoff.signing import sign as sign_run
from bothways.acceptance.signoff.verifying import verify as verify_run
from bothways.acceptance.verdict import RunVerdict

FILE = click.Path(path_type=Path)
MEANING = click.Choice([meaning.value for meaning in Meaning])
BROKEN = 1


@click.command()
@click.argument("path", type=FILE)
def keygen(*, path: Path) -> None:
    """Write a new key to PATH, which stays secret, and PATH.pub, which others verify with."""
    public = keys.generate(path)
    click.echo(f"{path} is yours alone. Give {public} to those who verify.")


@click.command()
@click.argument("folder", metavar="DIR", type=FILE)
@click.option("--key", required=True, type=FILE, help="Your key, from keygen.")
@click.option("--as", "person", required=True, metavar='"NAME, ROLE"', help="Who signs.")
@click.option("--meaning", required=True, type=MEANING, help="What the signature says of you.")
def sign(*, folder: Path, key: Path, person: str, meaning: str) -> None:
    """Sign the run in DIR, whatever its verdict. Several people may sign, each with a key of their own."""
    verdict = read_result(folder / RESULT).verdict
    signer, who = keys.signer(key), Person.parse(person)
    signed = sign_run(folder, signer, who, Meaning(meaning), datetime.now(UTC))
    click.echo(f"{_line(signed)}\nWhat was signed is a run that ended {verdict}.")
    if verdict in (RunVerdict.REJECTED, RunVerdict.INCOMPLETE):
        click.echo("It accepts nothing.", err=True)


@click.command()
@click.argument("folder", metavar="DIR", type=FILE)
@click.option(
    "--key", "public", required=True, multiple=True, type=FILE, help="A public key that must have signed."
)
@click.option("--inputs", type=FILE, default=Path(), help="Where the run's inputs are, instead of here.")
def verify(*, folder: Path, public: tuple[Path, ...], inputs: Path) -> None:
    """Check the signatures of the run in DIR, and that nothing has changed since. Ends with 1 if it has."""
    checked = verify_run(folder, [keys.public_key(path) for path in public], inputs)
    for signed in checked.signatures:
        click.echo(_line(signed))
    for signed in checked.unchecked:
        click.echo(f"not checked, for want of the key: {_line(signed)}")
    for fault in checked.faults:
        click.echo(f"VOID  {visible(fault)}")
    if checked.faults:
        sys.exit(BROKEN)
    click.echo(f"Sound: {checked.subjects} files are as they were. The run ended {checked.verdict}.")


def _line(signed: Signed) -> str:
    return visible(f"{signed.meaning} by {signed.name}, {signed.signed_at}, key {signed.keyid[:16]}")
