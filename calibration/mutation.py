"""What mutation testing came to: of each module, how many mutants the tests noticed. After `mutmut run`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
MUTANTS = ROOT / "mutants" / "src"
SURVIVED = 0
"""mutmut keeps pytest's exit code for each mutant: 0 is a suite that noticed nothing, none a mutant still to be run."""


def outcomes(meta: Path) -> dict[str, int]:
    """The exit code of each mutant of a module that was run. Raises KeyError for a file that isn't mutmut's."""
    codes: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    return {name: code for name, code in codes.items() if code is not None}


def tell(mutants: Path) -> int:
    """Print the score of each module and the names of its survivors; 1 if there are any, 2 if nothing was run."""
    console = Console(highlight=False)
    table = Table("Module", "Mutants", "Noticed", "Score", box=None, pad_edge=False)
    survivors: list[str] = []
    total = 0
    for meta in sorted(mutants.rglob("*.py.meta")):
        if codes := outcomes(meta):
            lived = [name for name, code in codes.items() if code == SURVIVED]
            noticed = len(codes) - len(lived)
            module = meta.relative_to(mutants).as_posix().removesuffix(".meta")
            table.add_row(module, str(len(codes)), str(noticed), f"{noticed / len(codes):.1%}")
            total += len(codes)
            survivors += lived
    if not total:
        console.print("no mutant was run")
        return 2
    console.print(table)
    console.print(f"{total - len(survivors)} of {total} mutants noticed: {1 - len(survivors) / total:.1%}")
    for name in survivors:
        console.print(f"survived  {name}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(tell(MUTANTS))
