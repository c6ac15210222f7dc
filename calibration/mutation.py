"""What mutation testing came to: of each module, how many mutants the tests noticed. After `mutmut run`.

Mutants that change nothing are listed in `equivalents.toml`, each with the reason; they don't count.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import unified_diff
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
MUTANTS = ROOT / "mutants" / "src"
EQUIVALENTS = Path(__file__).parent / "equivalents.toml"
MEASURED = "bothways/sync"
LEAST = 0.95
"""The score below which the tests are not good enough."""

UNNOTICED = {0: "survived", 5: "no test", 33: "no test"}
"""mutmut keeps pytest's exit code for each mutant, 33 where no test reaches it, none while it is to be run."""


@dataclass(frozen=True, slots=True)
class Change:
    """The lines of a function that a mutant changes, without their indentation. `function` is its dotted name."""

    function: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Equivalent(Change):
    """A change that nobody could notice."""

    reason: str

    @property
    def change(self) -> Change:
        return Change(self.function, self.before, self.after)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One of mutmut's functions; `code` is None while it wasn't run."""

    name: str
    change: Change
    code: int | None


def listed(file: Path) -> list[Equivalent]:
    """The mutants that change nothing. Raises `SystemExit` for a file that says something else."""
    wanted = {field.name for field in fields(Equivalent)}
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("equivalent", [])
    except tomllib.TOMLDecodeError as error:
        raise SystemExit(f"{file.name}: {error}") from None
    for number, entry in enumerate(entries, start=1):
        if entry.keys() != wanted or not all(isinstance(value, str) for value in entry.values()):
            raise SystemExit(f"{file.name}: entry {number}: expected texts for {', '.join(sorted(wanted))}")
    return [Equivalent(**entry) for entry in entries]


def mutants(meta: Path) -> list[Mutant]:
    """All mutants of a module. Raises KeyError for a file that isn't mutmut's."""
    module = meta.with_suffix("")
    codes: dict[str, int | None] = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"]
    spans: dict[str, list[int]] = json.loads(module.with_suffix(".py.spans").read_text(encoding="utf-8"))[
        "spans"
    ]
    lines = module.read_text(encoding="utf-8").splitlines()

    def source(name: str) -> list[str]:
        start, end = spans[name]
        return [line.strip().replace(name, "") for line in lines[start - 1 : end]]

    found = []
    for name, code in codes.items():
        dotted, _, mangled = name.rpartition(".")
        changed = _differing(source(f"{mangled.rpartition('_')[0]}_orig"), source(mangled))
        found.append(Mutant(name, Change(f"{dotted}.{_plain(mangled)}", *changed), code))
    return found


def _plain(mangled: str) -> str:
    """The name of the function that mutmut has made `x_name__mutmut_1` or `xǁClassǁname__mutmut_1` of."""
    name = mangled.partition("__mutmut_")[0]
    return name.removeprefix("x_") if name.startswith("x_") else name[2:].replace("ǁ", ".")


def _differing(original: Sequence[str], mutated: Sequence[str]) -> tuple[str, str]:
    """The lines that only one of two functions has."""
    header, lines = 2, list(unified_diff(original, mutated, n=0, lineterm=""))
    gone, come = (" ".join(line[1:] for line in lines[header:] if line.startswith(sign)) for sign in "-+")
    return gone, come


def tell(folder: Path, equivalents: Sequence[Equivalent]) -> int:
    """Print each module's score, and what is left to do; 1 if that is too much, 2 if nothing was run."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    modules = {meta.relative_to(folder).as_posix()[:-5]: mutants(meta) for meta in folder.rglob("*.py.meta")}
    run = {
        module: [mutant for mutant in found if mutant.code is not None]
        for module, found in sorted(modules.items())
    }
    everything = [mutant for found in run.values() for mutant in found]
    if not everything:
        console.print("no mutant was run")
        return 2
    excused = {equivalent.change for equivalent in equivalents}
    left = [mutant for mutant in everything if mutant.code in UNNOTICED and mutant.change not in excused]
    console.print(_table({module: found for module, found in run.items() if found}, excused))
    counted = sum(mutant.code not in UNNOTICED for mutant in everything) + len(left)
    score = 1 - len(left) / counted if counted else 1.0
    console.print(f"{counted - len(left)} of {counted} mutants noticed: {score:.1%}")
    for mutant in left:
        console.print(f"{UNNOTICED[mutant.code or 0]}  {mutant.name}")
    idle = list(_idle(equivalents, [mutant for found in modules.values() for mutant in found]))
    for line in idle:
        console.print(line)
    if unmeasured := _unmeasured(folder, run):
        console.print(f"not measured: {', '.join(unmeasured)}")
    return 1 if idle or score < LEAST else 0


def _table(run: Mapping[str, Sequence[Mutant]], excused: set[Change]) -> Table:
    table = Table("Module", "Mutants", "Noticed", "Listed", "Score", box=None, pad_edge=False)
    for module, found in run.items():
        noticed = sum(mutant.code not in UNNOTICED for mutant in found)
        out = sum(mutant.code in UNNOTICED and mutant.change in excused for mutant in found)
        score = f"{noticed / (len(found) - out):.1%}" if len(found) > out else "-"
        table.add_row(module, str(len(found)), str(noticed), str(out), score)
    return table


def _idle(equivalents: Sequence[Equivalent], known: Sequence[Mutant]) -> Iterator[str]:
    """Entries of the list that excuse nothing."""
    codes: dict[Change, list[int | None]] = {}
    for mutant in known:
        codes.setdefault(mutant.change, []).append(mutant.code)
    for entry in equivalents:
        there = codes.get(entry.change, [])
        if not there:
            yield f"listed, but there is no such mutant: {entry.function}: {entry.before}"
        elif None not in there and not UNNOTICED.keys() & set(there):
            yield f"listed, but it is noticed: {entry.function}: {entry.before}"


def _unmeasured(folder: Path, run: Mapping[str, Sequence[Mutant]]) -> list[str]:
    """Modules with functions of which no mutant was run."""
    files = {file.relative_to(folder).as_posix(): file for file in (folder / MEASURED).rglob("*.py")}
    return [
        module
        for module, file in sorted(files.items())
        if not run.get(module) and "def " in file.read_text(encoding="utf-8")
    ]


if __name__ == "__main__":
    sys.exit(tell(MUTANTS, listed(EQUIVALENTS)))
