"""`make simulate`: draws histories on every core for as long as it is given."""

from __future__ import annotations

import argparse
import itertools
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

from bothways.acceptance import engines
from properties.hunt import Found, hunt
from properties.scenes import DRAWN, SCENES

HISTORIES = 10
"""Drawn between two looks at the clock."""
STEPS = 30


def search(first_seed: int, every: int, until: float, engine: str, found: Path) -> tuple[Counter[str], str]:
    """Hunt with every so-manieth seed until a time (as `time.time` tells it). Gives what was done, and what was
    found, "" if nothing."""
    factory = engines.parse(engine).factory()
    done: Counter[str] = Counter()
    for seed, scene in zip(itertools.count(first_seed, every), itertools.cycle(DRAWN), strict=False):
        if time.time() >= until:
            break
        try:
            done += hunt(scene, factory, HISTORIES, STEPS, seed, found)
        except Found as breach:
            return done, f"seed {seed}, {scene.name}\n{breach}"
        done["histories"] += HISTORIES
    return done, ""


def main() -> int:
    """Exit code 0 if nothing was found, 1 otherwise."""
    asked = argparse.ArgumentParser(prog="python -m properties.simulate", description=__doc__)
    asked.add_argument("--seconds", type=float, default=60, help="how long to look (default: %(default)s)")
    asked.add_argument(
        "--seed", type=int, default=time.time_ns() % 2**31, help="where to begin (default: anywhere)"
    )
    asked.add_argument("--engine", default=engines.CORE, help="the integration under test")
    asked.add_argument("--out", type=Path, default=Path("out/found"), help="where failures are kept")
    given = asked.parse_args()
    cores = os.cpu_count() or 1
    until = time.time() + given.seconds
    total: Counter[str] = Counter()
    failures: list[str] = []
    with ProcessPoolExecutor(cores) as pool:
        searches = [
            pool.submit(search, given.seed + core, cores, until, given.engine, given.out)
            for core in range(cores)
        ]
        for ended in as_completed(searches):
            done, failure = ended.result()
            total += done
            failures += [failure] if failure else []
    _say(f"from seed {given.seed}: {', '.join(f'{count} {what}' for what, count in total.most_common())}")
    rate = total["histories"] / given.seconds
    _say(f"{rate:.1f} histories of {STEPS} steps a second on {cores} cores, over {len(SCENES) - 1} mappings")
    _say("\n\n".join(failures) or "no rule is broken")
    return 1 if failures else 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
