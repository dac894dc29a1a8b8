"""The answers of a report that is being written: one page asks one thing, and each answer is checked when it is given."""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, TypedDict

from django.http import QueryDict
from django.utils.translation import gettext as _

from unseen.domain.limits import (
    LOCATIONS_PER_REPORT_MAX,
    PASTED_CHARACTERS_MAX,
    PIN_CHARACTERS_MAX,
    PIN_CHARACTERS_MIN,
)
from unseen.domain.report import AgeBand, BadReport, ReportDraft
from unseen.door.pasted import read_pasted
from unseen.intake.parsing import read_report

_SEED_BYTES = 16


class Unclear(ValueError):
    """An answer that cannot be taken; the text says to the reporter what to do."""


class Step(StrEnum):
    """The pages of a report, in their order."""

    AGE = "age"
    PICTURES = "pictures"
    PLACES = "places"
    FOUND = "found"
    CONSENT = "consent"
    CHECK = "check"


class Consents(TypedDict):
    """Who may be told what, by the names that reports use."""

    may_share: bool
    may_watch: bool
    may_tell_police: bool


@dataclass(frozen=True, slots=True)
class Answers:
    """Everything said so far. `seed` makes the receipt, so that a form that is sent twice is one report."""

    seed: str = field(default_factory=lambda: secrets.token_hex(_SEED_BYTES))
    for_another: bool = False
    age_band: str = AgeBand.UNKNOWN
    materials: list[dict[str, Any]] = field(default_factory=list)
    locations: list[str] = field(default_factory=list)
    handles: list[str] = field(default_factory=list)
    may_share: bool = False
    may_watch: bool = False
    may_tell_police: bool = False

    @property
    def is_adult(self) -> bool:
        """Unknown counts as a minor."""
        return self.age_band == AgeBand.ADULT

    def facts(self) -> dict[str, Any]:
        """For the form that carries them."""
        return asdict(self)

    def report(self, ports: frozenset[int]) -> ReportDraft:
        """As the API would read it: one parser for both. Raises Unclear."""
        body = {"age_band": self.age_band, "materials": self.materials, "locations": self.locations}
        try:
            return read_report(json.dumps(body).encode(), ports)[0]
        except BadReport:
            raise Unclear(
                _("We need one of the two: a place where it was seen, or the fingerprint of a picture.")
            ) from None


def answered(step: Step, before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    """The answers with those of this page. Raises Unclear."""
    return _READERS[step](before, form, ports)


def following(step: Step, *, back: bool) -> Step | None:
    """The page after this one, or before it; None before the first."""
    steps = list(Step)
    at = steps.index(step) + (-1 if back else 1)
    return steps[at] if 0 <= at < len(steps) else None


def pin_from(form: QueryDict) -> str:
    """The PIN, if one was chosen. Raises Unclear."""
    pin = form.get("pin", "").strip()
    if pin and not PIN_CHARACTERS_MIN <= len(pin) <= PIN_CHARACTERS_MAX:
        raise Unclear(_("A PIN has at least four characters. You can also leave it empty."))
    return pin


def _age(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    try:
        return replace(before, age_band=AgeBand(form.get("age", "")))
    except ValueError:
        raise Unclear(_("Please choose one. “I would rather not say” is fine too.")) from None


def _pictures(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    text = form.get("materials", "").strip() or "[]"
    try:
        materials = json.loads(text)
        if materials:
            body = json.dumps({"materials": materials})
            read_report(body.encode(), ports)
    except (ValueError, RecursionError):
        # BadReport is a ValueError: whatever it is, it is not what our own page makes.
        raise Unclear(
            _(
                "The fingerprints could not be read, and nothing was kept. Choose the files again, or go on without them."
            )
        ) from None
    return replace(before, materials=materials)


def _places(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    text = form.get("pasted", "")
    if len(text) > PASTED_CHARACTERS_MAX:
        raise Unclear(_("This is too long to read at once. Please paste a part of it."))
    read = read_pasted(text, ports)
    return _with_places(replace(before, handles=list(read.handles)), [*before.locations, *read.locations])


def _found(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    kept = set(form.getlist("keep"))
    more = read_pasted(form.get("pasted", ""), ports)
    locations = [*(one for one in before.locations if one in kept), *more.locations]
    after = _with_places(replace(before, handles=list(more.handles)), locations)
    if not after.locations and not after.materials:
        raise Unclear(
            _("We need one of the two: a place where it was seen, or the fingerprint of a picture.")
        )
    return after


def _with_places(before: Answers, locations: list[str]) -> Answers:
    distinct = list(dict.fromkeys(locations))
    if len(distinct) > LOCATIONS_PER_REPORT_MAX:
        raise Unclear(
            _(
                "These are %(count)s places. One report holds %(most)s: please send the others in a second one."
            )
            % {"count": len(distinct), "most": LOCATIONS_PER_REPORT_MAX}
        )
    return replace(before, locations=distinct)


def _consent(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    return replace(before, **consents_from(form))


def consents_from(form: QueryDict) -> Consents:
    """The boxes that were ticked."""
    return Consents(
        may_share="may_share" in form,
        may_watch="may_watch" in form,
        may_tell_police="may_tell_police" in form,
    )


def _check(before: Answers, form: QueryDict, ports: frozenset[int]) -> Answers:
    """Nothing is asked here; the report is checked once more when it is sent."""
    return before


_Reader = Callable[[Answers, QueryDict, frozenset[int]], Answers]
_READERS: Mapping[Step, _Reader] = {
    Step.AGE: _age,
    Step.PICTURES: _pictures,
    Step.PLACES: _places,
    Step.FOUND: _found,
    Step.CONSENT: _consent,
    Step.CHECK: _check,
}
