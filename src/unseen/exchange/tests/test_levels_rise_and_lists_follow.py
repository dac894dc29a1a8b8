import hashlib

import pytest

from unseen.accounts.actions import NotAllowed, decide
from unseen.accounts.models import ApprovalKind, Role, Staff
from unseen.casework.actions import open_case
from unseen.casework.models import Case, Item
from unseen.casework.tests.cases import found
from unseen.domain.feed import Level, LineAction
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import AgeBand
from unseen.exchange.actions.verifying import NotAsked, ask_for
from unseen.exchange.harmless import TABLE
from unseen.exchange.models import FeedEntry, Verification
from unseen.exchange.tests.peer import PeerReader, operations, work
from unseen.feed.lines import LineOperation
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, PAGE, a_report, picture

pytestmark = pytest.mark.django_db
DRAWN = Fingerprint(hashlib.sha256(b"a picture").digest(), 77)


def a_shared_case(pdq: Fingerprint = DRAWN) -> Case:
    case = open_case(a_report(picture(pdq), share=True), "KR", NOON)
    assert case is not None
    work()
    return case


def two_people() -> tuple[Staff, Staff]:
    return tuple(Staff.objects.create(username=name, role=Role.REVIEWER) for name in ("bo", "cy"))  # type: ignore[return-value] # two of them


def allow(case: Case, kind: ApprovalKind, document: str = "") -> None:
    asks, allows = two_people()
    approval = ask_for(case.materials.get(), kind, document, asks, NOON)
    with pytest.raises(NotAllowed):
        decide(approval.pk, asks, allowed=True, now=NOON)
    decide(approval.pk, allows, allowed=True, now=NOON)
    work()


def test_a_copy_that_we_found_corroborates_and_the_entry_is_added_again() -> None:
    peer, careful = PeerReader(), PeerReader("Careful Example", level_min=Level.CORROBORATED)
    case = a_shared_case()
    (first,) = peer.rest()
    assert len(careful.rest()) == 0
    assert found(case, PAGE) is not None
    work()
    (again,) = peer.rest()
    assert again["entry"] == first["entry"]
    assert (again["level"], again["action"], again["expires"]) == (1, LineAction.REMOVE_AND_REVIEW, 0)
    assert bytes(again["value"]) == bytes(first["value"])
    (line,) = careful.rest()
    assert line["level"] == Level.CORROBORATED


def test_two_members_of_staff_make_it_level_2() -> None:
    peer = PeerReader(level_min=Level.ORGANISATION)
    allow(a_shared_case(), ApprovalKind.VERIFY)
    (line,) = peer.rest()
    assert (line["level"], line["action"]) == (2, LineAction.BLOCK)


def test_a_recorded_legal_order_makes_it_level_3() -> None:
    peer = PeerReader(level_min=Level.LEGAL_ORDER)
    allow(a_shared_case(), ApprovalKind.LEGAL_ORDER, "District Court, 2026 Ka 1234, 3 November 2026")
    (line,) = peer.rest()
    assert (line["level"], line["action"]) == (3, LineAction.BLOCK)
    assert Verification.objects.get().document.startswith("District Court")


def test_what_is_refused_changes_nothing() -> None:
    case, (asks, other) = a_shared_case(), two_people()
    approval = ask_for(case.materials.get(), ApprovalKind.VERIFY, "", asks, NOON)
    with pytest.raises(NotAsked, match="waits"):
        ask_for(case.materials.get(), ApprovalKind.VERIFY, "", other, NOON)
    decide(approval.pk, other, allowed=False, now=NOON)
    work()
    assert FeedEntry.objects.get().level == Level.SELF_ASSERTED


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        (ApprovalKind.LEGAL_ORDER, " "),
        (ApprovalKind.VERIFY, "a paper"),
        (ApprovalKind.LEGAL_ORDER, "x" * 201),
    ],
)
def test_an_order_is_named_and_nothing_else_is(kind: ApprovalKind, document: str) -> None:
    with pytest.raises(NotAsked):
        ask_for(a_shared_case().materials.get(), kind, document, two_people()[0], NOON)


def test_a_minors_is_blocked_once_it_is_corroborated() -> None:
    peer, case = PeerReader(), a_shared_case()
    Report.objects.update(age_band=AgeBand.MINOR)
    found(case, PAGE)
    work()
    assert peer.rest()[-1]["action"] == LineAction.BLOCK


def test_a_common_harmless_picture_is_never_acted_on_without_a_person() -> None:
    harmless = bytes.fromhex(TABLE.read_text(encoding="utf-8").splitlines()[-1].split("\t")[0])
    peer, case = PeerReader(), a_shared_case(Fingerprint(harmless, 90))
    found(case, PAGE)
    work()
    assert {int(line["action"]) for line in peer.rest()} == {LineAction.REVIEW}


def test_an_empty_fingerprint_is_not_shared_at_all() -> None:
    peer = PeerReader()
    a_shared_case(Fingerprint(b"\x0f" * 32, 90))
    assert len(peer.all()) == 0


def test_a_look_that_recognises_a_reported_place_marks_the_report() -> None:
    case = a_shared_case()
    assert not Report.objects.get().feed_due
    found(case, PAGE)
    assert Report.objects.get().feed_due
    assert Item.objects.get().matched
    assert operations(PeerReader().rest()) == []
    work()


def test_a_suspended_entry_of_a_new_level_stays_suspended() -> None:
    peer, case = PeerReader(), a_shared_case()
    (line,) = peer.rest()
    peer.say(bytes(line["entry"]), "disputed")
    found(case, PAGE)
    work()
    assert operations(peer.rest()) == [LineOperation.SUSPEND]
