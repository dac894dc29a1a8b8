"""The desk shows what each addressee sees; a form is a task that one click settles; anybody can verify a number."""

import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from unseen.casework.models import Item
from unseen.clock import now
from unseen.domain.item import NoticeState
from unseen.domain.limits import UNDO_FOR
from unseen.intake.models import ReportedFingerprint
from unseen.takedown import answering
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import LOCATION, NOON, a_case, deliver, found_copy, step
from unseen.web.templatetags.desk import masked
from unseen.web.tests.desk import Page

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
HOSTILE = "http://formy.test/\"><script>alert(1)</script>'{{x}}"


@pytest.fixture(autouse=True)
def signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="Desk 4"))


def _by_form(location: str = "http://formy.test/p/1") -> Notice:
    item = found_copy(a_case(), location)
    step(step(item, NOON), NOON)
    return Notice.objects.get(item=item)


def _preview(desk: Client, item: Item) -> str:
    answer = desk.get(reverse("preview", args=[item.pk]))
    assert answer.status_code == 200
    return Page(answer.content.decode()).text


def test_the_preview_is_what_then_goes_out(desk: Client) -> None:
    item = step(found_copy(a_case(), LOCATION), NOON)
    before = _preview(desk, item)
    assert "not written yet" in before
    assert not Notice.objects.exists()
    item = step(item, NOON)
    notice = deliver(item, NOON)
    for line in notice.body.splitlines():
        if line.strip():
            assert masked(line) in before, line
    assert LOCATION not in before
    assert notice.subject in before
    after = _preview(desk, item)
    assert str(notice.pk) in after


def test_a_preview_shows_the_second_notice_only_when_it_can_be_written(desk: Client) -> None:
    item = step(found_copy(a_case(), LOCATION), NOON)
    assert "cannot be written now" in _preview(desk, item)
    deliver(step(item, NOON), NOON)
    assert "cannot be written now" not in _preview(desk, item)


def test_no_preview_names_the_person_or_the_case(desk: Client) -> None:
    item = step(found_copy(a_case(), LOCATION), NOON)
    shown = _preview(desk, item)
    for secret in (item.case.reference, str(item.case_id), str(item.case.report_id), str(item.material_id)):
        assert secret not in shown
    for fingerprint in ReportedFingerprint.objects.filter(material__report=item.case.report):
        assert fingerprint.pdq.hex() not in shown.lower()


def test_a_form_is_a_task_with_every_field_filled_and_nothing_to_fetch(desk: Client) -> None:
    notice = _by_form(HOSTILE)
    answer = desk.get(reverse("task", args=[notice.item_id, notice.pk]))
    page = Page(answer.content.decode())
    assert answer.status_code == 200
    assert "https://formy.test/report" in page.values("value")
    assert HOSTILE in page.text
    assert notice.body.replace("\r", "") in page.text.replace("\r", "")
    assert settings.UNSEEN.organisation_email in page.text
    assert [tag for tag, _ in page.tags].count("script") == 1
    for value in page.values("href", "src", "action"):
        assert value.startswith(("/", "#")), value
    # Without the script nothing is missing: no field is hidden, only the buttons that copy are.
    assert all("hidden" not in attrs for tag, attrs in page.tags if tag in ("textarea", "input", "form"))


def test_one_click_marks_a_form_as_sent_and_what_they_confirmed_is_the_proof(desk: Client) -> None:
    notice = _by_form()
    page = desk.get(reverse("task", args=[notice.item_id, notice.pk])).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    sent = {"went_out": "yes", "confirmation": "No. 4711", "csrfmiddlewaretoken": token[1]}
    assert desk.post(reverse("sent", args=[notice.item_id, notice.pk]), sent).status_code == 302
    answering.do_due(now() + UNDO_FOR, "w")
    notice.refresh_from_db()
    assert notice.state == NoticeState.SENT
    assert notice.proof is not None
    assert "No. 4711" in notice.proof.content
    assert "settled" in desk.get(reverse("task", args=[notice.item_id, notice.pk])).content.decode()


def test_a_task_of_another_item_or_channel_is_not_found(desk: Client) -> None:
    notice = _by_form()
    mailed = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    other = Notice.objects.get(item=mailed)
    assert desk.get(reverse("task", args=[mailed.pk, notice.pk])).status_code == 404
    assert desk.get(reverse("task", args=[mailed.pk, other.pk])).status_code == 404


def _asked(number: str) -> tuple[int, dict[str, str], str]:
    answer = Client().get(reverse("verify"), {"number": number})
    return answer.status_code, dict(answer.headers), answer.content.decode()


def test_a_stranger_learns_whether_a_number_is_ours_and_no_more() -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    assert "<b>No.</b>" in _asked(item.reference)[2]  # written, not sent
    deliver(item, NOON)
    status, headers, ours = _asked(f" {item.reference.lower()} ")
    assert "<b>Yes.</b>" in ours
    for secret in (item.reference, LOCATION, "prompt", "2026", item.case.reference):
        assert secret not in ours.replace(reverse("verify"), "")
    for unknown in ("ZZZZZZZZZZ", "", "<script>", "0" * 5_000, "한국", item.case.reference):
        other_status, other_headers, other = _asked(unknown)
        assert other_status == status
        assert (
            other.replace('<b>No.</b> <span lang="ko">아니오.', '<b>Yes.</b> <span lang="ko">예.') == ours
            or not unknown
        )
        may_differ = {"Content-Length": "", "Expires": ""}  # of the word itself, and the second of the answer
        assert {**other_headers, **may_differ} == {**headers, **may_differ}


def test_a_number_that_is_unknown_costs_what_a_known_one_costs(django_assert_num_queries: object) -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    deliver(item, NOON)
    for number in (item.reference, "ZZZZZZZZZZ", "no number at all", ""):
        with django_assert_num_queries(1):  # type: ignore[operator]
            _asked(number)


def test_verifying_takes_no_cookie_and_keeps_none() -> None:
    answer = Client().get(reverse("verify"), {"number": "AB23"})
    assert answer.cookies == {}
    assert "no-store" in answer["Cache-Control"]
    assert Client().post(reverse("verify")).status_code == 405
