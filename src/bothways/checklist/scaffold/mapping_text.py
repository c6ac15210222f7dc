"""The mapping of a draft: both systems on the generic contract, with datatypes and fields from the checklist."""

from __future__ import annotations

import json
from typing import Any

import yaml

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
        "systems": {key: _system(draft, key) for key in draft.systems},
        "flows": [_flow(draft, flow) for flow in draft.flows if not flow.missing],
    }
    text = yaml.dump(content, sort_keys=False, allow_unicode=True, width=120, Dumper=_Plain)
    return HEAD.format(file=checklist_path) + "".join(_marks(draft)) + "\n" + text


class _Plain(yaml.SafeDumper):
    """Repeats what is equal, for a reader finds an anchor less easily."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True


def _marks(draft: Draft) -> list[str]:
    """A line for each thing that the checklist leaves to a person."""
    marks = []
    for flow in draft.flows:
        unfilled = dict.fromkeys([flow.missing] if flow.missing else flow.unshown.values())
        if condition := next((one.condition for one in flow.section.statements if one.condition), None):
            unfilled[f"condition, as JMESPath over the source record: {condition}"] = None
        if not flow.section.properties:
            unfilled["properties: the checklist's table is empty"] = None
        marks += [
            f"# FILL IN, section {flow.section.number}: {' '.join(what.split())}\n" for what in unfilled
        ]
    return marks


def _system(draft: Draft, key: str) -> dict[str, Any]:
    system = draft.systems[key]
    bound = {} if system.name else {"bound_to": "generic REST", "why": "The checklist leaves it unnamed."}
    references = {
        side: dict.fromkeys(flow.connected, "string")
        for flow in reversed(draft.flows)
        if flow.connected
        for side in [flow.source]
    }
    datatypes = {
        side.datatype: {
            "fields": {
                path: {"type": kind}
                for path, kind in (draft.fields.typed(side) | references.get(side, {})).items()
            }
        }
        for side in draft.sides()
        if side.system == key
    }
    return {"name": system.name, "label": system.label, "contract": "rest", **bound, "datatypes": datatypes}


def _flow(draft: Draft, flow: Flow) -> dict[str, Any]:
    content: dict[str, Any] = {
        "section": flow.section.number,
        "source": {"system": flow.source.system, "datatype": flow.source.datatype},
        "target": {"system": flow.target.system, "datatype": flow.target.datatype},
    }
    if not flow.creates:
        content["start"] = "link_required"
    elif flow.statement("when") or flow.statement("note"):
        content |= {"start": "when", "condition": None}
    if flow.connected:
        content["connected"] = flow.connected
    if flow.criteria:
        content["criteria"] = [
            {
                "source": draft.fields.native(flow.source, criterion.source),
                "target": draft.fields.native(flow.target, criterion.target),
            }
            for criterion in flow.criteria
        ]
    content["properties"] = [_property(draft, flow, row) for row in flow.rows]
    return content


def _property(draft: Draft, flow: Flow, row: Row) -> dict[str, Any]:
    content: dict[str, Any] = {
        "name": row.name,
        "type": row.type,
        "source": draft.fields.native(flow.source, row.source),
        "target": draft.fields.native(flow.target, row.target),
    }
    if row.transform:
        content["transform"] = {"expression": json.loads(row.transform), "type": row.made}
    if row.one_way:
        content["direction"] = "to_target"
    return content
