"""No question that every cycle asks reads a whole table, however large the state is."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sql

from bothways.sync import questions
from bothways.sync.store import Store

ASKED: dict[str, dict[str, Any]] = {
    "PENDING": {"now": "2024"},
    "NOTABLE": {},
    "LINKED": {},
    "BODIES": {"numbers": [1, 2]},
    "ENTITIES_OF": {"system": "a", "datatype": "b", "ids": ["c", "d"]},
    "WITH_KEYS": {"space": "a", "some": ["b", "c"]},
    "INTENTS_OF": {"entities": [1, 2]},
    "OWNERS": {"numbers": [1, 2]},
    "ACTED_ON": {"numbers": [1, 2]},
    "MOVE_RECORDS": {"dropped": 1, "into": 2},
}


@pytest.mark.parametrize("name", ASKED)
def test_an_index_answers(name: str, tmp_path: Any) -> None:
    Store(f"sqlite:///{tmp_path / 'state.sqlite'}").close()
    plans: list[str] = []

    def explained(connection: Any, _: Any, statement: str, parameters: Any, *__: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            told = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()
            plans.extend(row[3] for row in told)

    engine = sql.create_engine(f"sqlite:///{tmp_path / 'state.sqlite'}")
    try:
        with engine.connect() as connection:
            sql.event.listen(engine, "before_cursor_execute", explained)
            connection.execute(getattr(questions, name), ASKED[name])
    finally:
        engine.dispose()
    assert plans
    scans = [plan for plan in plans if plan.startswith("SCAN") and "COVERING INDEX" not in plan]
    assert scans == []
