"""The lines of the table: which measurement each comes from, and what was wanted of it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from benchmarks.board import ROOT, Figures

OURS = Path(sys.executable)
PEER = ROOT / "build" / "vdirsyncer"
VDIRSYNCER = "vdirsyncer==0.21.0"
AGAIN = ".venv/bin/python -m"
CYCLES = ("first", "second", "quiet", "edited")


class Measure(Protocol):
    """Runs a measurement and gives its figures."""

    def __call__(self, python: Path, module: str, *arguments: Any) -> Figures: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a figure in words, what was wanted and whether it was `met` (None: nothing was wanted)."""

    what: str
    figure: str
    again: str
    wanted: str = ""
    met: bool | None = None
    figures: Figures = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return "" if self.met is None else "yes" if self.met else "NO"

    def as_json(self) -> Figures:
        return asdict(self)


def alone(measure: Measure, large: bool) -> Iterator[Line]:
    """The engine without its systems."""
    records = 10_000 if large else 2_000
    module, again = "benchmarks.alone", f"{AGAIN} benchmarks.alone {records}"
    found = measure(OURS, module, records)
    shares = ", ".join(f"{part} {share:.0%}" for part, share in found["shares"].items())
    yield Line(
        "engine alone, first cycle", f"{found['first_ms_a_record']:.2f} ms a record", again, figures=found
    )
    yield Line("engine alone, after edits", f"{found['edited_ms_a_record']:.2f} ms an edited record", again)
    yield Line("engine alone, quiet", f"{found['quiet_ms']:.1f} ms a cycle", again)
    yield Line("where a first cycle's time goes", shares, again)


def peer(measure: Measure, large: bool) -> Iterator[Line]:
    """The same records and edits, by the core and by vdirsyncer, over the same systems."""
    del large
    if trouble := peer_trouble():
        yield Line("against vdirsyncer 0.21", f"not measured: {trouble}", "make bench")
        return
    wanted = {"first": 0.5, "quiet": 0.1, "edited": 0.2}
    for records in (1_000, 10_000):
        edited = records // 100
        theirs = measure(PEER / "bin" / "python", "benchmarks.vdirsyncer_life", records, edited)
        again = f"{AGAIN} benchmarks.core_life {records} {edited}"
        for how, flags in (("", ()), (" without batches", ("--singly",))):
            ours = measure(OURS, "benchmarks.core_life", records, edited, *flags)
            for cycle in CYCLES:
                ratio = ours[cycle]["seconds"] / theirs[cycle]["seconds"]
                fewer = ours[cycle]["requests"] <= theirs[cycle]["requests"]
                limit = None if how else wanted.get(cycle)
                yield Line(
                    f"{cycle} cycle of {records:,}{how}, against vdirsyncer",
                    f"{ratio:.2f} x ({ours[cycle]['seconds']:.2f} s to {theirs[cycle]['seconds']:.2f} s), "
                    f"{ours[cycle]['requests']:,} requests to {theirs[cycle]['requests']:,}",
                    " ".join((again, *flags)),
                    "" if limit is None else f"at most {limit} x, and no more requests",
                    None if limit is None else ratio <= limit and fewer,
                    {"ours": ours[cycle], "theirs": theirs[cycle]},
                )
            yield Line(
                f"peak memory at {records:,}{how}, against vdirsyncer",
                f"{ours['peak_mb']:.0f} MB to {theirs['peak_mb']:.0f} MB",
                " ".join((again, *flags)),
            )


def peer_trouble() -> str:
    """Why vdirsyncer can't be measured, "" if it can: it is installed once, in an environment of its own."""
    if (PEER / "bin" / "vdirsyncer").exists():
        return ""
    commands: tuple[list[str | Path], ...] = (
        [sys.executable, "-m", "venv", PEER],
        [
            PEER / "bin" / "python",
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            VDIRSYNCER,
        ],
    )
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # all ours
        if done.returncode:
            return f"it can't be installed ({done.stderr.strip().splitlines()[-1]})"
    return ""


def growth(measure: Measure, large: bool) -> Iterator[Line]:
    """Cycles of as many edits over ever more records."""
    edited = 100
    sizes = (10_000, 100_000, 1_000_000) if large else (5_000, 50_000)
    found = {
        records: measure(OURS, "benchmarks.core_life", records, edited, "--repeat", 3) for records in sizes
    }
    base = found[sizes[0]]
    for records, each in found.items():
        again = f"{AGAIN} benchmarks.core_life {records} {edited} --repeat 3"
        for cycle in ("quiet", "edited") if records != sizes[0] else ():
            ratio = each[cycle]["seconds"] / base[cycle]["seconds"]
            yield Line(
                f"{cycle} cycle at {records:,}, against {sizes[0]:,}",
                f"{ratio:.2f} x ({each[cycle]['seconds']:.3f} s to {base[cycle]['seconds']:.3f} s)",
                again,
                "at most 1.2 x",
                ratio <= 1.2,
                each[cycle],
            )
        peak, state = each["peak_mb"], each["state_bytes_a_pair"]
        yield Line(f"peak memory, {records:,}", f"{peak:.0f} MB", again, "under 300 MB", peak < 300)
        yield Line(f"state, {records:,}", f"{state:.0f} bytes a pair", again, "under 2,048", state < 2048)


def least(measure: Measure, large: bool) -> Iterator[Line]:
    """Requests of each kind of cycle over the least that the contracts allow."""
    products = 10_000 if large else 1_000
    again = f"{AGAIN} benchmarks.least {products}"
    for kind, found in measure(OURS, "benchmarks.least", products).items():
        yield Line(
            f"requests, {kind}",
            f"{found['ratio']:.3f} x the least ({found['requests']:,} to {found['least']:,})",
            again,
            "1.00",
            found["ratio"] <= 1.0,
            found,
        )
        if over := found.get("seconds_over_floor"):
            yield Line(
                f"first cycle of {products:,} products, Squarespace's limits",
                f"{over:.3f} x the limits' own floor",
                again,
                "at most 1.05",
                over <= 1.05,
            )


def harness(measure: Measure, large: bool) -> Iterator[Line]:
    """What a run takes."""
    del large
    sections = 100
    again = f"{AGAIN} benchmarks.harness --sections {sections}"
    found = measure(OURS, "benchmarks.harness", "--sections", sections)
    for name, key in (
        ("run of the webshop's checklist", "webshop"),
        (f"run of one of {sections} sections", "sections"),
        ("pytest-bdd, as many empty scenarios as the webshop's", "pytest_bdd_empty"),
    ):
        each = found[key]
        yield Line(
            name,
            f"{each['minutes']:.2f} min, {each['scenarios_a_second']:.1f} scenarios a second",
            again,
            figures=each,
        )
    yield Line(
        "state machine",
        f"{found['machine_steps_a_second']:.0f} steps a second on {found['cores']} cores",
        again,
    )
    parse = found["parse_ms"]
    yield Line("parsing the webshop's checklist", f"{parse:.1f} ms", again, "8 ms or better", parse <= 8)
