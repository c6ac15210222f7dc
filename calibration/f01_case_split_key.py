"""F01: keys are compared without the system's case rule: two records for one."""

from __future__ import annotations

from typing import Any

from bothways.mapping import Criterion
from bothways.sync import shape
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S02")
build = fault.build


@fault.instead_of(shape, "key_form")
def in_one_case(original: Original, value: Any, *, fold_case: bool) -> Any:  # noqa: ARG001  # the fault
    return original(value, fold_case=False)


def happens(world: World) -> bool:
    flows = tuple(
        flow.model_copy(update={"criteria": tuple(_folding(one) for one in flow.criteria)})
        for flow in world.mapping.flows
    )
    world.remap(world.mapping.model_copy(update={"flows": flows}))
    world.create(VARIANT, {"sku": "MUG-1"})
    world.create(PRODUCT, {"sku": "mug-1"})
    synchronise(world)
    return number_of(world, VARIANT) == 2


def _folding(criterion: Criterion) -> Criterion:
    return criterion.model_copy(update={"fold_case": True})
