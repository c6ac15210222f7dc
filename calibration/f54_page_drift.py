"""F54: pages are walked by cursor alone: a record that moves while they are makes another skip a page."""

from __future__ import annotations

from typing import Any

from bothways.sync.connectors.squarespace import api
from calibration.planting import Fault, Original
from steps.world import World

fault = Fault("S27")
build = fault.build


@fault.instead_of(api, "_last_of_ascending")
def none(original: Original, *_: Any) -> None:  # noqa: ARG001  # the fault
    """Never asked for by time."""


def happens(world: World) -> bool:
    raise NotImplementedError
