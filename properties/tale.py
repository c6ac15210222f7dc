"""Histories told by hand, to see what the oracle says of them; no engine, no simulated system."""

from __future__ import annotations

import copy
from typing import Any

from bothways.mapping import Mapping
from properties.history import (
    Act,
    Breach,
    ClockSet,
    CycleEnded,
    CycleStarted,
    Invariant,
    Notified,
    Observation,
    Outcome,
    Request,
    Settled,
    StateLost,
)
from properties.layout import Side
from properties.oracle import judge

SHOP: Side = ("shop", "Item")
BOOKS: Side = ("books", "Article")
TILL: Side = ("till", "Thing")
SECOND = 1_000_000

_FIELDS = {
    "sku": {"type": "string"},
    "name": {"type": "string"},
    "remark": {"type": "string"},
    "stock": {"type": "integer", "counter": True},
}


def _flow(section: int, target: Side) -> dict[str, Any]:
    return {
        "section": section,
        "source": {"system": SHOP[0], "datatype": SHOP[1]},
        "target": {"system": target[0], "datatype": target[1]},
        "criteria": [{"source": "sku", "target": "sku"}],
        "properties": [
            {"name": "sku", "type": "string", "source": "sku", "target": "sku"},
            {"name": "name", "type": "string", "source": "name", "target": "name"},
            {"name": "stock", "type": "integer", "source": "stock", "target": "stock", "merge": "counter"},
        ],
    }


def three_systems(**policies: Any) -> dict[str, Any]:
    """A mapping of ours: items of a shop, in sync with the articles of books and the things of a till."""
    systems = {
        side[0]: {
            "name": side[0].title(),
            "label": side[0],
            "contract": "rest",
            "datatypes": {side[1]: {"fields": _FIELDS}},
        }
        for side in (SHOP, BOOKS, TILL)
    }
    raw = {
        "schema": 1,
        "checklist": "tale.rst",
        "systems": systems,
        "flows": [_flow(1, BOOKS), _flow(2, TILL)],
        "policies": policies,
    }
    return Mapping.model_validate(raw).model_dump(mode="json", by_alias=True)


class Tale:
    """Builds a history act by act; every act takes a second unless told otherwise."""

    def __init__(self, mapping: dict[str, Any] | None = None) -> None:
        self.mapping = mapping or three_systems()
        self.history: list[Observation] = []
        self.now = 0
        self._records: dict[Side, dict[str, dict[str, Any]]] = {SHOP: {}, BOOKS: {}, TILL: {}}

    def person(self, side: Side, id_: str, seconds: float = 1, **fields: Any) -> Tale:
        """A person creates the record, or edits it."""
        self._write(side, id_, fields, seconds)
        self.history.append(Act(self.now, f"someone gives {side[1]} {id_} {fields}", self._shown()))
        return self

    def deletes(self, side: Side, id_: str) -> Tale:
        """A person deletes the record."""
        self.now += SECOND
        del self._records[side][id_]
        self.history.append(Act(self.now, f"someone deletes {side[1]} {id_}", self._shown()))
        return self

    def engine(
        self, side: Side, id_: str, *, gone: bool = False, faulty: bool = False, **fields: Any
    ) -> Tale:
        """The engine writes, or deletes, the record."""
        method = "DELETE" if gone else "PATCH" if id_ in self._records[side] else "POST"
        if gone:
            del self._records[side][id_]
        else:
            self._write(side, id_, fields, 0.01)
        self.history.append(
            Request(
                self.now,
                side[0],
                method,
                f"/{side[1].lower()}/{id_}",
                200,
                dict(fields),
                None,
                faulty,
                self._shown(),
            )
        )
        return self

    def reads(self) -> Tale:
        """The engine lists every side."""
        for side, records in self._records.items():
            answer = copy.deepcopy({"data": list(records.values())})
            self.history.append(Request(self.now, side[0], "GET", f"/{side[1].lower()}", 200, None, answer))
        return self

    def begins(self) -> Tale:
        """A cycle begins and reads."""
        self.now += SECOND
        self.history.append(CycleStarted(self.now))
        return self.reads()

    def ends(self, outcome: Outcome = Outcome.COMPLETED) -> Tale:
        """The cycle ends."""
        self.history.append(CycleEnded(self.now, outcome))
        return self

    def settles(self, quiet: int | None = 2, **status: Any) -> Tale:
        """All is said to be at rest."""
        self.history.append(Settled(self.now, quiet, status or None))
        return self

    def forgets(self) -> Tale:
        """The engine's state is lost."""
        self.history.append(StateLost(self.now))
        return self

    def hears(self, system: str, *, genuine: bool, looked: bool) -> Tale:
        """A notification of a system arrives."""
        self.history.append(Notified(self.now, system, genuine, looked))
        return self

    def skews(self, system: str, seconds: float) -> Tale:
        """A system's clock is off."""
        self.history.append(ClockSet(self.now, system, int(seconds * SECOND)))
        return self

    def linked(self, **fields: Any) -> Tale:
        """An item of the shop that has crossed to books and till."""
        values: dict[str, Any] = {"sku": "A-1", "name": "first", "stock": 10} | fields
        self.person(SHOP, "s1", **values).begins()
        return self.engine(BOOKS, "b1", **values).engine(TILL, "t1", **values).ends().settles()

    def breaches(self) -> list[Breach]:
        """What the oracle finds."""
        return judge(self.mapping, self.history)

    def broken(self) -> set[Invariant]:
        """The names of what the oracle finds."""
        return {breach.invariant for breach in self.breaches()}

    def _write(self, side: Side, id_: str, fields: dict[str, Any], seconds: float) -> None:
        self.now += int(seconds * SECOND)
        record = self._records[side].setdefault(id_, {"id": id_, "version": 0})
        record.update(fields, updated_at=str(self.now), version=record["version"] + 1)

    def _shown(self) -> dict[Side, dict[str, Any]]:
        return copy.deepcopy(self._records)
