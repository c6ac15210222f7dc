"""How much is tried: `quick` in seconds, `ci` in a few minutes, `thorough` for as long as it is given.

A profile is Hypothesis's own, chosen by `--hypothesis-profile`; plain pytest takes `ci`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, settings

DEFAULT = "ci"


@dataclass(frozen=True)
class Profile:
    """`histories` are drawn per mapping, of `steps` rules each. `floors` are the least that all histories of a
    mapping together must have done. `depth` is how many events an enumerated history has, `depth_with_fault` the
    same beside a kill or a lost answer."""

    histories: int
    steps: int
    values: int
    depth: int
    depth_with_fault: int
    floors: Mapping[str, int] = field(default_factory=dict)


PROFILES = {
    "quick": Profile(4, 12, 20, 2, 0, {"cycle completed": 15, "create": 4}),
    "ci": Profile(
        40,
        30,
        200,
        4,
        2,
        {
            "cycle completed": 300,
            "create": 60,
            "edit": 60,
            "conflict": 10,
            "clear": 10,
            "delete": 5,
            "cycle killed": 2,
            "edit during a cycle": 10,
            "faults": 20,
        },
    ),
    "thorough": Profile(400, 40, 2000, 5, 3, {"cycle completed": 4000, "conflict": 200, "cycle killed": 40}),
}


def register() -> None:
    """Make the profiles known to Hypothesis."""
    for name, profile in PROFILES.items():
        settings.register_profile(
            name,
            max_examples=profile.values,
            deadline=None,  # the machine that a test runs on is shared
            database=None,  # a failure keeps its list of events instead
            print_blob=False,
            suppress_health_check=[HealthCheck.too_slow],
        )


def present() -> Profile:
    """The profile of this run."""
    return PROFILES.get(settings.get_current_profile_name(), PROFILES[DEFAULT])


def of_machine(profile: Profile) -> settings:
    """The settings of a state machine. A failure is shrunk by leaving out events, which is faster."""
    return settings(
        max_examples=profile.histories,
        stateful_step_count=profile.steps,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
