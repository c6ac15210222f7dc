"""What mutation testing came to, as it is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from calibration.mutation import EQUIVALENTS, Equivalent, listed, tell

ORIGINAL = ["def {}(shape):", "    if shape:", "        return 1", "    return 2"]
CHANGED = ["def {}(shape):", "    if not shape:", "        return 1", "    return 2"]
SAME = Equivalent("bothways.sync.plan._rests", "if shape:", "if not shape:", "nobody can tell")


def ran(
    folder: Path, codes: Mapping[str, int | None], module: str = "plan", function: str = "x__rests"
) -> None:
    """What mutmut leaves of a module with one function, of which each mutant has another condition."""
    file = folder / "bothways" / "sync" / f"{module}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    copies = {f"{function}__mutmut_{number}": CHANGED for number in codes} | {
        f"{function}__mutmut_orig": ORIGINAL
    }
    lines: list[str] = []
    spans = {}
    for name, source in copies.items():
        spans[name] = [len(lines) + 1, len(lines) + len(source)]
        lines += [line.format(name) for line in source]
    file.write_text("\n".join(lines), encoding="utf-8")
    keys = {f"bothways.sync.{module}.{function}__mutmut_{number}": code for number, code in codes.items()}
    file.with_suffix(".py.meta").write_text(json.dumps({"exit_code_by_key": keys}), encoding="utf-8")
    file.with_suffix(".py.spans").write_text(json.dumps({"spans": spans}), encoding="utf-8")


def said(capsys: pytest.CaptureFixture[str]) -> list[list[str]]:
    return [line.split() for line in capsys.readouterr().out.splitlines()[1:]]


def test_a_module_is_told_by_its_score_and_its_survivors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, {"1": 1, "2": 0, "3": 36, "4": None})
    ran(tmp_path, {"1": 1}, "shape", "xǁShapeǁcut")
    ran(tmp_path, {"1": None}, "store")
    assert tell(tmp_path, []) == 1
    assert said(capsys) == [
        ["bothways/sync/plan.py", "3", "2", "0", "66.7%"],
        ["bothways/sync/shape.py", "1", "1", "0", "100.0%"],
        ["3", "of", "4", "mutants", "noticed:", "75.0%"],
        ["survived", "bothways.sync.plan.x__rests__mutmut_2"],
        ["not", "measured:", "bothways/sync/store.py"],
    ]


def test_a_mutant_that_no_test_reaches_is_not_noticed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, {"1": 33, "2": 1})
    assert tell(tmp_path, []) == 1
    assert ["no", "test", "bothways.sync.plan.x__rests__mutmut_1"] in said(capsys)


def test_with_few_left_it_is_well_and_with_nothing_run_it_is_not(tmp_path: Path) -> None:
    assert tell(tmp_path, []) == 2
    ran(tmp_path, {"0": 0} | {str(number): 1 for number in range(1, 20)})
    assert tell(tmp_path, []) == 0
    ran(tmp_path, {"0": 0} | {str(number): 1 for number in range(1, 19)})
    assert tell(tmp_path, []) == 1


def test_what_changes_nothing_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ran(tmp_path, {"1": 1, "2": 0})
    assert tell(tmp_path, [SAME]) == 0
    assert said(capsys) == [
        ["bothways/sync/plan.py", "2", "1", "1", "100.0%"],
        ["1", "of", "1", "mutants", "noticed:", "100.0%"],
    ]


def test_a_method_is_listed_by_its_class(tmp_path: Path) -> None:
    ran(tmp_path, {"1": 0, "2": 1}, "shape", "xǁShapeǁcut")
    assert tell(tmp_path, [Equivalent("bothways.sync.shape.Shape.cut", SAME.before, SAME.after, "so")]) == 0


@pytest.mark.parametrize(
    ("codes", "entry", "told"),
    [
        ({"1": 1}, SAME, "listed, but it is noticed: bothways.sync.plan._rests: if shape:"),
        (
            {"1": 1},
            Equivalent("bothways.sync.plan._old", "if old:", "if not old:", "so"),
            "listed, but there is no such mutant: bothways.sync.plan._old: if old:",
        ),
    ],
)
def test_an_entry_that_excuses_nothing_is_told(
    codes: Mapping[str, int | None],
    entry: Equivalent,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ran(tmp_path, codes)
    assert tell(tmp_path, [entry]) == 1
    assert told in capsys.readouterr().out.splitlines()


def test_an_entry_is_left_alone_while_its_mutant_was_not_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ran(tmp_path, {"1": None})
    ran(tmp_path, {"1": 1}, "shape")
    assert tell(tmp_path, [SAME]) == 0
    assert "listed" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[equivalent]", "equivalents.toml: "),
        ('[[equivalent]]\nfunction = "f"', "entry 1: expected texts for after, before, function, reason"),
        ("[[equivalent]]\nfunction = 1\nbefore = ''\nafter = ''\nreason = ''", "entry 1: expected texts"),
    ],
)
def test_a_list_that_says_something_else_is_refused_in_one_line(
    text: str, reason: str, tmp_path: Path
) -> None:
    file = tmp_path / "equivalents.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as refusal:
        listed(file)
    assert reason in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_every_listed_mutant_has_its_reason() -> None:
    assert all(entry.reason and entry.before != entry.after for entry in listed(EQUIVALENTS))
