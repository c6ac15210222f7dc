"""F19: once written elsewhere, an edit counts as made when it was written."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bothways.sync import learning
from calibration.bench import linked
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S08", "S10")
build = fault.build


@fault.instead_of(learning, "acknowledge")
def at_the_time_of_writing(
    original: Original, shape: Any, entity: Any, ref: Any, sent: Any, record: Any, now: Any, *edited: Any
) -> Any:
    after = original(shape, entity, ref, sent, record, now, *edited)
    for name, version in after.versions.items():
        if version.number in sent.values():
            written = replace(version.edit, at=record.modified_at or now)
            after.versions[name] = replace(version, edit=written)
    return after


def happens(world: World) -> bool:
    product, _ = linked(world)
    world.clock.advance(60)
    world.change(product, "name", "Blue mug")
    edited = world.edits[-1].at
    world.cycle()
    account = world.subject.explain(product.side.system, product.side.datatype, product.id, "name") or {}
    return bool(account["properties"]["name"]["edited_at"] != edited.isoformat())
