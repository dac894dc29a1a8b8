"""A report whose places are in as many states as a reporter may see, with the letters of the receipt that opens it."""

import os
from datetime import timedelta

from unseen.casework.actions import open_case
from unseen.casework.models import Case
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
from unseen.intake.actions import receive_report, say
from unseen.intake.models import Report
from unseen.takedown.tests.lives import GONE, HOUR, NOON, UP, deliver, found_copy, look, removed_copy, step

HEADLINES = 5  # different ones; a test counts them
_LATER = NOON + 40 * HOUR


def report_in_all_states(age: AgeBand = AgeBand.ADULT) -> str:
    """Told: one place that a person looks at. Found: gone, asked, said to be gone, and one that came back."""
    picture = ReportedMaterial(MaterialKind.IMAGE, (Fingerprint(os.urandom(32), 90),))
    draft = ReportDraft(age, (picture,), ("http://unknown.test/some/longer/path/of-a-page?with=words",))
    receipt = receive_report(draft, may_share=True, now=NOON)
    report = Report.objects.get(case__isnull=True)
    case = open_case(report, "KR", NOON)
    assert case is not None
    if age is AgeBand.ADULT:
        _find(case)
    say(report, "Is it gone from the forum as well?", from_centre=False, now=NOON)
    say(report, "Not yet. We asked a second time today.", from_centre=True, now=NOON + timedelta(hours=2))
    return receipt.text


def _find(case: Case) -> None:
    removed_copy("http://prompt.test/p/1", case)
    asked = [step(step(found_copy(case, f"http://prompt.test/p/{one}"), NOON), NOON) for one in (2, 3)]
    for item in asked:
        deliver(item, NOON)
    look(asked[0], UP, NOON + 2 * HOUR)
    look(asked[1], GONE, NOON + 4 * HOUR)
    again = step(look(removed_copy("http://prompt.test/p/4", case), UP, _LATER), _LATER + HOUR)
    while not again.notices.filter(round=again.round).exists():
        again = step(again, _LATER + HOUR)
    deliver(again, _LATER + 2 * HOUR)
