"""Integrations outside of this process, and the simulated systems served to them.

Time: a served test begins at the machine's present. Between cycles it moves as the steps say (a person needs a
moment, a day passes), during a cycle as the machine's does. An outside integration that compares records with its own
clock must correct that by the systems' `Date` headers (S10), as it must with real systems; a command is also told
the present in BOTHWAYS_NOW. Waiting as long as `Retry-After` asks takes as long as it says.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from bothways.acceptance.address import FIXED, Address
from bothways.acceptance.contained import INTERRUPTIONS, ended_by
from bothways.acceptance.kept import Kept
from bothways.acceptance.loopback import guard
from bothways.acceptance.trial import UNHEARD, NotAsked, Unproven
from bothways.errors import CycleEndless, CycleFailed, InputError, Strayed
from bothways.mapping import Mapping
from fakes import mount
from fakes.clock import RunningClock
from fakes.faults import EngineKilled
from fakes.notifications import Notification

if TYPE_CHECKING:
    from bothways.acceptance.engines import Engine
    from bothways.acceptance.subjects import Bench

CYCLE_SECONDS = 120.0
"""How long a cycle may take: longer than the longest cool-down that a simulated system asks for."""
POLL_SECONDS = 0.02
KEPT_BYTES = 20_000
"""How much of a cycle's output is kept: its end."""
HIDDEN = "(token)"


class Outside:
    """What all of them share: the systems, served from its making to `close`."""

    reference = False

    def __init__(self, engine: Engine, bench: Bench) -> None:
        if not isinstance(bench.clock, RunningClock):
            raise TypeError("served systems need a clock that runs")
        self.label = engine.label
        self._bench, self._clock, self._mapping = bench, bench.clock, bench.mapping
        self._patience = engine.patience
        self._broken: list[BaseException] = []
        self._killed = threading.Event()
        address = bench.address
        if engine.keeps_running and not address.public_url:
            address = Address(address.host, FIXED)
        self._stack = contextlib.ExitStack()
        permit(address.host)
        self._urls: dict[str, str] = {}
        for place, (key, system) in enumerate(bench.systems.items()):
            served = mount.serve(system, address.host, address.port(place), ended=self._ended)
            try:
                self._urls[key] = address.url(self._stack.enter_context(served))
            except OSError as error:
                self._stack.close()
                reason = f"{address.host}:{address.port(place)} can't be listened on: {error.strerror}"
                raise InputError("--public-url", None, reason) from None

    def status(self) -> None:
        """From outside there is none."""

    def explain(self, system: str, datatype: str, id: str, name: str) -> None:
        """From outside there is none."""

    def sync_beside_another(self) -> None:
        """Raises `NotAsked`: there is one, and no way to start another."""
        raise NotAsked("a second integration beside one that keeps running")

    def keep(self) -> None:
        """Raises `NotAsked`, like `go_back`: where its state is, nobody has said."""
        raise NotAsked("to go back to an older state, where nobody knows what that is kept in")

    def go_back(self) -> None:
        """Raises `NotAsked`."""
        self.keep()

    def notified(self, system: str, notification: Notification, secret: str) -> None:  # noqa: ARG002 - of any
        """Raises `NotAsked`: where it listens, nobody has said."""
        raise NotAsked(UNHEARD)

    def close(self) -> None:
        """Serve no more. Raises `Strayed` for a request that no system serves, `Unproven` if a system broke."""
        self._stack.close()
        if self._broken:
            raise Unproven(f"a simulated system broke: {self._broken[0]!r}")
        odd = [exchange for system in self._bench.systems.values() for exchange in system.log.unmatched]
        if odd:
            strays = ", ".join(f"{each.method} {each.system}{each.path}" for each in odd)
            raise Strayed(f"the integration asked for what no system serves: {strays}")

    def _ended(self, error: BaseException) -> None:
        if isinstance(error, EngineKilled):
            self._killed.set()
            self._kill()
        elif not isinstance(error, httpx.ReadTimeout):
            self._broken.append(error)

    def _kill(self) -> None:
        """End the integration at once, as a crash would, where that can be done."""


