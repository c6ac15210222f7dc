"""The mapping of a draft: both systems on the generic contract, with datatypes and fields from the checklist."""

from __future__ import annotations

from typing import Any

import yaml

from bothways.checklist.model import Side
from bothways.checklist.scaffold.draft import Draft, Flow, Row

HEAD = """\
# Drafted from {file}. Data only.
# Both systems stand on the generic contract until they are bound to connectors of their own.
# Lines marked FILL IN ask for something that the checklist doesn't say; what depends on it is UNPROVEN until then.
"""


def mapping_text(draft: Draft, checklist_path: str) -> str:
    """The YAML of the draft's mapping."""
    content = {
        "schema": 1,
        "checklist": checklist_path,
        "systems": {system.key: _system(draft, name) for name, system in draft.systems.items()},
        "flows": [_flow(draft, flow) for flow in draft.flows],
    }
    text = yaml.dump(content, sort_keys=False, allow_unicode=True, width=120, Dumper=_Plain)
    return HEAD.format(file=checklist_path) + "".join(_marks(draft)) + "\n" + text


class _Plain(yaml.SafeDumper):
    """Repeats what is equal, for a reader finds an anchor less easily."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _marks(draft: Draft) -> list[str]:
    marks = []
    for flow in draft.flows:
        number, unfilled = flow.section.number, []
        if condition := next((one.condition for one in flow.section.statements if one.condition), None):
            unfilled.append(
                f"condition, as JMESPath over the source record, for: {' '.join(condition.split())}"
            )
        if not flow.rows:
            unfilled.append("properties: the checklist's table is empty")
        if flow.missing:
            unfilled.append(flow.missing)
        marks += [f"# FILL IN, section {number}: {what}\n" for what in unfilled]
    return marks


def _system(draft: Draft, name: str) -> dict[str, Any]:
    system = draft.systems[name]
    bound = {} if name else {"bound_to": "generic REST", "why": "The checklist leaves this system unnamed."}
    datatypes = {
        side.datatype: {"fields": {path: {"type": kind} for path, kind in draft.fields(side).items()}}
        for side in draft.sides()
        if side.system == name
    }
    named = {"name": name, "label": system.label, "contract": "rest"}
    return {**named, **bound, "datatypes": datatypes}


def _flow(draft: Draft, flow: Flow) -> dict[str, Any]:
    section = flow.section
    content: dict[str, Any] = {
        "section": section.number,
        "source": _side(draft, section.source),
        "target": _side(draft, section.target),
    }
    if not flow.creates:
        content["start"] = "link_required"
    elif flow.statement("when") or flow.statement("note"):
        content |= {"start": "when", "condition": None}
    if flow.connected:
        content["connected"] = flow.connected
    if section.criteria:
        content["criteria"] = [
            {
                "source": draft.native(section.source, criterion.source),
                "target": draft.native(section.target, criterion.target),
            }
            for criterion in section.criteria
            if criterion.source and criterion.target
        ]
    content["properties"] = [_property(draft, flow, row) for row in flow.rows]
    return content


def _side(draft: Draft, side: Side) -> dict[str, str]:
    return {"system": draft.systems[side.system].key, "datatype": side.datatype}


def _property(draft: Draft, flow: Flow, row: Row) -> dict[str, Any]:
    return {
        "name": row.name,
        "type": row.type,
        "source": draft.native(flow.section.source, row.source),
        "target": draft.native(flow.section.target, row.target),
    }
