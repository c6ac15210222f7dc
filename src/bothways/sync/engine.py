"""The engine: one cycle over all flows, in the order of their references."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from bothways.mapping import Mapping as Mapped
from bothways.sync.connectors import Clock, Connector
from bothways.sync.cycle import Cycle, Report
from bothways.sync.learning import settle
from bothways.sync.linking import doubtful, link
from bothways.sync.looking import look, look_up
from bothways.sync.merging import rebased
from bothways.sync.plan import Send
from bothways.sync.planning import make_plans
from bothways.sync.remapping import retyped, without
from bothways.sync.shape import Shape
from bothways.sync.store import Store, slices
from bothways.sync.writing import bring

CHUNK = 200
"""How many entities are planned and written together: what a cycle holds in memory."""


class Engine:
    """Keeps the systems of a mapping in sync. `cycle` raises `SyncError` when it could not run; nothing is lost."""

    def __init__(
        self, mapping: Mapped, connectors: Mapping[str, Connector], store: Store, clock: Clock
    ) -> None:
        self.shape = Shape(mapping)
        self.store = store
        self._connectors = connectors
        self._clock = clock

    async def cycle(self, *, allow_bulk: bool = False, rebase_counters: bool = False) -> Report:
        """One run over all flows."""
        with self.store.lock():
            return await self._cycle(allow_bulk=allow_bulk, rebase_counters=rebase_counters)

    async def rehearse(self, *, rebase_counters: bool = False) -> list[Send]:
        """What a cycle would write first; those that follow from these aren't known yet. Changes nothing anywhere."""
        with self.store.lock(), self.store.rehearsal():
            self._notice_mapping()
            cycle = self._new_cycle()
            numbers = await self._see(cycle, rebase_counters=rebase_counters)
            plans = [made for some in slices(numbers, CHUNK) for made in make_plans(cycle, some)]
        return [step for _, steps in plans for step in steps if isinstance(step, Send)]

    def _new_cycle(self) -> Cycle:
        return Cycle(self.shape, self.store, self._connectors, self._clock, self._onboarded_at())

    async def _see(self, cycle: Cycle, *, rebase_counters: bool) -> list[int]:
        """Read what changed; give the entities that need something."""
        await look(cycle)
        if rebase_counters:
            self._rebase_counters(cycle)
        await look_up(cycle, doubtful(cycle, self.store.pending(cycle.now())))
        numbers = link(cycle, self.store.pending(cycle.now()))
        if numbers:
            await self._look_up_constants(cycle)
        return numbers

    async def _cycle(self, *, allow_bulk: bool, rebase_counters: bool) -> Report:
        self._notice_mapping()
        cycle = self._new_cycle()
        sent_before = self._requests()
        await settle(cycle)
        numbers = await self._see(cycle, rebase_counters=rebase_counters)
        if not allow_bulk:
            self._limit(cycle, numbers)
        if not cycle.report.held:
            for some in slices(numbers, CHUNK):
                await bring(cycle, some)
        cycle.report.requests = self._requests() - sent_before
        self._conclude(cycle)
        return cycle.report

    def _requests(self) -> int:
        return sum(connector.requests for connector in self._connectors.values())

    def _onboarded_at(self) -> datetime | None:
        """With full sync off, only records younger than the first cycle cross (S22)."""
        began = self.store.note("onboarded_at")
        if began is None:
            began = self._clock.now().isoformat()
            with self.store.transaction():
                self.store.set_note("onboarded_at", began)
        return None if self.shape.mapping.policies.full_sync else datetime.fromisoformat(began)

    def _notice_mapping(self) -> None:
        """When the mapping has changed, everything is to be read and planned anew."""
        present = self.shape.mapping.model_dump_json(by_alias=True)
        known = self.store.note("mapping")
        if known == present:
            return
        with self.store.transaction():
            if known is not None:
                self._remap(Shape(Mapped.model_validate_json(known)))
                self.store.reconsider_all()
            self.store.set_note("mapping", present)

    def _remap(self, old: Shape) -> None:
        places = retyped(old, self.shape)
        for number in self.store.everything() if places else ():
            before = self.store.entities([number])[number]
            self._new_cycle().save(without(before, places), before, pending=True)

    async def _look_up_constants(self, cycle: Cycle) -> None:
        for flow in self.shape.flows:
            for name in (constant.lookup for constant in flow.constants.values() if constant.lookup):
                system = flow.target.system
                cycle.lookups[system, name] = await self._connectors[system].lookup(name)

    def _rebase_counters(self, cycle: Cycle) -> None:
        with self.store.transaction():
            for number in self.store.everything():
                before = self.store.entities([number])[number]
                cycle.save(rebased(self.shape, before), before, pending=True)

    def _limit(self, cycle: Cycle, numbers: Sequence[int]) -> None:
        """S21: hold all writes back if those planned pass the bulk-change limit. A first cycle has no limit, unless
        it finds our marks: then it isn't the first."""
        if not numbers or (self.store.note("cycles") is None and not cycle.marked):
            return
        limit, linked = self.shape.mapping.policies.bulk_limit, self.store.linked()
        in_cycle = max(limit.factor * linked, limit.count)
        in_day = max(limit.day_factor * linked, limit.count) - sum(self._written_today(cycle).values())
        cycle.allowance = max(0, int(min(in_cycle, in_day)))
        planned = 0
        for some in slices(numbers, CHUNK):
            for _, steps in make_plans(cycle, some):
                planned += len({step.ref or step.subject for step in steps if isinstance(step, Send)})
        if planned > cycle.allowance:
            cycle.report.held = planned

    def _written_today(self, cycle: Cycle) -> dict[str, int]:
        """How many records limited cycles of the last 24 hours have written, by the time of the cycle."""
        since = (cycle.now() - timedelta(days=1)).isoformat()
        written: dict[str, int] = json.loads(self.store.note("written") or "{}")
        return {at: count for at, count in written.items() if at > since}

    def _conclude(self, cycle: Cycle) -> None:
        report = cycle.report
        with self.store.transaction():
            if cycle.allowance is not None and report.updates:
                written = self._written_today(cycle)
                at = cycle.now().isoformat()
                written[at] = written.get(at, 0) + report.updates
                self.store.set_note("written", json.dumps(written))
            self.store.set_note("cycles", str(int(self.store.note("cycles") or 0) + 1))
            figures = {k: v for k, v in asdict(report).items() if k != "written"} | {
                "updates": report.updates,
                "at": cycle.now().isoformat(),
            }
            self.store.set_note("last_cycle", json.dumps(figures))
