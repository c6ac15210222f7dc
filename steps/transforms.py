"""Values that are transformed on their way, by the checklist's own reading of its data types.

The integration under test has another reading of them: what a feature expects must not come from it.
"""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

from bothways.checklist.datatypes.declared import DataType, Refused, read_data_type
from bothways.checklist.datatypes.specimens import specimens, words
from bothways.mapping import Transform, Type


def made(transform: Transform, source: Type, native: Any) -> Any:
    """What the target is to show for a source's native value; the value itself where that can't cross."""
    value = native
    if native is not None and source is Type.DECIMAL:
        value = Decimal(native)
    elif native is not None and source is Type.DATETIME:
        value = datetime.fromisoformat(native)
    try:
        result = _data_type(transform).apply(value)
    except Refused:
        return native
    if isinstance(result, Decimal):
        return format(result, "f")
    return result.isoformat() if isinstance(result, datetime) else result


def usual(transform: Transform, name: str, *, made: bool) -> str:
    """What a person fills in for the property called `name` without thinking, in words: in the target, if `made`."""
    known = specimens(_data_type(transform), name)
    return words(known[0].made if made else known[0].value) if known else ""


def _data_type(transform: Transform) -> DataType:
    return read_data_type(json.dumps(transform.expression, ensure_ascii=False))
