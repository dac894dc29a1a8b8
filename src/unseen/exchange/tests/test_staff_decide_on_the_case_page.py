import hashlib
import re

import pytest
from django.test import Client

from unseen.accounts.models import Approval, Role, Staff
from unseen.casework.actions import open_case
from unseen.casework.models import Case
from unseen.domain.fingerprint import Fingerprint
from unseen.exchange import desk_views
from unseen.exchange.models import Dispute, FeedEntry
from unseen.exchange.tests.peer import PeerReader, work
from unseen.intake.tests.reports import NOON, a_report, picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> PeerReader:
    monkeypatch.setattr(desk_views, "now", lambda: NOON)
    return PeerReader("Platform Example")


@pytest.fixture
def case(peer: PeerReader) -> Case:
    report = a_report(picture(Fingerprint(hashlib.sha256(b"a picture").digest(), 77)), share=True)
    found = open_case(report, "KR", NOON)
    assert found is not None
    work()
    return found


def staff(name: str, role: Role = Role.REVIEWER) -> Client:
    client = Client()
    client.force_login(
        Staff.objects.create(username=name, role=role), "unseen.accounts.backends.PasswordAndCode"
    )
    return client


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def doubted(peer: PeerReader) -> None:
    (line,) = peer.rest()
    assert peer.say(bytes(line["entry"]), "not_ncii").status_code == 200


def test_who_said_what_stands_on_the_case_page_and_today_asks(peer: PeerReader, case: Case) -> None:
    bo = staff("bo")
    assert "doubts" not in text(bo, "/today")
    doubted(peer)
    assert "A platform doubts 1 entry" in text(bo, "/today")
    page = text(bo, f"/cases/{case.reference}")
    assert "<b>Platform Example</b> says that it is no intimate picture" in page
    assert "keep it suspended" in page
    assert case.reference in text(bo, "/disputes")


def test_a_person_lifts_or_upholds_it_once(peer: PeerReader, case: Case) -> None:
    bo = staff("bo")
    doubted(peer)
    path = f"/cases/{case.reference}/disputes/{Dispute.objects.get().pk}"
    bo.post(path, {"answer": "nonsense"})
    assert Dispute.objects.get().decided_at is None
    bo.post(path, {"answer": "lift"})
    assert FeedEntry.objects.get().state == "live"
    bo.post(path, {"answer": "uphold"})
    assert not Dispute.objects.get().upheld
    assert "No platform doubts anything." in text(bo, "/disputes")


def test_somebody_elses_dispute_is_nobodys_business(peer: PeerReader, case: Case) -> None:
    doubted(peer)
    Case.objects.update(person=Staff.objects.create(username="di"))
    eve = staff("eve", Role.CASEWORKER)
    assert "No platform doubts anything." in text(eve, "/disputes")
    path = f"/cases/{case.reference}/disputes/{Dispute.objects.get().pk}"
    assert eve.post(path, {"answer": "lift"}).status_code == 404
    assert staff("flo", Role.PUBLISHER).get("/disputes").status_code == 403


def test_a_level_takes_two_people(peer: PeerReader, case: Case) -> None:
    bo, cy = staff("bo"), staff("cy")
    path = f"/cases/{case.reference}/material/1/verify"
    assert "Ask a reviewer to confirm it" in text(bo, f"/cases/{case.reference}")
    bo.post(path, {"kind": "legal_order", "document": " "})
    assert not Approval.objects.exists()
    bo.post(path, {"kind": "verify"})
    assert "This material is what it is said to be" in text(bo, f"/cases/{case.reference}")
    assert f"{case.reference} 1" in text(cy, "/approvals")
    number = Approval.objects.get().pk
    bo.post(f"/approvals/{number}", {"allowed": "yes"})
    assert not Approval.objects.get().allowed
    cy.post(f"/approvals/{number}", {"allowed": "yes"})
    work()
    assert "two of us confirmed it" in text(bo, f"/cases/{case.reference}")
    bo.post(path, {"kind": "add_staff"})
    bo.post(path.replace("/1/", "/2/"), {"kind": "verify"})
    assert Approval.objects.count() == 1
