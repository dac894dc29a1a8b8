import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.test import Client

from unseen.clock import now
from unseen.domain.limits import OPEN_AT_ONCE_MAX, OPEN_FIRST_TRIES
from unseen.door import budget, receipt_views, report_views, visit
from unseen.door.tests.visitor import Visitor
from unseen.intake import actions
from unseen.intake.models import Message, Report
from unseen.intake.queries import messages_of
from unseen.intake.receipts import Receipt, new_receipt

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
NOBODYS = Receipt("0" * 8, "0" * 16)


def test_the_last_page_sent_twice_is_one_report_and_one_receipt() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    for answers in ({"age": "adult"}, {}, {"pasted": "https://a.test/1"}, {"keep": "https://a.test/1"}, {}):
        visitor.go(**answers)
    last = visitor.page
    first = visitor.go().words
    visitor.page = last
    assert visitor.go().words == first != []
    assert Report.objects.count() == 1


def test_a_pin_that_is_too_short_is_asked_for_again() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    for answers in ({"age": "adult"}, {}, {"pasted": "https://a.test/1"}, {"keep": "https://a.test/1"}, {}):
        visitor.go(**answers)
    assert "at least four characters" in visitor.go(pin="12").html
    assert not Report.objects.exists()
    assert visitor.go(pin="").words
    assert Report.objects.count() == 1


def test_back_leads_to_the_page_before_and_keeps_the_answers() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    visitor.go(age="adult")
    assert "How old are you" in visitor.post("/report", go="back").html
    assert ("input", {"type": "radio", "name": "age", "value": "adult", "checked": ""}) in visitor.page.tags
    visitor.post("/report", go="back")
    assert visitor.answer["Location"] == "/en/door"


def test_an_empty_report_is_not_taken_and_says_what_is_needed() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    for answers in ({"age": "unknown"}, {}, {"pasted": "no address"}):
        visitor.go(**answers)
    assert "We need one of the two" in visitor.go().html
    assert visitor.answer.status_code == 422
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "materials",
    [
        "{",
        "[1]",
        '[{"kind":"image","pdq":"00","quality":90}]',
        '[{"kind":"image","name":"me.jpg"}]',
        "[" * 9_000,
        '{"a":1}',
    ],
)
def test_what_our_page_never_makes_is_refused_as_materials(materials: str) -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    visitor.go(age="adult")
    assert "could not be read" in visitor.go(materials=materials).html


@pytest.mark.parametrize("body", [{"pasted": "x" * 2_100_000}, {f"f{number}": "" for number in range(1_100)}])
def test_a_form_that_is_too_big_is_answered_kindly(body: dict[str, str]) -> None:
    answer = Client().post(
        "/ko/door/report", urlencode(body), content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code == 413
    assert "너무 많아요" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_a_file_that_is_sent_all_the_same_is_thrown_away() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    visitor.go(age="adult")
    visitor.go(picture=ContentFile(b"\xff\xd8 a canary", name="canary.jpg"))
    assert visitor.answer.status_code == 200
    assert visitor.answer.wsgi_request.FILES == {}
    assert "Where was it seen?" in visitor.page.html


def test_fingerprints_of_the_device_go_in() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    visitor.go(age="adult")
    visitor.go(materials='[{"kind":"image","pdq":"' + "5a" * 32 + '","quality":90}]')
    for answers in ({"pasted": ""}, {}, {"may_share": "on"}, {}):
        visitor.go(**answers)
    report = Report.objects.get()
    assert report.materials.get().fingerprints.count() == 1
    assert report.may_share


def test_an_altered_an_old_and_a_stolen_form_open_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor()
    receipt = visitor.report()
    signed = visitor.come_back(receipt).fields["state"][0]
    path = "/en/door/case"
    assert visitor.client.post(path, {"state": signed}).status_code == 200
    assert visitor.client.post(path, {"state": signed[:-2] + "xx"}).status_code == 410
    assert Client().post(path, {"state": signed}).status_code == 410
    other = Client()
    other.get("/en/door")
    assert other.post(path, {"state": signed, "do": "stop-sure"}).status_code == 410
    monkeypatch.setattr(receipt_views, "VISIT_LASTS", timedelta(seconds=-1))
    assert visitor.client.post(path, {"state": signed}).status_code == 410
    monkeypatch.setattr(report_views, "DRAFT_LASTS", timedelta(seconds=-1))
    visitor.get("")
    visitor.post("/report", who="me")
    assert visitor.go(age="adult") is not None
    assert visitor.answer.status_code == 410
    assert Report.objects.get().withdrawn_at is None


def test_a_form_of_a_report_opens_no_case() -> None:
    visitor = Visitor()
    visitor.get("")
    visitor.post("/report", who="me")
    visitor.post("/case")
    assert visitor.answer.status_code == 410


def test_known_and_unknown_receipts_are_answered_alike() -> None:
    receipt = Visitor().report(pin="0417")
    pages = []
    for typed, pin in (
        (NOBODYS, ""),
        (Receipt(receipt.locator, "0" * 16), ""),
        (receipt, ""),
        (receipt, "9999"),
    ):
        visitor = Visitor()
        visitor.come_back(typed, pin)
        pages.append((visitor.answer.status_code, visitor.page.html))
    assert len(set(pages)) == 1
    assert "This receipt opens nothing" in pages[0][1]
    visitor = Visitor()
    assert "This is how it goes" in visitor.come_back(receipt, "0417").html


def test_wrong_receipts_slow_down_and_lock_nobody_out() -> None:
    receipt = Visitor().report()
    guesser = Visitor(client=Client(REMOTE_ADDR="203.0.113.7"))
    codes = []
    for _ in range(OPEN_AT_ONCE_MAX + 3):
        guesser.come_back(Receipt(receipt.locator, new_receipt().secret))
        codes.append(guesser.answer.status_code)
    assert codes[-1] == 429
    assert set(codes[:OPEN_FIRST_TRIES]) == {422}
    assert re.search(r"in \d+ seconds", guesser.page.html)
    owner = Visitor(client=Client(REMOTE_ADDR="198.51.100.9"))
    assert "This is how it goes" in owner.come_back(receipt).html


def test_the_budget_knows_no_receipt_from_a_made_up_one() -> None:
    """What is counted is what was typed, before anything is looked up."""
    asker = {"REMOTE_ADDR": "203.0.113.7"}
    waits = [budget.wait_before_opening_s(asker, "0" * 8, now()) for _ in range(OPEN_AT_ONCE_MAX + 1)]
    assert waits[-1] > 0
    assert waits[0] == 0


def test_a_flood_of_reports_waits_and_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget._FILING, "at_once", 1)
    Visitor().report()
    slow = Visitor()
    with pytest.raises(AssertionError):
        slow.report()
    assert slow.answer.status_code == 429
    assert "Nothing is lost" in slow.page.html
    Visitor(client=Client(REMOTE_ADDR="198.51.100.9")).report()
    assert Report.objects.count() == 2


