"""A list of events in a file: what every failure leaves behind, and what replay runs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from bothways.errors import InputError
from properties.events import Event, from_json, to_json
from properties.scenes import SCENES, Scene


def save(file: Path, scene: Scene, history: Iterable[Event]) -> None:
    """Keep a list of events as JSON, one event a line."""
    lines = ",\n".join(json.dumps(to_json(event), ensure_ascii=False) for event in history)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'{{"scene": "{scene.name}", "events": [\n{lines}\n]}}\n', encoding="utf-8")


def load(file: Path) -> tuple[Scene, list[Event]]:
    """The scene and the events of a kept list. Raises `InputError` for any other file."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return SCENES[kept["scene"]], [from_json(event) for event in kept["events"]]
    except OSError as error:
        raise InputError(file, None, f"can't read the events: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise InputError(file, error.lineno, f"not JSON: {error.msg}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(file, None, f"not a list of events: {error!r}") from None
