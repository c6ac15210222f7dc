"""F02: a composed and a decomposed accent make two keys."""

from __future__ import annotations

from typing import Any

from bothways.sync import shape
from bothways.sync.codecs import empty
from calibration.bench import PRODUCT, VARIANT, number_of
from calibration.planting import Fault, Original
from steps.cycles import synchronise
from steps.world import World

fault = Fault("S02")
build = fault.build


@fault.instead_of(shape, "key_form")
def by_code_points(original: Original, value: Any, *, fold_case: bool) -> Any:  # noqa: ARG001  # the fault
    if empty(value) or isinstance(value, dict | list):
        return ""
    text = str(value).strip()
    return text.casefold() if fold_case else text


def happens(world: World) -> bool:
    world.create(VARIANT, {"sku": "CAFE\u0301-1"})
    world.create(PRODUCT, {"sku": "CAF\u00c9-1"})
    synchronise(world)
    return number_of(world, VARIANT) == 2
