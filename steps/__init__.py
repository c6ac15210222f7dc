"""What the sentences of the features do: by noun, over the world that they share.

A mapping gives every name, so the same sentences serve any checklist of the family. `MODULES` are the plugins that
`conftest.py` loads.
"""

MODULES = (
    "steps.world",
    "steps.records",
    "steps.edits",
    "steps.cycles",
    "steps.faults",
    "steps.outcomes",
    "steps.reports",
)
