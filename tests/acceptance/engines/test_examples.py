"""The two example integrations: what the suite says of them, in this process and as programs."""

from __future__ import annotations

import ast
import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.suite import ROOT, start

ENGINES = ROOT / "examples" / "engines"
FEATURES = "features/custom_webshop"
PLAIN = ("-q", "-p", "no:cacheprovider")


def spec(name: str, kind: str) -> str:
    """An example's SPEC."""
    if kind == "python":
        return f"python:examples.engines.{name}:build"
    return f"command:{shlex.join([sys.executable, str(ENGINES / f'{name}.py')])}"


@pytest.mark.parametrize("name", ["minimal", "naive"])
def test_an_example_imports_nothing_of_ours(name: str) -> None:
    tree = ast.parse((ENGINES / f"{name}.py").read_text(encoding="utf-8"))
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {module.partition(".")[0] for module in named} - sys.stdlib_module_names == {"httpx"}


def test_the_minimal_one_passes_every_scenario_of_the_checklist() -> None:
    ended = start(ROOT, "pytest", FEATURES, "--engine", spec("minimal", "python"), *PLAIN)
    assert ended.code == 0, ended.out
    assert re.search(r"^\d{3} passed in", ended.out, re.MULTILINE)


REASONS = {
    "sales and deliveries don't add up": r"stock of the .*: expected \d+, saw \d+",
    "a renamed record isn't known again": r"records called Inventory: expected 1, saw 2",
    "an order is placed twice": r"records called Order: expected 1, saw 2",
    "the edit of one property undoes that of another": r"price of the Sesamproducts: expected '24.5 USD'",
    "the earlier edit wins": r"sku of the Inventory: expected 'MUG-LATER', saw 'MUG-EARLIER'",
    "a change made meanwhile is overwritten, or stops all": r"a cycle ended with an error: .* 412",
    "what the storefront makes of a value comes back as an edit": r"to the letter: expected '24', saw '24.00'",
    "being asked for patience stops all": r"a cycle ended with an error: .* 429",
    "one bad record stops all": r"the storefront has no product GHOST",
}


def test_the_naive_one_is_rejected_for_many_reasons(tmp_path: Path) -> None:
    items = ["1.1", "1.2", "2.1", "4.2"]
    only = [part for item in items for part in ("--only", item)]
    ended = start(ROOT, "bothways", "run", "--engine", spec("naive", "python"), "--out", str(tmp_path), *only)
    result: dict[str, Any] = json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))
    assert (ended.code, result["verdict"]) == (1, "REJECTED")
    told = [failure["message"] for failure in result["failures"]]
    missing = [why for why, words in REASONS.items() if not any(re.search(words, one) for one in told)]
    assert missing == [], "\n".join(told)


@pytest.mark.parametrize(("name", "expected"), [("minimal", {"PASS"}), ("naive", {"PASS", "FAIL"})])
def test_an_example_fares_alike_as_a_program(tmp_path: Path, name: str, expected: set[str]) -> None:
    verdicts: list[dict[str, str]] = []
    for kind in ("python", "command"):
        out = tmp_path / kind
        only = ("--only", "1.3", "--only", "2.1")
        start(ROOT, "bothways", "run", *only, "--engine", spec(name, kind), "--out", str(out))
        result = json.loads((out / "result.json").read_text(encoding="utf-8"))
        pieces = (piece for item in result["items"] for piece in item["evidence"])
        verdicts.append({piece["id"]: piece["verdict"] for piece in pieces if ".feature" in piece["id"]})
    assert set(verdicts[0].values()) - {"UNPROVEN"} == expected
    assert verdicts[0] == verdicts[1]
