"""Small YAML files that people write, read into models: every unknown key is an error with its line."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bothways.errors import InputError
from bothways.mapping_file import line_of

Model = TypeVar("Model", bound=BaseModel)


def read(path: Path, model: type[Model]) -> tuple[Model, yaml.Node]:
    """What `path` holds, and its YAML node for the lines of what is found later.

    Raises `InputError`, whose one line names file, line and key.
    """
    try:
        text = path.read_text(encoding="utf-8")
        root = yaml.compose(text, Loader=yaml.CSafeLoader) or yaml.MappingNode("tag:yaml.org,2002:map", [])
        raw = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise InputError(path, None, f"can't be read: {reason}") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise InputError(path, mark.line + 1 if mark else None, f"broken YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InputError(path, None, f"broken YAML: {str(error).splitlines()[0]}") from None
    try:
        return model.model_validate({} if raw is None else raw), root
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(map(str, first["loc"])) or path.stem
        line = line_of(root, first["loc"]) if root.start_mark else 1
        raise InputError(path, line, f"{key}: {first['msg']}") from None
