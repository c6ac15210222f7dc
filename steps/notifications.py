"""What systems tell the integration: notifications that come, come late, twice or in another order, or are forged."""

from __future__ import annotations

from dataclasses import replace

from pytest_bdd import given, then, when

from bothways.acceptance.evidence import Evidence
from fakes.notifications import Notification
from steps.cycles import HOUR
from steps.wording import sentence
from steps.world import World


@given(sentence("the integration is notified of what happens in the {label:Property}"))
def subscribed(world: World, label: str) -> None:
    """The system signs what it tells from now on; a scenario delivers it, or doesn't."""
    world.systems[world.words.system(label)].subscribe("https://integration.test/notifications")


@when(sentence("the {label:Property}'s notification of it arrives"))
@when(sentence("the {label:Property}'s notification of it arrives again"))
def arrives(world: World, label: str) -> None:
    """The latest one, as it was sent."""
    _deliver(world, label, _told(world, label)[-1])


@when(sentence("the {label:Property}'s notification of it arrives {number:Number} hours later"))
def arrives_late(world: World, label: str, number: int) -> None:
    """The same, after a while: somebody has kept it, or its way was long."""
    world.clock.advance(number * HOUR)
    arrives(world, label)


@when(sentence("the {label:Property}'s first notification arrives"))
def first_arrives(world: World, label: str) -> None:
    """The oldest one, whatever has been told since."""
    _deliver(world, label, _told(world, label)[0])


@when(sentence("the {label:Property}'s notifications arrive, the latest first"))
def arrive_latest_first(world: World, label: str) -> None:
    """All of them, in an order that nobody promises."""
    for notification in reversed(_told(world, label)):
        _deliver(world, label, notification)


@when(sentence("a notification of it arrives that the {label:Property} didn't sign"))
def forged(world: World, label: str) -> None:
    """Somebody else knows what the system would say, and not the secret."""
    genuine = _told(world, label)[-1]
    headers = {
        name: "0" * 64 if "signature" in name.lower() else text for name, text in genuine.headers.items()
    }
    _deliver(world, label, replace(genuine, headers=headers))


@then("neither system has been asked for anything")
def nothing_asked(world: World, evidence: Evidence) -> None:
    """Nothing was reason enough to look (S28)."""
    sent = [f"{each.system}: {each.method} {each.path}" for cycle in world.cycles for each in cycle]
    evidence.same([], sent, "requests to either system")


@then("the integration has looked once")
def looked_once(world: World, evidence: Evidence) -> None:
    """Of all that has come, one was a reason to ask the systems (S28)."""
    evidence.same(
        1, sum(bool(cycle) for cycle in world.cycles), "times that the integration asked the systems"
    )


def _told(world: World, label: str) -> list[Notification]:
    """What a system has told since the scenario began, the oldest first. Raises `LookupError` if that is nothing."""
    told = world.systems[world.words.system(label)].notifications
    if not told:
        raise LookupError(f"the {label} has told nothing")
    return told


def _deliver(world: World, label: str, notification: Notification) -> None:
    key = world.words.system(label)
    secret = world.systems[key].store.subscriptions[0].secret
    world.timeline.edit(key, f"a notification arrives: {notification.topic}")
    world.cycle(lambda: world.subject.notified(key, notification, secret))
