"""A result such as a real run gives: the fourteen characters, 26 items, forty simulated days, and the truth behind it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from unseen.demo.result import CurvePoint, DemoResult, ItemResult, Proof, Route, Saw, Step, UploadTry, Verdict

SIMULATED_HOURS = 40 * 24.0
VANTAGES = ("office", "home-line", "berlin", "dallas")
COUNTRIES = ("KR", "KR", "DE", "US")
RETURN_HOURS = 9 * 24.0
WITHDRAWN, WITHDRAWN_AT_HOURS = {4, 6}, 30.2
RETURNED_IN_PLACE = 23

PROMISES = (
    "The picture never leaves the reporter's device; neither does its file name.",
    "After withdrawal nothing more is sent, and every feed says so.",
    "No rung gets the same notice twice unless a person says so.",
    "Every open item has a due time or a named person.",
    "Unknown never counts as gone; `removed` needs proof from at least two vantages.",
    "Search misses nothing within the radius: it equals brute force.",
    "The journal only grows, any edit is detected, and it explains every state.",
    "A deadline is the one in force when the valid notice arrived: stored, with the law's version.",
    "Nothing in a feed, a log, a page title or a statistic points to a person.",
    "A killed worker loses no work and repeats no notice.",
)
EVIDENCE = (
    "2 reports read byte by byte on the wire: 14 fingerprints, 3 locations, 0 bytes of media",
    "0 notices after the withdrawal at 12.0 h; feed page 2 says withdrawn",
    "61 notices counted at the mail relay and the HTTP servers, 61 keys, 4 replays answered with the same receipt",
    "3,412 ticks, 0 open items without a due time",
    "19 items called removed: strangers in KR, DE and US asked for each, page and media: 0 served",
    "5,120 queries: 318 matches, the same as brute force",
    "1,904 entries, chain intact; a planted edit was found at entry 951",
    "26 items: every stored deadline equals receipt plus the law's hours at its stored version",
    "search of 212 pages, 1 feed and 9,120 log lines for 44 marks: 0 found",
    "killed 0 times",
)


@dataclass(frozen=True)
class Plan:
    """One platform of the small internet and how far its ladder goes: notices 1 to 4."""

    platform: str
    key: str
    law: str
    channel: str
    edits: tuple[str, ...]
    notices: int
    acts_after_hours: float
    reply: str
    seen: str = "still_up"
    pretended: tuple[str, ...] = ("still_up",) * 4
    host: str = "Deaf Hosting"


PLANS = (
    Plan("Prompt Pictures", "prompt", "us-tida", "api", ("full, re-encoded", "full, resized"), 1, 6, ""),
    Plan("Slowpoke Forum", "slow", "eu-dsa-16", "email", ("full, as PNG", "full, re-encoded"), 2, 12, "acknowledgement"),
    Plan("Silent Boards", "silent", "us-tida", "email", ("full", "full, as WebP"), 3, 18, "", host="Prompt Hosting"),
    Plan("Refuser Media", "refuser", "us-tida", "email", ("full", "full"), 4, 72, "refusal",
         host="Careful Hosting"),
    Plan("Bounce House", "bouncer", "eu-dsa-16", "email", ("full, as WebP",), 3, 18, "bounce",
         host="Prompt Hosting"),
    Plan("Nodding Uploads", "nodder", "kr-tba-22-5", "email", ("full, resized", "full"), 4, 72, "acknowledgement"),
    Plan("Softly Gone", "soft404", "eu-dsa-16", "email", ("full, as PNG", "full"), 3, 18, "removal",
         host="Prompt Hosting"),
    Plan("Loose Ends", "mediastays", "uk-osa", "email", ("full, resized", "full"), 3, 18, "removal",
         host="Prompt Hosting"),
    Plan("Fence Posts", "geofencer", "us-tida", "api", ("full",), 4, 72, "removal", "geofenced",
         ("geofenced", "geofenced", "still_up", "still_up")),
    Plan("Cloak and Picture", "cloaker", "uk-osa", "email", ("full, resized",), 3, 18, "removal", "cloaked",
         ("gone", "still_up", "still_up", "still_up"), host="Prompt Hosting"),
    Plan("Homeward Video", "redirector", "eu-dsa-16", "api", ("video: 14 of 14 frames", "full"), 1, 10, ""),
    Plan("Members Lounge", "loginwall", "us-tida", "email", ("full", "full, as WebP"), 3, 18, "acknowledgement",
         "login_walled", ("login_walled",) * 4, host="Prompt Hosting"),
    Plan("Boomerang Pics", "reuploader", "us-tida", "api", ("full, re-encoded", "full, resized"), 1, 10, ""),
    Plan("Patience Gallery", "ratelimiter", "kr-tba-22-5", "api", ("full", "full, as WebP"), 1, 6, ""),
)  # fmt: skip
_LAW_NAMES = {
    "us-tida": "TAKE IT DOWN Act (USA), 47 U.S.C. § 223a",
    "eu-dsa-16": "Digital Services Act (EU), Article 16",
    "uk-osa": "Online Safety Act (UK), sections 10(3A) and 20A",
    "kr-tba-22-5": "Telecommunications Business Act (Korea), Article 22-5",
    "host-abuse": "the addressee's own rules",
}
_RUNGS = ("platform", "platform_final", "host", "regulator")
_SENT_AT_HOURS = (0.2, 48.3, 72.6, 97.0)


@cache
def sample() -> DemoResult:
    """Every promise held: 19 items removed, 5 blocked in one country only, 2 withdrawn."""
    lives = [*_lives()]
    items = tuple(sorted((item for item, _ in lives), key=lambda item: item.number))
    return DemoResult(
        items=items,
        verdicts=tuple(
            Verdict(number, words, holds=True, evidence=evidence)
            for number, (words, evidence) in enumerate(zip(PROMISES, EVIDENCE, strict=True), start=1)
        ),
        curve=_curve(lives),
        uploads=_uploads(),
        notices_sent=sum(len(item.routes) for item in items),
        rechecks=sum(1 for item in items for step in item.steps if step.words.startswith("recheck")),
        bystanders=29,
        simulated_hours=SIMULATED_HOURS,
        wall_seconds=47.3,
        kills=0,
        seed=1,
        liars=(),
    )


def _uploads() -> tuple[UploadTry, ...]:
    """Two doors, before and after the withdrawal at hour 30."""
    return tuple(
        UploadTry(32.0 if after else 30.0, platform, whose, edit, after, refused=known, rightly=known)
        for platform in ("Prompt Pictures", "Slowpoke Forum")
        for whose in ("first", "second", "nobody's")
        for edit in ("re-encode", "mirror", "crop")
        for after in (False, True)
        for known in (whose == "first" or (whose == "second" and not after),)
    )


def liar() -> DemoResult:
    """Softly Gone lied: it hides its copies from every vantage; the judge of promise 5 asked a stranger."""
    told = sample()
    items = tuple(
        replace(item, still_served=("DE", "KR", "US")) if item.platform == "Softly Gone" else item
        for item in told.items
    )
    evidence = "items 12 and 13 are called removed; strangers in DE, KR and US still get the media"
    verdict = replace(told.verdicts[4], holds=False, evidence=evidence)
    gone_at = _SENT_AT_HOURS[2] + 18
    curve = tuple(
        replace(point, copies_served=point.copies_served + (2 if point.at_hours >= gone_at else 0))
        for point in told.curve
    )
    verdicts = (*told.verdicts[:4], verdict, *told.verdicts[5:])
    return replace(told, items=items, verdicts=verdicts, curve=curve, liars=("soft404",))


def all_failed() -> DemoResult:
    """Nothing was removed and no judge agrees."""
    told = sample()
    items = tuple(
        replace(item, outcome="", closed_at_hours=None, stage="recheck", still_served=("DE", "KR", "US"))
        for item in told.items
    )
    verdicts = tuple(replace(verdict, holds=False, evidence="it does not") for verdict in told.verdicts)
    curve = (CurvePoint(0.0, 0, 0), CurvePoint(0.1, 26, 26), CurvePoint(SIMULATED_HOURS, 26, 26))
    return replace(told, items=items, verdicts=verdicts, curve=curve, kills=25)


Life = tuple[ItemResult, tuple[tuple[float, float], ...]]


def _lives() -> Iterator[Life]:
    """Each item with the spans of hours in which its copy is truly served."""
    number = 0
    for plan in PLANS:
        for edit in plan.edits:
            number += 1
            yield _life(number, plan, edit)
    boomerang = number - 3
    yield _returned_elsewhere(number + 1, boomerang)


def _life(number: int, plan: Plan, edit: str) -> Life:
    sent = _SENT_AT_HOURS[: plan.notices]
    truly_gone = sent[-1] + plan.acts_after_hours
    blocked = plan.notices == 4
    closed = truly_gone + 9.5
    routes = tuple(_route(plan, index) for index in range(plan.notices))
    steps = [
        Step(0.1, "found by scanning"),
        Step(0.1, "the fingerprint matches"),
        *_climb(plan, sent, truly_gone, number),
    ]
    steps.append(Step(closed, "closed: blocked_only" if blocked else "closed: removed"))
    steps += _watch(closed, "geofenced" if blocked else "gone")
    served = ((0.0, SIMULATED_HOURS),) if blocked else ((0.0, truly_gone),)
    kind = plan.pretended if blocked else ("gone",) * 4
    if blocked:
        kind = ("geofenced", "geofenced", "still_up", "still_up")
    found = dict(zip(VANTAGES, kind, strict=True))
    item = ItemResult(
        number=number,
        platform=plan.platform,
        location=f"/p/{number * 2654435761 % 16**8:08x}",
        found_by="named in the report" if number in {1, 3, 8} else "scan",
        how=edit,
        came_back_from=None,
        rounds=1,
        routes=routes,
        steps=tuple(steps),
        findings=found,
        proof=_proof(found, truly_gone + 2.5, truly_gone + 9.4, removed=not blocked),
        stage="closed",
        outcome="blocked_only" if blocked else "removed",
        opened_at_hours=0.1,
        closed_at_hours=closed,
        still_served=("DE", "US") if blocked else (),
    )
    if number in WITHDRAWN:
        return _withdrawn(item)
    return _returned_in_place(item, served) if number == RETURNED_IN_PLACE else (item, served)


def _withdrawn(item: ItemResult) -> Life:
    """The person of the second case said stop after thirty hours; whoever served it goes on serving it."""
    kept = tuple(step for step in item.steps if step.at_hours < WITHDRAWN_AT_HOURS)
    item = replace(
        item,
        routes=item.routes[:1],
        steps=(
            *kept,
            Step(WITHDRAWN_AT_HOURS, "the person withdrew"),
            Step(WITHDRAWN_AT_HOURS, "closed: withdrawn"),
        ),
        findings=dict.fromkeys(VANTAGES, "still_up"),
        proof=_proof(dict.fromkeys(VANTAGES, "still_up"), 0.0, WITHDRAWN_AT_HOURS, removed=False),
        outcome="withdrawn",
        closed_at_hours=WITHDRAWN_AT_HOURS,
        still_served=("KR", "DE", "US"),
    )
    return item, ((0.0, SIMULATED_HOURS),)


def _route(plan: Plan, index: int) -> Route:
    sent = _SENT_AT_HOURS[index]
    bounced = plan.key == "bouncer" and index < 2
    addressee = (plan.platform, plan.platform, plan.host, "Communications Regulator")[index]
    law = plan.law if index < 2 else ("host-abuse", "kr-tba-22-5")[index - 2]
    proof = "HTTP 202, receipt rc-7f3a19" if plan.channel == "api" and index < 2 else "250 OK from the relay"
    return Route(
        rung=_RUNGS[index],
        addressee=addressee,
        channel=plan.channel if index < 2 else "email",
        law=law,
        state="failed" if bounced else "sent",
        received_at_hours=sent,
        deadline_at_hours=None if bounced else sent + 48 / (index + 1),
        proof="bounced: 5.2.2 mailbox full" if bounced else proof,
        laws=(_LAW_NAMES[law],),
        due_within_hours=None if bounced else 48 / (index + 1),
        due_by_law=law in {"us-tida", "uk-osa"} and index == 0,
        came_to=_came_to(plan, index, bounced=bounced),
        decides=index == plan.notices - 1,
    )


def _came_to(plan: Plan, index: int, *, bounced: bool) -> str:
    if bounced:
        return "it came back undelivered"
    done = index == plan.notices - 1 and plan.notices < 4
    return "removed" if done else "no removal in time"


def _proof(findings: dict[str, str], since: float, closed: float, *, removed: bool) -> Proof:
    saw = tuple(
        Saw(vantage, country, kind, is_proof=removed)
        for (vantage, kind), country in zip(findings.items(), COUNTRIES, strict=True)
    )
    why_not = "" if removed else "hidden in some countries, served in others"
    gone_since = since if removed else None
    return Proof(saw, closed, gone_since, SIMULATED_HOURS, next(iter(findings.values())), removed, why_not)


def _climb(plan: Plan, sent: tuple[float, ...], truly_gone: float, number: int) -> Iterator[Step]:
    for index, at in enumerate(sent):
        yield Step(at - 0.1, f"notice written ({_RUNGS[index]})")
        yield Step(at, f"notice delivered ({_RUNGS[index]})")
        if plan.reply and index < 2:
            yield Step(at + 1.5, f"they answered: {plan.reply}")
        until = sent[index + 1] if index + 1 < len(sent) else truly_gone
        for look in (at + pause for pause in (2, 8, 24, 48, 72) if at + pause < until):
            words = "unknown" if plan.key == "ratelimiter" and look < 3 else plan.seen
            yield Step(look + number * 0.01, f"recheck: {words}")
    for look in (truly_gone + 2.5, truly_gone + 9.4):
        yield Step(look, "recheck: gone" if len(sent) < 4 else "recheck: geofenced")


def _watch(closed: float, words: str) -> Iterator[Step]:
    for days in (1, 3, 7, 14, 30):
        if closed + days * 24 < SIMULATED_HOURS:
            yield Step(closed + days * 24, f"recheck: {words}")


def _returned_in_place(item: ItemResult, served: tuple[tuple[float, float], ...]) -> Life:
    """The same address shows it again: one item, two rounds."""
    back = served[0][1] + RETURN_HOURS
    seen = back + 13.0
    closed = seen + 0.2 + 10.0 + 9.5
    again = replace(item.routes[0], received_at_hours=seen + 0.2, deadline_at_hours=seen + 48.2)
    kept = tuple(step for step in item.steps if step.at_hours < seen)
    steps = (
        *kept,
        Step(seen, "recheck: back"),
        Step(seen, "back again: reopened"),
        Step(seen + 0.2, "notice delivered (platform)"),
        Step(closed - 0.1, "recheck: gone"),
        Step(closed, "closed: removed"),
        *_watch(closed, "gone"),
    )
    item = replace(item, rounds=2, routes=(*item.routes, again), steps=steps, closed_at_hours=closed)
    return item, (*served, (back, seen + 10.2))


def _returned_elsewhere(number: int, came_back_from: int) -> Life:
    """Mirrored, cropped and re-encoded at a new address: a new item that names the old one."""
    plan = replace(PLANS[12], edits=("mirror, crop 6 %",))
    item, _ = _life(number, plan, plan.edits[0])
    opened = 10.2 + RETURN_HOURS + 20.0
    moved = tuple(replace(step, at_hours=step.at_hours + opened) for step in item.steps)
    route = replace(item.routes[0], received_at_hours=opened + 0.2, deadline_at_hours=opened + 48.2)
    item = replace(
        item,
        came_back_from=came_back_from,
        routes=(route,),
        steps=tuple(step for step in moved if step.at_hours < SIMULATED_HOURS),
        opened_at_hours=opened,
        closed_at_hours=opened + 19.7,
    )
    return item, ((10.2 + RETURN_HOURS, opened + 10.2),)


def _curve(lives: list[Life]) -> tuple[CurvePoint, ...]:
    """Count the truth and the open items every half hour."""
    instants = [half / 2 for half in range(int(SIMULATED_HOURS * 2) + 1)]
    return tuple(
        CurvePoint(
            at,
            sum(
                any(start <= at < end or end == SIMULATED_HOURS for start, end in spans if start <= at)
                for _, spans in lives
            ),
            sum(_open(item, at) for item, _ in lives),
        )
        for at in instants
    )


def _open(item: ItemResult, at: float) -> bool:
    if item.rounds == 1:
        return item.opened_at_hours <= at < (item.closed_at_hours or SIMULATED_HOURS)
    first = next(step.at_hours for step in item.steps if step.words.startswith("closed"))
    second = next(step.at_hours for step in item.steps if step.words.startswith("back again"))
    return item.opened_at_hours <= at < first or second <= at < (item.closed_at_hours or SIMULATED_HOURS)
