"""What the sentences of the features do, over the world that they share.

A mapping gives every name, so the same sentences serve any checklist of the family.
"""

MODULES = (
    "steps.world",
    "steps.cycles",
    "steps.records",
    "steps.edits",
    "steps.faults",
    "steps.outcomes",
    "steps.reports",
)
"""The plugins that `conftest.py` loads; each before those that import it."""
