"""What failed and rests is tried again at once, because a person says so (S25)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bothways.sync.members import linked
from bothways.sync.shape import Shape
from bothways.sync.store import Store


def retry_all(shape: Shape, store: Store, now: datetime) -> int:
    """Make everything due that waits for its time; gives how many troubles and unknown outcomes that is."""
    count = 0
    with store.transaction():
        for before in list(store.notable()):
            if not before.troubles:
                continue
            after = before.copy()
            after.troubles = {
                subject: replace(trouble, due=now) for subject, trouble in before.troubles.items()
            }
            count += len(after.troubles)
            store.save(
                after,
                before,
                pending=True,
                due=now,
                notable=True,
                linked=linked(shape, after),
            )
        for intent in store.intents():
            store.postpone(intent, now)
            count += 1
    return count
