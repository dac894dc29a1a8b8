"""Why a step was taken, for a caseworker: each rule of the schedule as a sentence with the facts of this item.

Keyed by the rule's own text in `domain/schedule.py`; a rule without a sentence here fails a test.
"""

from collections.abc import Mapping
from types import MappingProxyType

from unseen.domain import limits
from unseen.domain.limits import GONE_HOLDS_FOR, PROOF_COUNTRIES_MIN, PROOF_VANTAGES_MIN, UNKNOWN_RETRIES_MAX
from unseen.takedown.explain_facts import Known, hours_words, time_words
from unseen.takedown.models import Notice

_HOLDS_HOURS = int(GONE_HOLDS_FOR.total_seconds() // 3600)
_RETRY_HOURS = int(limits.UNKNOWN_RETRY_AFTER.total_seconds() // 3600)
_FIRST_DAYS = limits.WATCH_AFTER_CLOSING[0].days
_LAST_DAYS = limits.WATCH_EVERY.days

# {notice}: the notice that is waited for. {due}: when its answer is due, and by whose hours.
_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "the person withdrew": "the affected person's word comes before every other rule",
        "it is not ours to act on": "a person decided that it is not ours, so nothing is done",
        "it was removed and is back": (
            "it had been removed and a vantage gets it again, so a new round of notices begins"
        ),
        "it is gone now after all": (
            f"it was given up, and has now been gone for {_HOLDS_HOURS} hours from every vantage"
        ),
        "they answered after all: is it so?": "an answer came late, and an answer is checked before it is believed",
        "we keep watching": (
            f"a closed place is watched as long as the person wants: first after {_FIRST_DAYS} day, then less and less "
            f"often, at least every {_LAST_DAYS} days"
        ),
        "the fingerprint matches": "the picture matches by its fingerprint, so no person has to decide",
        "the fingerprint matches now": (
            "the picture matches by its fingerprint now, so the question to a person is settled"
        ),
        "no fetch without a legal authority": (
            "the person shown may be a minor, or this centre may not load such pictures, so nothing is loaded here"
        ),
        "first look at a reported location": "no notice goes out before we have seen the picture there ourselves",
        "the first look saw nothing clear": (
            f"the first look saw nothing clear, so it is repeated every {_RETRY_HOURS} hours, "
            f"at most {UNKNOWN_RETRIES_MAX} times, before a person is asked"
        ),
        "no match, no notice": "no notice goes out without a match, unless a person says that it is the picture",
        "a person was asked": "a person has a question to answer; meanwhile we look once a day",
        "gone from every vantage, and it holds": (
            f"every vantage found it gone, at least {PROOF_VANTAGES_MIN} vantages in at least {PROOF_COUNTRIES_MIN} "
            f"countries prove it, and it held for {_HOLDS_HOURS} hours"
        ),
        "it seems gone: does it hold?": (
            f"once gone is not yet removed: it has to hold for {_HOLDS_HOURS} hours, and nobody is written to meanwhile"
        ),
        "it is back: first the strongest way that removed it before": (
            "it is back, so the strongest addressee that had it removed before is asked first, by the same way"
        ),
        "accepted: the first rung of the ladder": (
            "it was accepted, and the ladder begins with the first addressee who can be reached"
        ),
        "no addressee is known": "the directory knows nobody who could be asked about this place, so a person is asked",
        "the notice could not be delivered": (
            "the notice before could not be delivered, so the next addressee is asked at once"
        ),
        "uncertain is never sent twice": (
            "a notice of which nobody knows whether it went out is not sent again unless a person says so"
        ),
        "the notice is being sent": "a notice is on its way out, and nothing else is done until that is settled",
        "they answered: is it so?": "an answer is checked before it is believed, whatever it says",
        "they refused": "{notice} was refused and the picture was still there, so there is nothing to wait for",
        "the deadline has passed": "{due} has passed, and a look decides what is next",
        "we could not see: again soon": (
            f"{{due}} has passed and no vantage could see clearly, so we look again every {_RETRY_HOURS} hours, "
            f"at most {UNKNOWN_RETRIES_MAX} times, and then go on"
        ),
        "the deadline has passed and it is still there": "{due} has passed and no look since says that it is gone",
        "routine look while the deadline runs": (
            "while we wait we look soon after the notice, on the same day and then daily; {due} runs"
        ),
        "the host asked us to come back later": "the site asked us to come back later, and we keep to it for at most a day",
        "delivery is proven": "the clock of the law starts when they provably have the notice",
        "a person decided": "a member of staff answered",
    }
)
# What is written without a rule of the schedule, and needs a reason all the same.
_BY_TAG: Mapping[str, str] = MappingProxyType(
    {
        "item:reply:read": "an answer is kept and noted; the next look says whether it is true",
        "item:notice:failed": "what they do not have starts no clock",
        "item:copy:returned": "a copy at a new location is an item of its own, with its own notice",
        "item:case:withdrawn": "the affected person's word comes before every other rule",
        "notice:send:stopped": "nothing is sent for an item that is closed or withdrawn",
        "notice:send:doubted": "what may have gone out is never sent a second time in silence",
        "notice:send:interrupted": "a notice is tried again under the same number, so that it cannot arrive twice",
        "notice:send:delivered": "the clock of the law starts when they provably have the notice",
        "notice:batch:made": "this addressee takes several places in one notice, and these wait for the same answer",
        "notice:batch:joined": "this addressee takes several places in one notice, and these wait for the same answer",
        "notice:list:compared": "a list that was taken over is not yet a list that was loaded",
        "notice:list:missing": "a place that they never loaded was never asked about",
    }
)
_LADDER_ENDS = "; the ladder has no further rung"


def why(rule: str, tag: str, waits_for: Notice | None, known: Known) -> str:
    """The reason as a sentence without its full stop; empty where nothing was decided.

    `waits_for`: the notice whose answer was waited for when it was decided.
    """
    cause, ends, _ = rule.partition(_LADDER_ENDS)
    words = _SENTENCES.get(cause) or _BY_TAG.get(tag, cause)
    notice = "the notice"
    due = "the deadline"
    if waits_for is not None:
        notice = f"the notice to {known.name(waits_for.addressee)}"
        due = f"the deadline of {notice}{_until(waits_for)}"
    told = words.replace("{notice}", notice).replace("{due}", due)
    return f"{told}, and nobody is left to ask" if ends else told


def _until(notice: Notice) -> str:
    if notice.deadline_at is None:
        return ""
    return f" ({time_words(notice.deadline_at)}: {hours_words(notice)})"


def explained() -> frozenset[str]:
    """The rules that have a sentence."""
    return frozenset(_SENTENCES)
