"""What a reporter is told about each place: plain words, and never more than is proven (promise 5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from unseen.casework.models import Item
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.domain.recheck import GONE_KINDS, FindingKind
from unseen.domain.report import AgeBand
from unseen.exchange.desk import word_for
from unseen.intake.models import Report
from unseen.takedown import queries
from unseen.takedown.models import Notice, Recheck


@dataclass(frozen=True, slots=True)
class PlaceStatus:
    """One place. `tone` is good, open or calm, and is always said in the words too."""

    location: str
    host: str
    tone: str
    headline: str
    lines: tuple[str, ...]
    found_by_us: bool


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """All places of a report, and how many are proven to be gone. `waits`: nobody has taken it up yet."""

    waits: bool
    places: tuple[PlaceStatus, ...]
    gone: int
    platforms: tuple[str, ...] = ()


def status_of(report: Report) -> CaseStatus:
    """Read from casework and takedown; a handful of queries, however many places there are."""
    if report.withdrawn_at is not None:
        return CaseStatus(waits=False, places=(), gone=0)  # nobody looks any more, so nothing is known
    items = list(Item.objects.filter(case__report=report).select_related("case__report").order_by("pk"))
    if not items:
        told = report.locations.order_by("pk")
        waiting = tuple(_not_taken_up(one.text) for one in told)
        return CaseStatus(
            waits=report.due_at is not None, places=waiting, gone=0, platforms=_platforms(report)
        )
    notices = queries.notices_by_item(items)
    looks = _latest_looks(items)
    places = tuple(_place(item, queries.in_order(notices[item.pk]), looks.get(item.pk)) for item in items)
    gone = sum(one.tone == "good" for one in places)
    return CaseStatus(waits=False, places=places, gone=gone, platforms=_platforms(report))


def _platforms(report: Report) -> tuple[str, ...]:
    """What platforms do with the fingerprints, in plain words."""
    word, lines = word_for(report), []
    if word.shared:
        lines.append(
            _("Platforms that work with us have the fingerprints, so that they can stop new uploads.")
        )
    if word.stopped_by:
        words = ngettext(
            "%(count)s platform told us that it stopped an upload.",
            "%(count)s platforms told us that they stopped an upload.",
            word.stopped_by,
        )
        lines.append(words % {"count": word.stopped_by})
    if word.doubted:
        lines.append(_("A platform asked us to look again. A person at the centre does."))
    return tuple(lines)


def _latest_looks(items: Iterable[Item]) -> dict[int, Recheck]:
    newest = Recheck.objects.filter(item=OuterRef("pk")).order_by("-at", "-pk").values("pk")[:1]
    latest = Item.objects.filter(pk__in=[item.pk for item in items]).values(look=Subquery(newest))
    rows = Recheck.objects.filter(pk__in=latest).prefetch_related("findings")
    return {row.item_id: row for row in rows}


def _not_taken_up(location: str) -> PlaceStatus:
    return PlaceStatus(
        location, _host(location), "calm", _("We have it. Work begins within minutes."), (), False
    )


def _host(location: str) -> str:
    return urlsplit(location).hostname or location


def _place(item: Item, notices: list[Notice], look: Recheck | None) -> PlaceStatus:
    tone, headline = _headline(item, notices, look)
    lines = tuple(_lines(item, notices))
    return PlaceStatus(item.location, item.host, tone, headline, lines, item.found_by == "scan")


def _headline(item: Item, notices: list[Notice], look: Recheck | None) -> tuple[str, str]:
    if item.stage == Stage.CLOSED:
        return _closed(item, look)
    if item.stage in (Stage.RECEIVED, Stage.REVIEW):
        return "calm", _before_asking(item)
    here = [one for one in notices if one.round == item.round]
    received = [one for one in here if one.received_at is not None]
    if not received:
        return "calm", _("We are writing to those who can remove it.")
    if item.gone_since is not None and look is not None:
        return "open", _("It seems to be gone. We look again before we believe it.")
    if item.last_finding in (FindingKind.GEOFENCED, FindingKind.CLOAKED, FindingKind.RESOLVER_BLOCKED):
        return "open", _("It is hidden from some people, but not gone. We go on.")
    if any(one.says_removed_at for one in here):
        return "open", _("They say that they removed it. We check that ourselves.")
    if item.round > 1:
        return "open", _("It came back, and we asked again.")
    if item.last_finding == FindingKind.LOGIN_WALLED:
        return "open", _("Asked. It is behind a log-in now, so we cannot see whether it is gone.")
    if item.last_finding == FindingKind.UNKNOWN:
        return "open", _("Asked. We could not see yet whether it is gone.")
    return "open", _("Asked. It is not gone yet, and we keep looking.")


def _before_asking(item: Item) -> str:
    if item.stage == Stage.RECEIVED and item.case.report.age_band == AgeBand.ADULT:
        return _("We look at it ourselves before we ask anybody.")
    return _("A person at the centre looks at this one before anything is sent.")


def _closed(item: Item, look: Recheck | None) -> tuple[str, str]:
    if item.outcome == Outcome.REMOVED:
        places = sum(one.kind in GONE_KINDS for one in look.findings.all()) if look is not None else 0
        if item.last_finding not in GONE_KINDS or not places:
            return "open", _("It was gone when we looked, and we are looking again.")
        words = ngettext(
            "Gone: we checked from %(count)s place. We keep looking, in case it comes back.",
            "Gone: we checked from %(count)s places. We keep looking, in case it comes back.",
            places,
        )
        return "good", words % {"count": places}
    return "open" if item.outcome != Outcome.WITHDRAWN else "calm", {
        Outcome.BLOCKED_ONLY: _("It is blocked in some countries, but not gone."),
        Outcome.REFUSED: _(
            "They refused, and so did everybody above them whom we asked. The centre can tell you what is left to do."
        ),
        Outcome.UNREACHABLE: _(
            "Nobody whom we asked did anything. The centre can tell you what is left to do."
        ),
        Outcome.WITHDRAWN: _("Stopped, because you said so."),
        Outcome.OUT_OF_SCOPE: _(
            "A person at the centre looked at this and closed it. Ask us why, if you like."
        ),
        Outcome.DUPLICATE: _("We know this place already from the same report."),
    }[Outcome(item.outcome)]


def _lines(item: Item, notices: list[Notice]) -> Iterable[str]:
    for notice in notices:
        if notice.received_at is not None:
            yield _("%(day)s: our request arrived (%(who)s).") % {
                "day": _day(notice.received_at),
                "who": _name(notice),
            }
        elif notice.state == NoticeState.UNCERTAIN:
            yield _("%(day)s: sent to %(who)s, and we are finding out whether it arrived.") % {
                "day": _day(notice.made_at),
                "who": _name(notice),
            }
        if notice.refused_at is not None:
            yield _("%(day)s: they refused. We go on to the next one who can act.") % {
                "day": _day(notice.refused_at)
            }
    if item.last_recheck_at is not None:
        yield _("%(day)s: our last look.") % {"day": _day(item.last_recheck_at)}


def _name(notice: Notice) -> str:
    party = queries.directory().parties.get(notice.addressee)
    return party.name if party is not None else notice.addressee


def _day(at: datetime) -> str:
    return f"{at:%Y-%m-%d}"
