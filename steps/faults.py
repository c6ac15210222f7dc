"""Given: what goes wrong, and what happens while a cycle runs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from pytest_bdd import given, when

from fakes.faults import Fault
from fakes.log import Exchange
from fakes.squarespace import SquarespaceSystem
from steps.pictures import Record
from steps.wording import sentence
from steps.world import World


@dataclass
class NextWrite:
    """A fault that strikes the next request that writes."""

    fault: Fault
    happened: bool = False

    def __str__(self) -> str:
        return f"{self.fault.kind} at a write"

    def __call__(self, exchange: Exchange) -> Fault | None:
        if self.happened or not exchange.writes:
            return None
        self.happened = True
        return self.fault


@dataclass
class MomentOfEdit:
    """A person's edit at a certain moment of a cycle: once `comes` first says so of a request, just before that."""

    moment: ClassVar[str]
    world: World
    record: Record
    name: str
    words: str | None
    happened: bool = False

    def __str__(self) -> str:
        return f"an edit of {self.name} {self.moment}"

    def __call__(self, exchange: Exchange) -> None:
        if self.comes(exchange) and not self.happened:
            self.happened = True
            self.world.clock.advance(1)
            self.world.change(self.record, self.name, self.words)

    def comes(self, exchange: Exchange) -> bool:
        """Asked of every request."""
        raise NotImplementedError


class DuringCycle(MomentOfEdit):
    """Between a cycle's listing and its write, where a blind write would undo it (S20).

    It is made before the first request that writes, or that asks for the record itself.
    """

    moment = "during a cycle"

    def comes(self, exchange: Exchange) -> bool:
        return exchange.writes or self._asks_for_it(exchange)

    def _asks_for_it(self, exchange: Exchange) -> bool:
        last = exchange.path.rsplit("/", 1)[-1].split(",")
        shown = self.world.shown(self.record)
        return any(shown[name] in last for name in shown if name == "id" or name.endswith("Id"))


class WhileWritten(MomentOfEdit):
    """Just as the integration writes to the other system: nothing that was read shows it."""

    moment = "while the other system is written to"

    def comes(self, exchange: Exchange) -> bool:
        return exchange.writes


@dataclass
class JustAfter(MomentOfEdit):
    """After the integration's next write to that system, before anything else is asked."""

    moment = "just after a write"
    written: bool = False

    def comes(self, exchange: Exchange) -> bool:
        after, self.written = self.written, self.written or exchange.writes
        return after


@dataclass
class BetweenPages(MomentOfEdit):
    """Between the first page of a listing and the second."""

    moment = "between two pages"
    path: str = ""

    def comes(self, exchange: Exchange) -> bool:
        second = exchange.method == "GET" and exchange.path == self.path
        self.path = exchange.path
        return second


@dataclass
class BeforeEachWrite:
    """A person's edits, each just before one of the integration's next writes to that system (S20)."""

    world: World
    record: Record
    name: str
    left: int
    happened: bool = False

    def __str__(self) -> str:
        return f"{self.left} edits of {self.name} before writes"

    def __call__(self, exchange: Exchange) -> None:
        if self.left and exchange.writes:
            self.left -= 1
            self.happened = not self.left
            self.world.change(self.record, self.name, f"{self.name} {self.left}")


@given(sentence("the {label:Property}'s answer to the next write gets lost"))
def lost_answer(world: World, label: str) -> None:
    """The write is carried out; the integration never hears so (S24)."""
    _next_write(world, label, Fault("drop_after_commit"))


@given(sentence("the {label:Property} carries out the next write, but answers that it failed"))
def false_error(world: World, label: str) -> None:
    """A server error after the commit (S24)."""
    _next_write(world, label, Fault("error_after"))


@given(sentence("the {label:Property} fails at the next write"))
def true_error(world: World, label: str) -> None:
    """A server error, and nothing carried out (S25)."""
    _next_write(world, label, Fault("error_before"))


@given(sentence("the {label:Property} says at the next write that there is no such record, though there is"))
def false_absence(world: World, label: str) -> None:
    """Something on the way answers 404: only a look shows whether a record is gone (S19)."""
    _next_write(world, label, Fault("error_before", status=404))


@given(
    sentence("the {label:Property} refuses the next write, and tells the integration's token in its answer")
)
def indiscreet(world: World, label: str) -> None:
    """An error that repeats what it was asked with, so that whoever keeps it keeps a secret (S31)."""
    token = world.systems[world.words.system(label)].token
    _next_write(
        world, label, Fault("error_before", status=400, says=f"Authorization: Bearer {token} is refused")
    )


@given(sentence("the {label:Property} asks for {number:Number} seconds of patience"))
def throttled(world: World, label: str, number: int) -> None:
    """The next request is refused for now, and its answer says how long to wait (S23)."""
    world.systems[world.words.system(label)].faults.script(Fault("throttle", retry_after=float(number)))


@given(sentence("the {label:Property} has had enough requests for this minute"))
def over_the_limit(world: World, label: str) -> None:
    """The next request is refused for now, and its answer doesn't say how long to wait (S23)."""
    world.systems[world.words.system(label)].faults.script(Fault("throttle"))


