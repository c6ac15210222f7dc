"""Reading a mapping from YAML, with errors that name file, line and key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import ValidationError

from bothways.errors import MappingError
from bothways.mapping import Access, Flow, Mapping, Merge, Property, Type

Location = tuple[int | str, ...]


def load(path: str | Path) -> Mapping:
    """Read and check the mapping in the YAML file at `path`.

    Raises `MappingError`, whose one line names file, line and key: for a missing file, broken YAML, a key or value
    that doesn't fit, and a mapping that contradicts itself.
    """
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise MappingError(file, None, f"can't read the mapping: {reason}") from None
    return loads(text, file)


def loads(text: str, file: str | Path) -> Mapping:
    """The same from a text; `file` is the name that errors give."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
        raw = yaml.load(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise MappingError(file, line, f"broken YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise MappingError(file, None, f"broken YAML: {str(error).splitlines()[0]}") from None
    if root is None or not isinstance(raw, dict):
        raise MappingError(
            file, 1, "not a mapping: it should be a YAML mapping with schema, systems and flows"
        )
    try:
        mapping = Mapping.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _at(root, first["loc"], first["msg"], file) from None
    for location, message in contradictions(mapping):
        raise _at(root, location, message, file)
    return mapping


def _at(root: yaml.Node, location: Location, message: str, file: str | Path) -> MappingError:
    key = ".".join(str(part) for part in location) or "mapping"
    return MappingError(file, line_of(root, location), f"{key}: {message}")


def line_of(node: yaml.Node, location: Location) -> int:
    """The line of the deepest node on `location` that stands in the document."""
    line = node.start_mark.line
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(key, value) for key, value in node.value if key.value == str(part)]
            if not found:
                break
            key, node = found[0]
            line = key.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line
        else:
            break
    return line + 1


def contradictions(mapping: Mapping) -> Iterator[tuple[Location, str]]:
    """Where parts of a mapping that are each well formed don't fit together, and why."""
    for number, flow in enumerate(mapping.flows):
        yield from _of_flow(mapping, flow, ("flows", number))


def _of_flow(mapping: Mapping, flow: Flow, here: Location) -> Iterator[tuple[Location, str]]:
    for end in ("source", "target"):
        side = getattr(flow, end)
        system = mapping.systems.get(side.system)
        if system is None:
            yield (*here, end, "system"), f"unknown system '{side.system}'"
            return
        if side.datatype not in system.datatypes:
            yield (*here, end, "datatype"), f"unknown datatype '{side.datatype}' of system '{side.system}'"
            return
    target_datatypes = mapping.systems[flow.target.system].datatypes
    if flow.appears_with is not None and flow.appears_with not in target_datatypes:
        yield (
            (*here, "appears_with"),
            f"unknown datatype '{flow.appears_with}' of system '{flow.target.system}'",
        )
    for path in flow.mark:
        if path not in flow.constants:
            yield (*here, "mark"), f"'{path}' is none of this flow's constants"
    names: set[str] = set()
    for number, prop in enumerate(flow.properties):
        if prop.name in names:
            yield (*here, "properties", number, "name"), f"property '{prop.name}' stands twice in this flow"
        names.add(prop.name)
        yield from _of_property(mapping, flow, prop, (*here, "properties", number))


def _of_property(
    mapping: Mapping, flow: Flow, prop: Property, here: Location
) -> Iterator[tuple[Location, str]]:
    for name in ("source", "target"):
        side, end = getattr(flow, name), getattr(prop, name)
        fields = mapping.systems[side.system].datatypes[side.datatype].fields
        if (
            fields
            and end.path not in fields
            and not any(end.path.startswith(f"{field}.") for field in fields)
        ):
            yield (*here, name), f"'{end.path}' is no field of {side}"
        if end.stored_as is not None and end.stored_as not in mapping.systems[side.system].datatypes:
            yield (*here, name, "stored_as"), f"unknown datatype '{end.stored_as}' of system '{side.system}'"
    if prop.merge is Merge.COUNTER and prop.type not in (Type.INTEGER, Type.DECIMAL):
        yield (*here, "merge"), f"a counter is an integer or a decimal, not a {prop.type}"
    if prop.source.access is not Access.WRITABLE and prop.target.access is Access.READ_ONLY:
        both = "neither side can write it after creation, so nothing can ever cross"
        if prop.target.stored_as is None:
            yield (*here, "target"), both
