"""Law, route and proof of one item in words: the same in the terminal and on the page."""

from dataclasses import dataclass

from unseen.demo.page_words import (
    Sign,
    Tone,
    counted,
    days,
    finding_sign,
    listed,
    plain,
    rung_sign,
    spelled,
    undelivered,
)
from unseen.demo.result import ItemResult, Proof, Route
from unseen.takedown.directory.party import CHANNEL_WORDS


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One rung: when, to whom (named where it is not the platform itself) and by what, and what it came to."""

    symbol: str
    when: str
    rung: str
    to: str
    came_to: str
    failed: bool
    decides: bool


def route_steps(item: ItemResult) -> tuple[RouteStep, ...]:
    """Every notice in the order in which it was made."""
    return tuple(_step(route, item.platform) for route in item.routes)


def _step(route: Route, platform: str) -> RouteStep:
    symbol, rung = rung_sign(route.rung)
    channel = CHANNEL_WORDS.get(route.channel, route.channel)
    other = "" if route.addressee == platform else f"{route.addressee}, "
    return RouteStep(
        symbol=symbol,
        when=f"day {days(route.received_at_hours)}" if route.received_at_hours is not None else "",
        rung=rung,
        to=plain(f"{other}{channel}"),
        came_to=plain(route.came_to) or spelled(route.state),
        failed=undelivered(route),
        decides=route.decides,
    )


def deciding(item: ItemResult) -> Route | None:
    """The notice on which the item stands or fell."""
    return next((route for route in item.routes if route.decides), None)


def law_lines(item: ItemResult) -> tuple[str, ...]:
    """The laws of the deciding notice, and whose deadline it was."""
    route = deciding(item)
    if route is None:
        return ("no notice, so no law",)
    first, *others = [plain(name) for name in route.laws] or [plain(route.law)]
    lines = [first]
    if others:
        lines.append(f"with {listed(others)}")
    if route.due_within_hours is not None:
        whose = "by law" if route.due_by_law else "our own target"
        lines.append(f"{route.due_within_hours:.0f} hours, {whose}")
    return tuple(lines)


def proof_signs(item: ItemResult) -> tuple[tuple[Sign, str], ...]:
    """What the deciding look found: each finding with the vantages that share it, country by country."""
    proof = item.proof
    if proof is None:
        return ()
    shared: dict[str, list[str]] = {}
    for saw in proof.saw:
        shared.setdefault(saw.kind, []).append(plain(f"{saw.vantage} {saw.country}"))
    return tuple((finding_sign(kind), listed(places)) for kind, places in shared.items())


def proof_verdict(item: ItemResult) -> Sign:
    """Whether it is proven, in few words; why not, where it is not."""
    proof = item.proof
    if proof is None:
        return Sign("?", "not proven: nobody looked", Tone.OPEN, "?")
    if not proof.proven:
        return Sign("✕", f"not proven: {plain(proof.why_not)}", Tone.OPEN, "x")
    places = {saw.country for saw in proof.saw if saw.is_proof}
    seen = sum(saw.is_proof for saw in proof.saw)
    where = f"{counted(seen, 'vantage')} in {counted(len(places), 'country', 'countries')}"
    return Sign("✓", f"gone for {where}", Tone.GOOD, "+")


def proof_times(item: ItemResult) -> str:
    """When it was seen, when it still held, and when we looked last."""
    proof = item.proof
    if proof is None:
        return ""
    parts = [_seen(proof)]
    if proof.looked_last_hours > proof.at_hours:
        parts.append(f"last look day {days(proof.looked_last_hours)}: {finding_sign(proof.says_last).words}")
    return "; ".join(parts)


def _seen(proof: Proof) -> str:
    if proof.proven and proof.gone_since_hours is not None:
        return f"first on day {days(proof.gone_since_hours)}, still on day {days(proof.at_hours)}"
    return f"looked on day {days(proof.at_hours)}"