@pytest.mark.parametrize("language", ["en", "ko"])
def test_reporter_and_centre_write_to_each_other(language: str) -> None:
    visitor = Visitor(language)
    receipt = visitor.report()
    visitor.come_back(receipt)
    visitor.post("/case", do="say", text="Is it <b>gone</b>?\r\nThank you")
    visitor.post("/case", do="say", text="Is it <b>gone</b>?\r\nThank you")
    report = Report.objects.get()
    assert [(one.text, one.from_centre) for one in messages_of(report)] == [
        ("Is it <b>gone</b>?\nThank you", False)
    ]
    actions.say(report, "We are on it.", from_centre=True, now=now())
    html = visitor.post("/case", do="show").html
    assert "We are on it." in html
    assert "&lt;b&gt;gone&lt;/b&gt;" in html
    visitor.post("/case", do="say", text=" ")
    assert Message.objects.count() == 2


def test_consents_can_be_taken_back_and_given_later() -> None:
    visitor = Visitor()
    receipt = visitor.report(may_share="on", may_watch="on")
    visitor.come_back(receipt)
    visitor.post("/case", do="consent", may_tell_police="on")
    report = Report.objects.get()
    assert (report.may_share, report.may_watch, report.may_tell_police) == (False, False, True)
    Report.objects.update(feed_due=False)  # the feed knows
    visitor.post("/case", do="consent", may_share="on")
    report.refresh_from_db()
    assert (report.may_share, report.feed_due) == (True, True)


def test_stopping_takes_two_steps_and_ends_messages() -> None:
    visitor = Visitor()
    receipt = visitor.report()
    visitor.come_back(receipt)
    visitor.post("/case", do="stop")
    assert Report.objects.get().withdrawn_at is None
    visitor.post("/case", do="stop-sure")
    assert Report.objects.get().withdrawn_at is not None
    html = Visitor().come_back(receipt).html
    assert "Stopped" in html
    assert "<textarea" not in html


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_paper_for_the_police_and_the_school_pack_are_pdf(language: str) -> None:
    visitor = Visitor(language)
    receipt = visitor.report("https://platform.test/#let https://platform.test/$x$*y*_z_")
    visitor.come_back(receipt)
    visitor.post("/case", do="police")
    assert visitor.answer["Content-Type"] == "application/pdf"
    assert visitor.answer.content.startswith(b"%PDF")
    visitor.get("/pack.pdf")
    assert visitor.answer.content.startswith(b"%PDF")


def test_the_cookie_is_secure_where_cookies_are() -> None:
    assert Client().get("/en/door").cookies[visit.COOKIE]["secure"] == (settings.SESSION_COOKIE_SECURE or "")


def test_after_destruction_the_page_says_so_and_names_no_place() -> None:
    visitor = Visitor()
    receipt = visitor.report("https://a.test/1")
    report = Report.objects.get()
    actions.withdraw_report(report, now())
    assert "What you told us is destroyed." not in visitor.come_back(receipt).html
    Report.objects.update(unbanked_at=now(), destroyed_at=now(), cleared_at=now())
    page = visitor.come_back(receipt)
    assert "What you told us is destroyed." in page.html
    assert "a.test" not in page.html
    assert 'id="talk"' not in page.html