@given(sentence("the {label:Property} shows only the first half of its next listing"))
def short_listing(world: World, label: str) -> None:
    """A listing that ends too early, and says that it is complete (S19)."""
    world.systems[world.words.system(label)].faults.script(Fault("truncated_page"))


@given(sentence("the {label:Property} shows a page of its next listing twice"))
def doubled_page(world: World, label: str) -> None:
    """A page is followed by itself (S27)."""
    world.systems[world.words.system(label)].faults.script(Fault("doubled_page"))


@given(
    sentence("the {label:Property} shows in its next listing what it showed {number:Number} minutes before")
)
@when(
    sentence("the {label:Property} shows in its next listing what it showed {number:Number} minutes before")
)
def stale_page(world: World, label: str, number: int) -> None:
    """A listing from a copy that lags behind (S27)."""
    world.systems[world.words.system(label)].faults.script(Fault("stale_page", seconds=60.0 * number))


@given(sentence("the {label:Property} loses its place in its next listing"))
def dead_cursor(world: World, label: str) -> None:
    """A cursor has expired in the middle of a listing (S27)."""
    world.systems[world.words.system(label)].faults.script(Fault("dead_cursor"))


@given(sentence("the {label:Property} counts imported orders as unpaid"))
def unpaid(world: World, label: str) -> None:
    """Orders that a listing shows only to those who ask for all payment states (S27)."""
    system = world.systems[world.words.system(label)]
    if isinstance(system, SquarespaceSystem):
        system.switches.imported_payment_state = "PENDING"


@given(sentence("the {label:Property} lists from the earliest change on, and counts its pages off"))
def counted_off(world: World, label: str) -> None:
    """A cursor says how many records were shown, not which: one that moves makes another skip a page (S27)."""
    system = world.systems[world.words.system(label)]
    if isinstance(system, SquarespaceSystem):
        system.switches.cursors, system.switches.newest_first = "count", False


@given(sentence("the integration is killed before the {label:Property} gets the next write"))
def killed_before(world: World, label: str) -> None:
    """The write never arrives (S26)."""
    _next_write(world, label, Fault("kill_before"))


@given(sentence("the integration is killed after the {label:Property} gets the next write"))
def killed_after(world: World, label: str) -> None:
    """The write is carried out; nobody is there to hear so (S26)."""
    _next_write(world, label, Fault("kill_after"))


@given(sentence("the {label:Property}'s clock is {number:Number} minutes {way:Property}"))
def wrong_clock(world: World, label: str, number: int, way: str) -> None:
    """The system's own time is off: `slow` or `fast` (S10)."""
    minutes = {"slow": -number, "fast": number}[way]
    world.systems[world.words.system(label)].clock.offset = timedelta(minutes=minutes)


@when(sentence("someone changes {record:Owner} {name:Property} to {value:Value} during the next cycle"))
def change_meanwhile(world: World, record: str, name: str, value: str | None) -> None:
    """An edit that the cycle can't have seen when it listed what changed (S20)."""
    _while_it_asks(world, DuringCycle(world, world.the(record), name, value))


@when(
    sentence(
        "someone changes {record:Owner} {name:Property} to {value:Value} while the {label:Property} is written to"
    )
)
def change_while_written(world: World, record: str, name: str, value: str | None, label: str) -> None:
    """An edit that falls between the reading of a record and the end of what was begun with it (S20, S27)."""
    _while_it_asks(world, WhileWritten(world, world.the(record), name, value), world.words.system(label))


@when(
    sentence(
        "someone changes {record:Owner} {name:Property} before each of the next {number:Number} writes there"
    )
)
def change_before_each(world: World, record: str, name: str, number: int) -> None:
    """A record that is never what the integration last saw (S20)."""
    _while_it_asks(world, BeforeEachWrite(world, world.the(record), name, number))


@when(
    sentence(
        "someone changes {record:Owner} {name:Property} to {value:Value} just after the next write there"
    )
)
def change_just_after(world: World, record: str, name: str, value: str | None) -> None:
    """An edit that the integration may take for what the system has made of its own (S16, S20)."""
    _while_it_asks(world, JustAfter(world, world.the(record), name, value))


@when(
    sentence(
        "someone changes {record:Owner} {name:Property} to {value:Value} between two pages of the next listing"
    )
)
def change_between_pages(world: World, record: str, name: str, value: str | None) -> None:
    """An edit of a record that was on the first page, and moves to the end while the second is asked for (S27)."""
    _while_it_asks(world, BetweenPages(world, world.the(record), name, value))


def _while_it_asks(world: World, event: MomentOfEdit | BeforeEachWrite, system: str | None = None) -> None:
    """Of the record's own system, or of another."""
    world.systems[system or event.record.side.system].faults.on_request.append(event)
    world.announced.append(event)


def _next_write(world: World, label: str, fault: Fault) -> None:
    event = NextWrite(fault)
    world.systems[world.words.system(label)].faults.source = event
    world.announced.append(event)