class Command(Outside):
    """A program, started anew for each cycle: exit code 0 is a cycle done."""

    def __init__(self, engine: Engine, bench: Bench) -> None:
        super().__init__(engine, bench)
        self._arguments = engine.arguments
        self._running: list[subprocess.Popen[bytes]] = []
        self._kept: Kept | None = None
        self._folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))

    def sync(self) -> None:
        """One process. Raises `CycleFailed` for another exit code than 0, `CycleEndless` for one that has no end."""
        self._cycle(1)

    def sync_beside_another(self) -> None:
        """Two processes at once. Raises `CycleFailed` if neither ends with 0."""
        self._cycle(2)

    def restart(self, mapping: Mapping | None = None) -> None:
        """Each cycle is a new process; here it may get another mapping."""
        self._mapping = mapping or self._mapping

    def forget(self) -> None:
        """The state is lost."""
        shutil.rmtree(self._bench.state_dir)
        self._bench.state_dir.mkdir()

    def keep(self) -> None:
        """A copy of the state is put aside."""
        self._kept = Kept(self._bench.state_dir)

    def go_back(self) -> None:
        """That copy is the state again. Raises `LookupError` if none was made."""
        if self._kept is None:
            raise LookupError("no state was put aside")
        self._kept.put_back()

    def _cycle(self, count: int) -> None:
        """Run so many processes at once. Raises what the first of them failed by, if all have."""
        self._killed.clear()
        with self._clock.running(), self._patience.waiting():
            environment = self._environment()
            outputs = [self._folder / f"output-{number}" for number in range(count)]
            try:
                with INTERRUPTIONS.later():
                    self._running = [self._start(environment, output) for output in outputs]
                ends = [self._wait(*each) for each in zip(self._running, outputs, strict=True)]
            except KeyboardInterrupt:
                self._kill()  # nobody will wait for it
                raise
            if self._killed.is_set():
                raise EngineKilled
            failures = [end for end in ends if end is not None]
            if len(failures) == count:
                raise failures[0]

    def _start(self, environment: dict[str, str], output: Path) -> subprocess.Popen[bytes]:
        with output.open("wb") as kept:  # a pipe would stay open as long as anything that it has started
            try:
                return subprocess.Popen(  # noqa: S603 - to run it is what the person has asked for
                    self._arguments,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=kept,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            except OSError as error:
                raise CycleFailed(f"{self._arguments[0]} can't be started: {error.strerror}") from None

    def _wait(self, process: subprocess.Popen[bytes], output: Path) -> CycleFailed | None:
        """Wait for its end, and keep its output; gives what went wrong."""
        try:
            code = process.wait(CYCLE_SECONDS)
        except subprocess.TimeoutExpired:
            self._end(process)
            process.wait()
            self._keep(output)
            return CycleEndless(f"a cycle had no end after {CYCLE_SECONDS:.0f} s")
        last = self._keep(output).strip().rpartition("\n")[2]
        if not code:
            return None
        return CycleFailed(f"a cycle ended with {ended_by(code)}" + (f": {last}" if last else ""))

    def _keep(self, output: Path) -> str:
        """Keep the end of what it has told; gives it."""
        with output.open("rb") as file:
            skipped = max(output.stat().st_size - KEPT_BYTES, 0)
            file.seek(skipped)
            told = file.read().decode(errors="replace")
        for system in self._bench.systems.values():
            told = told.replace(system.token, HIDDEN)
        if told.strip():
            before = f"({skipped} bytes before this)\n" if skipped else ""
            self._bench.note("output of the integration", before + told)
        return told

    def _environment(self) -> dict[str, str]:
        mapping = self._folder / "mapping.json"
        mapping.write_text(self._mapping.model_dump_json(by_alias=True), encoding="utf-8")
        given = {
            "BOTHWAYS_MAPPING": str(mapping),
            "BOTHWAYS_STATE": str(self._bench.state_dir),
            "BOTHWAYS_NOW": self._clock.now().isoformat(),
        }
        for key, system in self._bench.systems.items():
            name = re.sub(r"[^A-Z0-9]", "_", key.upper())
            given |= {f"BOTHWAYS_URL_{name}": self._urls[key], f"BOTHWAYS_TOKEN_{name}": system.token}
        return os.environ | given

    def _kill(self) -> None:
        for process in self._running:
            self._end(process)

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        """End it with all that it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, 9)


class Asked(Outside):
    """A service: `POST URL/sync` asks for a cycle and is answered when that is done.

    It may also know `POST URL/restart` (with another mapping as its body, if one is given), `POST URL/forget`, and
    `POST URL/notified` with `{system, headers, body, secret}`; where it answers 404 or 405, what needs them is not
    asked. `forget` is tried before every scenario.
    """

    def __init__(self, engine: Engine, bench: Bench) -> None:
        super().__init__(engine, bench)
        permit(httpx.URL(engine.rest).host)
        self._url = engine.rest.rstrip("/")
        self._client = self._stack.enter_context(httpx.Client(timeout=CYCLE_SECONDS, trust_env=False))
        try:
            with contextlib.suppress(NotAsked):
                self.forget()
        except (CycleFailed, Unproven):
            self._stack.close()
            raise

    def sync(self) -> None:
        """One cycle. Raises `CycleFailed` for an answer that isn't 2xx, or none."""
        with self._clock.running():
            _sound(self._send("sync"), "sync")

    def restart(self, mapping: Mapping | None = None) -> None:
        """A new engine on the same state. Raises `NotAsked` where the service knows no such thing."""
        changed = None if mapping is None else mapping.model_dump(mode="json", by_alias=True)
        self._optional("restart", changed)

    def forget(self) -> None:
        """Its state is lost. Raises `NotAsked` where the service knows no such thing."""
        self._optional("forget")

    def notified(self, system: str, notification: Notification, secret: str) -> None:
        """Hand a notification over (S28). Raises `NotAsked` where the service takes none."""
        told = {"headers": notification.headers, "body": notification.body.decode(), "secret": secret}
        with self._clock.running():
            self._optional("notified", {"system": system, **told})

    def _optional(self, what: str, body: object = None) -> None:
        answer = self._send(what, body)
        if answer.status_code in (404, 405):
            raise NotAsked(f"the integration has no POST {self._url}/{what}")
        _sound(answer, what)

    def _send(self, what: str, body: object = None) -> httpx.Response:
        with self._patience.waiting(f"requests to {what}"):
            try:
                return self._client.post(f"{self._url}/{what}", json=body)
            except httpx.TimeoutException:
                raise CycleEndless(
                    f"POST {self._url}/{what} had no answer after {CYCLE_SECONDS:.0f} s"
                ) from None
            except httpx.HTTPError as error:
                raise CycleFailed(f"POST {self._url}/{what}: {str(error) or type(error).__name__}") from error


def _sound(answer: httpx.Response, what: str) -> None:
    if not answer.is_success:
        told = answer.text.strip().partition("\n")[0][:300]
        raise CycleFailed(f"{what} was answered with {answer.status_code}: {told}")


class Watched(Outside):
    """An integration that runs by itself. A cycle is over when it has settled: it has read from each system since
    the cycle began, which is after the last edit, and has written nothing for `quiet_seconds`.
    """

    def __init__(self, engine: Engine, bench: Bench) -> None:
        super().__init__(engine, bench)
        self._quiet = engine.quiet_seconds
        self._stack.enter_context(self._clock.running())

    def sync(self) -> None:
        """Wait until it has settled. Raises `CycleEndless` if it doesn't."""
        with self._patience.waiting():
            self._settle()

    def _settle(self) -> None:
        begun = time.monotonic()
        logs = [system.log for system in self._bench.systems.values()]
        starts, seen, last = [len(log) for log in logs], 0, begun
        while time.monotonic() - begun < CYCLE_SECONDS:
            sent = [log[start:] for log, start in zip(logs, starts, strict=True)]
            writes = sum(exchange.writes for part in sent for exchange in part)
            if writes != seen:
                seen, last = writes, time.monotonic()
            read = all(any(not exchange.writes for exchange in part) for part in sent)
            if read and time.monotonic() - last >= self._quiet:
                return
            time.sleep(POLL_SECONDS)
        raise CycleEndless(f"the integration hasn't settled after {CYCLE_SECONDS:.0f} s")

    def restart(self, mapping: Mapping | None = None) -> None:  # noqa: ARG002 - with or without one
        """Raises `NotAsked`."""
        raise NotAsked("to start an integration again that runs by itself, or to change its mapping")

    def forget(self) -> None:
        """Raises `NotAsked`."""
        raise NotAsked("to take its state from an integration that runs by itself")


OUTSIDE: dict[str, type[Command] | type[Asked] | type[Watched]] = {
    "command": Command,
    "url": Asked,
    "watch": Watched,
}


def permit(host: str) -> None:
    """Let the suite reach a host that a person has named, by its name and by its addresses."""
    allowed = guard().allowed
    allowed.add(host)
    with contextlib.suppress(OSError):
        allowed.update(str(found[4][0]) for found in socket.getaddrinfo(host, None))
