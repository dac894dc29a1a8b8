"""The words of the desk: what each kind of journal entry, finding and outcome means, for a caseworker."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from django.utils.translation import gettext_noop

from unseen.casework.models import Item
from unseen.domain.item import Outcome, Stage
from unseen.domain.match import edit_words
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.journal.queries import Told
from unseen.takedown.directory.party import CHANNEL_WORDS, ChannelKind
from unseen.takedown.explain_facts import Known, deadline_words, time_words
from unseen.takedown.models import SAID_BY_STAFF
from unseen.takedown.replies import ReplyKind

STAGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Stage.RECEIVED: gettext_noop("received"),
        Stage.REVIEW: gettext_noop("a person decides"),
        Stage.NOTICE: gettext_noop("writing"),
        Stage.RECHECK: gettext_noop("looking again"),
        Stage.CLOSED: gettext_noop("closed"),
    }
)
OUTCOME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Outcome.REMOVED: gettext_noop("removed"),
        Outcome.BLOCKED_ONLY: gettext_noop("only blocked in some countries"),
        Outcome.REFUSED: gettext_noop("refused"),
        Outcome.UNREACHABLE: gettext_noop("nobody acted"),
        Outcome.WITHDRAWN: gettext_noop("withdrawn"),
        Outcome.OUT_OF_SCOPE: gettext_noop("out of scope"),
        Outcome.DUPLICATE: gettext_noop("known already"),
    }
)
FINDING_WORDS: Mapping[str, str] = MappingProxyType(
    {
        FindingKind.GONE: gettext_noop("gone"),
        FindingKind.SOFT_404: gettext_noop("gone, and the page says so"),
        FindingKind.SENT_HOME: gettext_noop("gone, and sent on to the home page"),
        FindingKind.STILL_UP: gettext_noop("still up"),
        FindingKind.MEDIA_ALIVE: gettext_noop("page gone, picture still there"),
        FindingKind.COPY_ALIVE: gettext_noop("page gone, a copy still there elsewhere"),
        FindingKind.GEOFENCED: gettext_noop("hidden in this country"),
        FindingKind.CLOAKED: gettext_noop("hidden from us"),
        FindingKind.RESOLVER_BLOCKED: gettext_noop("blocked by name only"),
        FindingKind.MOVED: gettext_noop("moved"),
        FindingKind.LOGIN_WALLED: gettext_noop("behind a log-in"),
        FindingKind.BACK: gettext_noop("back again"),
        FindingKind.LISTED: gettext_noop("still listed in search"),
        FindingKind.NOT_LISTED: gettext_noop("not listed in search"),
        FindingKind.UNKNOWN: gettext_noop("not known"),
    }
)
# What all vantages together say.
CONCLUSION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        FindingKind.GONE: "gone",
        FindingKind.SOFT_404: "gone, and the page says so",
        FindingKind.SENT_HOME: "gone, and sent on to the home page",
        FindingKind.STILL_UP: "still up",
        FindingKind.MEDIA_ALIVE: "the page is gone, and the picture can still be got at its own address",
        FindingKind.COPY_ALIVE: "the page is gone, and a copy can still be got elsewhere",
        FindingKind.GEOFENCED: "hidden in some countries, served in others",
        FindingKind.CLOAKED: "hidden from our own address, served to others",
        FindingKind.RESOLVER_BLOCKED: "blocked by name for some, served to all others",
        FindingKind.MOVED: "moved to another address, and still up",
        FindingKind.LOGIN_WALLED: "behind a log-in, where nobody of us can look",
        FindingKind.BACK: "back again",
        FindingKind.LISTED: "still listed in search",
        FindingKind.NOT_LISTED: "not listed in search",
        FindingKind.UNKNOWN: "not known",
    }
)
RUNG_SHORT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        Rung.PLATFORM: gettext_noop("first notice"),
        Rung.PLATFORM_FINAL: gettext_noop("second notice"),
        Rung.HOST: gettext_noop("hosting company"),
        Rung.CDN: gettext_noop("delivery network"),
        Rung.UPSTREAM: gettext_noop("network"),
        Rung.REGISTRAR: gettext_noop("registrar"),
        Rung.SEARCH: gettext_noop("search engine"),
        Rung.APP_STORE: gettext_noop("app store"),
        Rung.PAYMENT: gettext_noop("payment network"),
        Rung.REGULATOR: gettext_noop("regulator"),
        Rung.BLOCKING: gettext_noop("block of access"),
        Rung.COUNSEL: gettext_noop("counsel"),
    }
)
_BY_FORM = "A person sent it by their form"
_SAID_WORDS: Mapping[str, str] = {ChannelKind.FORM: _BY_FORM}
_RECEIPT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        ChannelKind.API: "Their notice service took it",
        ChannelKind.EMAIL: "The mail server took it",
        ChannelKind.FORM: _BY_FORM,
        ChannelKind.REPORT: "The mail server took it",
        ChannelKind.PACKET: "The mail server took it",
    }
)
REPLY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        ReplyKind.BOUNCED: gettext_noop("the mail came back: it could not be delivered"),
        ReplyKind.DELAYED: gettext_noop("the mail is delayed on its way"),
        ReplyKind.ACKNOWLEDGED: gettext_noop("they have it"),
        ReplyKind.REFUSED: gettext_noop("they refuse"),
        ReplyKind.SAYS_REMOVED: gettext_noop("they say that it is removed"),
        ReplyKind.AUTO_REPLY: gettext_noop("an automatic answer"),
        ReplyKind.UNREADABLE: gettext_noop("an answer that a person has to read"),
    }
)
RESULT_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "unclear": "the line broke while it was handed over, so we ask whether it arrived",
        "failed for now": "it could not be handed over; we try again",
        "our relay failed for now": "our own mail server did not take it; we try again until it does",
        "not there: sent again under the same id": "it had not arrived, so it goes out again under the same id",
        "a person says that it did not go out": "a person says that it did not go out, so it is sent",
    }
)

_ORDINALS = {1: "first", 2: "second", 3: "third"}
ITEMS_NAMED_MAX = 10  # a list of hundreds explains nothing


def words_of(told: Told, known: Known) -> str:
    """One sentence or two about one entry; the tag itself when a later version wrote it."""
    say = SENTENCES.get(told.tag, told.tag)
    return say if isinstance(say, str) else say(told, known)


def found_words(item: Item) -> str:
    """How the content at this location was recognised."""
    if item.distance_bits is None:
        return ""
    return f"It matches the material, {edit_words(item.how)}: {item.distance_bits} of 256 bits differ."


def _found(_: Told, known: Known) -> str:
    words = f"Our search found a copy here. {found_words(known.item)}".rstrip()
    before = known.item.came_back_from_id
    return f"{words} This platform had removed the same material before (item {before})." if before else words


def _answered(told: Told, _: Known) -> str:
    if told.data.get("outcome") == Outcome.OUT_OF_SCOPE:
        return "A person answered: it is out of scope. Nothing is sent."
    if "staff" in told.data:
        return "A person answered: it is the material. A notice may go out."
    return "A person answered the question about the notice."


def _settled(told: Told, _: Known) -> str:
    outcome = str(told.data.get("outcome", ""))
    return f"Closed, outcome: {OUTCOME_WORDS.get(outcome, outcome)}."


def _rechecked(told: Told, _: Known) -> str:
    vantages = told.data.get("vantages", {})
    kind = str(told.data.get("finding", ""))
    places = "1 vantage" if len(vantages) == 1 else f"{len(vantages)} vantages"
    return f"We looked from {places}. Together they say: {CONCLUSION_WORDS.get(kind, kind)}."


def _made(told: Told, known: Known) -> str:
    notice, data = known.notice(told.data), told.data
    channel = CHANNEL_WORDS.get(notice.channel, notice.channel) if notice else "a channel"
    rung = Rung(data["rung"]).words
    first, *others = [known.law(law_id) for law_id in data.get("laws", [])] or [""]
    under = f" under {first}" if first else ""
    also = f", and also under {' and '.join(others)}" if others else ""
    return f"We wrote to {known.name(data['addressee'])} ({rung}, by {channel}){under}{also}."


def _delivered(told: Told, known: Known) -> str:
    took = _RECEIPT_WORDS.get(told.data.get("channel", ""), "They took it")
    notice = known.notice(told.data)
    if notice is not None and notice.proof is not None and notice.proof.words.startswith(SAID_BY_STAFF):
        took = _SAID_WORDS.get(notice.channel, "A person says that it went out; we count it as received")
    at = datetime.fromisoformat(str(told.data["deadline_at"]))
    received_at = notice.received_at if notice is not None and notice.received_at else told.at
    whose = f": {deadline_words(notice, known)}" if notice is not None else ""
    return f"{took} at {time_words(received_at)}. An answer is due by {time_words(at)}{whose}."


def _failed(told: Told, known: Known) -> str:
    return f"{_which(told, known)} could not be delivered."


def _replied(told: Told, _: Known) -> str:
    kind = str(told.data.get("kind", ""))
    claim = kind in (ReplyKind.REFUSED, ReplyKind.SAYS_REMOVED)
    check = " We check it before we believe it." if claim else ""
    return f"An answer came to the {_rung(told)}: {REPLY_WORDS.get(kind, kind)}.{check}"


def _interrupted(told: Told, _: Known) -> str:
    result = str(told.data.get("result", ""))
    return f"The notice is not out yet: {RESULT_WORDS.get(result, result)}."


def _batched(told: Told, _: Known) -> str:
    items = told.data.get("items", [])
    named = ", ".join(map(str, items[:ITEMS_NAMED_MAX])) + (
        " and more" if len(items) > ITEMS_NAMED_MAX else ""
    )
    return f"The notice names {len(items)} further items of the case: {named}." if items else "It goes alone."


def _joined(told: Told, _: Known) -> str:
    return f"It goes out in one notice with item {told.data.get('carrier')}."


def _compared(told: Told, _: Known) -> str:
    sent, missing = told.data.get("sent", 0), told.data.get("missing", 0)
    return f"They said which locations they took up: of {sent} items {missing} were missing."


def _rung(told: Told) -> str:
    return Rung(told.data["rung"]).words if "rung" in told.data else "notice"


def _which(told: Told, known: Known) -> str:
    notice = known.notice(told.data)
    to = f" ({known.name(notice.addressee)})" if notice else ""
    return f"The {_rung(told)}{to}"


def _returned(told: Told, _: Known) -> str:
    return f"A copy was found at a new location of the same platform: item {told.data.get('new_item')}."


def _back(told: Told, _: Known) -> str:
    return f"It is back, for the {_ORDINALS.get(told.data.get('round', 2) - 1, 'next')} time. We ask again."


SENTENCES: Mapping[str, str | Callable[[Told, Known], str]] = MappingProxyType(
    {
        "item:location:reported": "The reporter named this location.",
        "item:location:found": _found,
        "item:copy:returned": _returned,
        "item:case:withdrawn": "The affected person said stop. Nothing more is sent.",
        "item:question:answered": _answered,
        "item:answer:given": "A person answered at the desk. The answer can be taken back for a moment.",
        "item:answer:reversed": "The person took the answer back before it had any effect.",
        "item:answer:lapsed": "The answer had no effect: the item had moved on meanwhile.",
        "item:location:shown": "A person had the full location shown, with a reason that is noted.",
        "item:match:accepted": "Accepted: a notice may go out.",
        "item:person:asked": "A person is asked. We keep looking meanwhile.",
        "item:outcome:settled": _settled,
        "item:content:returned": _back,
        "item:place:rechecked": _rechecked,
        "item:notice:made": _made,
        "item:notice:delivered": _delivered,
        "item:notice:failed": _failed,
        "item:reply:read": _replied,
        "notice:send:delivered": _delivered,
        "notice:send:stopped": "The notice was stopped before it went out: the item was withdrawn or closed.",
        "notice:send:interrupted": _interrupted,
        "notice:batch:made": _batched,
        "notice:batch:joined": _joined,
        "notice:list:compared": _compared,
        "notice:list:missing": "They took the notice over and did not take up this location. It goes out again.",
        "notice:send:doubted": "Nobody can tell whether the notice went out. It is not sent again unasked.",
    }
)
