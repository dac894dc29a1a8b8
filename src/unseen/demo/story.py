"""The demonstration from beginning to end, once Django is ready: run, gather, judge."""

import hashlib
import json
import time
from collections.abc import Callable, Collection
from http import HTTPStatus
from urllib.parse import urlsplit

from django.core.management import call_command
from django.test import Client

from unseen.accounts.actions import add_staff
from unseen.accounts.codes import code_now
from unseen.accounts.models import Role, Staff
from unseen.casework.models import Item
from unseen.demo import gather
from unseen.demo.judges import judge
from unseen.demo.judges.evidence import Evidence, feed_over_http
from unseen.demo.killer import Killer
from unseen.demo.result import DemoResult
from unseen.demo.run import Run
from unseen.demo.world import DemoFailed, World, stop
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import Peer
from unseen.exchange.pages import keys_told
from unseen.feed.follow import Followed
from unseen.feed.lines import Lines
from unseen.takedown.models import Notice, Recheck

STAFF = "desk"
JUDGE = "Judge"
PASSWORD = "look-at-the-demo"  # noqa: S105 - of a demonstration on loopback, shown on the screen


def tell(
    world: World, *, kills: int, seed: int, liars: Collection[str], progress: Callable[[float], None]
) -> DemoResult:
    """Carry out one demonstration and judge it."""
    began = time.monotonic()
    call_command("migrate", verbosity=0)
    add_staff(STAFF, PASSWORD, world.now(), Role.REVIEWER)
    key = add_peer(JUDGE, world.now())  # from the beginning: what is withdrawn later was in its list
    run = Run(world, Killer(kills, seed), progress)
    run.carry_out(gather.open_items)
    evidence = Evidence(run, _feed(world, key), _pages(world))
    return DemoResult(
        items=gather.items(world),
        verdicts=judge(evidence),
        curve=tuple(run.curve),
        uploads=tuple(run.doors.tries),
        notices_sent=Notice.objects.filter(received_at__isnull=False).count(),
        rechecks=Recheck.objects.count(),
        bystanders=len(world.internet.truth.bystanders()),
        simulated_hours=world.hours(world.now()),
        wall_seconds=time.monotonic() - began,
        kills=run.killer.kills,
        seed=seed,
        liars=tuple(sorted(liars)),
    )


def _feed(world: World, key: str) -> Lines:
    """A peer's list as it gets and accepts it from the running server."""
    state = Followed(Peer.objects.get(name=JUDGE).feed, tuple(keys_told(world.now())))
    server = world.start("serve")
    try:
        world.wait_for_server(server)
        return feed_over_http(f"http://{world.environment['UNSEEN_BIND']}", key, state, world.now())
    finally:
        stop(server)


def code(world: World) -> str:
    """What the authenticator of the desk's one person shows now."""
    return code_now(Staff.objects.get(username=STAFF).code_seed, world.now())


def _pages(world: World) -> tuple[bytes, ...]:
    """The desk's pages as staff see them."""
    client = Client(SERVER_NAME="localhost")
    client.login(username=STAFF, password=PASSWORD, code=code(world), now=world.now())
    numbers = Item.objects.order_by("pk").values_list("pk", flat=True)
    paths = ("/today", "/items", "/platforms", "/numbers", *(f"/items/{number}" for number in numbers))
    answers = {path: client.get(path) for path in paths}
    wrong = [path for path, answer in answers.items() if answer.status_code != HTTPStatus.OK]
    if wrong:
        raise DemoFailed(f"the desk does not show {wrong[0]}: status {answers[wrong[0]].status_code}")
    return tuple(answer.content for answer in answers.values())


def ending(result: DemoResult) -> str:
    """A digest of how it ended, for comparing runs: outcomes, findings and notices; not when, and not in which order."""
    rows = sorted(
        [
            item.platform,
            urlsplit(item.location).path,
            item.found_by,
            item.outcome,
            item.rounds,
            sorted(item.findings.items()),
            [[route.rung, route.addressee, route.channel, route.law, route.state] for route in item.routes],
            list(item.still_served),
        ]
        for item in result.items
    )
    verdicts = [verdict.holds for verdict in result.verdicts]
    return hashlib.sha256(json.dumps([rows, verdicts]).encode()).hexdigest()[:16]
