"""How much is tried: `quick` in seconds, `ci` in a few minutes, `thorough` for as long as it is given.

A profile is Hypothesis's own, chosen by `--hypothesis-profile`; plain pytest takes `ci`.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings

DEFAULT = "ci"


@dataclass(frozen=True)
class Profile:
    """`histories` are drawn under the webshop's mapping, half as many under each of ours, of `steps` rules each.
    `values` is how many Hypothesis tries, `depth` how many events an enumerated history has, `depth_with_fault` the
    same beside a kill or a lost answer."""

    histories: int
    steps: int
    values: int
    depth: int
    depth_with_fault: int

    def floors(self, histories: int) -> dict[str, int]:
        """The least that so many histories must have done together, lest they prove nothing."""
        return {what: int(share * histories * self.steps / 30) for what, share in A_HISTORY.items()}


A_HISTORY = {
    "cycle completed": 10.0,
    "create": 1.5,
    "edit": 1.5,
    "settle": 1.0,
    "conflict": 0.2,
    "clear": 0.2,
    "delete": 0.2,
    "edit during a cycle": 0.2,
    "fault": 0.5,
    "cycle killed": 0.25,
    "notify": 0.2,
    "lose_state": 0.1,
    "share": 0.1,
    "set_clock": 0.1,
}
"""What a history of thirty steps does on average, at the very least."""

PROFILES = {
    "quick": Profile(histories=4, steps=12, values=20, depth=2, depth_with_fault=0),
    "ci": Profile(histories=40, steps=30, values=200, depth=4, depth_with_fault=2),
    "thorough": Profile(histories=400, steps=40, values=2000, depth=5, depth_with_fault=3),
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


def of_machine(histories: int, steps: int) -> settings:
    """The settings of a state machine. A failure is shrunk by leaving out events, which is faster."""
    return settings(
        max_examples=histories,
        stateful_step_count=steps,
        phases=[Phase.generate],
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
