"""What an item's outcome rests on: the look that decided it, vantage by vantage, or why nothing is proven."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from unseen.casework.models import Item
from unseen.demo.result import Proof, Saw
from unseen.domain.item import Outcome
from unseen.domain.recheck import FindingKind
from unseen.takedown.models import Finding, Recheck

_WHY_NOT: Mapping[str, str] = {
    Outcome.WITHDRAWN: "nothing was asked after the person withdrew",
    FindingKind.GEOFENCED: "hidden in some countries, served in others",
    FindingKind.CLOAKED: "hidden from our own address, served to others",
    FindingKind.RESOLVER_BLOCKED: "blocked by name for some, served to all others",
    FindingKind.MEDIA_ALIVE: "the page is gone, the picture is not",
    FindingKind.COPY_ALIVE: "the page is gone, a copy is not",
    FindingKind.LOGIN_WALLED: "behind a log-in, where no vantage can look",
    FindingKind.UNKNOWN: "no vantage could see clearly",
    FindingKind.GONE: "gone, and not yet for long enough",
}
_STILL_THERE = "it is still there"


def proof_of(item: Item, hours: Callable[[datetime], float]) -> Proof | None:
    """The last look before the item closed; the very last one where it did not."""
    looks = Recheck.objects.filter(item=item).order_by("-at", "-pk")
    last = looks.first()
    if last is None:
        return None
    until = item.closed_at
    deciding = (looks.filter(at__lte=until).first() if until is not None else None) or last
    found = list(deciding.findings.order_by("pk"))
    proven = item.outcome == Outcome.REMOVED
    return Proof(
        saw=tuple(Saw(one.vantage, one.country, one.kind, one.is_proof) for one in found),
        at_hours=hours(deciding.at),
        gone_since_hours=hours(item.gone_since) if item.gone_since is not None else None,
        looked_last_hours=hours(last.at),
        says_last=last.conclusion,
        proven=proven,
        why_not="" if proven else _why_not(item, deciding, found),
    )


def _why_not(item: Item, look: Recheck, found: Sequence[Finding]) -> str:
    if item.outcome == Outcome.WITHDRAWN:
        return _WHY_NOT[Outcome.WITHDRAWN]
    if not found:
        return "no vantage is set"
    return _WHY_NOT.get(look.conclusion, _STILL_THERE)
