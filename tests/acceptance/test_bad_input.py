"""Bad input ends with one line that names file and place, and exit code 3."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.acceptance.suite import BOOKS, CHECKLIST, ENGINE, MAPPING, Ended, Suite


def assert_refused(ended: Ended, line: str) -> None:
    """One line on standard error that begins with `line`, exit code 3, nothing else."""
    assert ended.code == 3, ended.out + ended.err
    assert ended.err.startswith(f"bothways: {line}")
    assert ended.err.count("\n") == 1
    assert "Traceback" not in ended.out
    assert not (ended.folder / "out/result.json").exists()


def remove(path: str) -> Callable[[Suite], None]:
    return lambda suite: (suite.folder / path).unlink()


def replace(path: str, old: str, new: str) -> Callable[[Suite], None]:
    return lambda suite: suite.replace(path, old, new)


def write(path: str, text: str) -> Callable[[Suite], None]:
    return lambda suite: suite.write(path, text)


SPOILT = {
    "no checklist": (remove(CHECKLIST), f"{CHECKLIST}: can't be read: No such file or directory"),
    "not a checklist": (
        write(CHECKLIST, "Shopping\n========\n\n- milk\n"),
        f"{CHECKLIST}:1: not a checklist: no title `<Source> to <Target> Dataflow`",
    ),
    "broken YAML": (
        replace(MAPPING, "      Entry:\n        fields:", "      Entry:\n        fields: ["),
        f"{MAPPING}:26: broken YAML: ",
    ),
    "unknown datatype": (
        replace(
            MAPPING, "target: {system: kiosk, datatype: Entry}", "target: {system: kiosk, datatype: Entree}"
        ),
        f"{MAPPING}:35: flows.0.target.datatype: unknown datatype 'Entree' of system 'kiosk'",
    ),
    "tag that names no item": (
        replace(BOOKS, "@1.3.2", "@1.3.3"),
        f"{BOOKS}:22: tag @1.3.3 names no item of the checklist",
    ),
    "tag that names no rule": (
        replace(BOOKS, "@1.2 @S07", "@1.2 @S77"),
        f"{BOOKS}:9: tag @S77 names no rule",
    ),
    "not Gherkin": (
        replace(BOOKS, "  Scenario Outline: An edit", "  Scenery: An edit"),
        f"{BOOKS}:10: not Gherkin: ",
    ),
    "no features": (
        lambda suite: (suite.folder / "features/library_kiosk").rename(suite.folder / "features/other"),
        f"features/library_kiosk: no such folder: the features of {CHECKLIST} belong there",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_bad_input_is_told_in_one_line(suite: Suite, name: str) -> None:
    spoil, line = SPOILT[name]
    spoil(suite)
    assert_refused(suite.run(), line)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--only", "9.9"], f"--only: '9.9' is no item of {CHECKLIST}"),
        (["--mapping", "nowhere.yaml"], "nowhere.yaml: can't read the mapping: No such file or directory"),
        (["--seed", "many"], "Invalid value for '--seed': 'many' is not a valid integer."),
        (
            ["--profile", "slow"],
            "Invalid value for '--profile': 'slow' is not one of 'quick', 'ci', 'thorough'.",
        ),
        (["--out", "pyproject.toml"], "pyproject.toml: can't be made a folder: File exists"),
        (["--nonsense"], "No such option '--nonsense'."),
    ],
)
def test_bad_arguments_end_with_3_not_2(suite: Suite, arguments: list[str], line: str) -> None:
    assert_refused(suite.run(*arguments), line)


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ("ftp://x", "'ftp://x' is no integration: use core, python:"),
        ("python:clerk", "'python:clerk' is no integration: use core, python:"),
        ("python:clerk:", "'python:clerk:' is no integration: use core, python:"),
        ("python:nowhere:build", "python:nowhere:build: No module named 'nowhere'"),
        ("python:clerk:hire", "python:clerk:hire: module 'clerk' has no attribute 'hire'"),
        ("python:clerk:__doc__", "python:clerk:__doc__: __doc__ can't be called"),
    ],
)
def test_an_engine_that_isnt_there_is_told_before_anything_runs(suite: Suite, spec: str, line: str) -> None:
    assert_refused(suite.bothways("run", CHECKLIST, "--engine", spec), f"--engine: {line}")


def test_an_unknown_command_ends_with_3(suite: Suite) -> None:
    assert_refused(suite.bothways("dance"), "No such command 'dance'.")


def test_a_person_in_a_terminal_sees_the_same_one_line(suite: Suite) -> None:
    suite.replace(BOOKS, "@1.3.2", "@1.3.3")
    ended = suite.outside("bothways", "run", CHECKLIST, "--engine", ENGINE)
    assert_refused(ended, f"{BOOKS}:22: tag @1.3.3 names no item of the checklist")


@pytest.mark.parametrize(
    "name", ["tag that names no item", "unknown datatype", "not Gherkin", "no checklist"]
)
def test_plain_pytest_refuses_it_too_and_says_the_same(suite: Suite, name: str) -> None:
    spoil, line = SPOILT[name]
    spoil(suite)
    ended = suite.pytest()
    assert ended.code == pytest.ExitCode.USAGE_ERROR
    assert f"ERROR: {line}" in ended.err.replace(str(suite.folder) + "/", "")
