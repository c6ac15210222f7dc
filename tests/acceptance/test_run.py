"""`bothways run`, from a checklist to a verdict."""

from __future__ import annotations

from tests.acceptance.suite import Suite


def test_a_sound_suite_is_accepted(suite: Suite) -> None:
    ended = suite.run()
    assert ended.code == 0, ended.out
    assert set(ended.verdicts().values()) == {"PASS"}


def test_b(suite: Suite) -> None:
    ended = suite.pytest()
    assert ended.code == 0, ended.out
