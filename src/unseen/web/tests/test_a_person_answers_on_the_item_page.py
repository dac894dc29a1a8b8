from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.test import Client

from unseen.accounts.models import Staff
from unseen.casework.models import Item
from unseen.clock import now
from unseen.domain.item import NoticeState
from unseen.domain.limits import UNDO_FOR
from unseen.takedown import answering
from unseen.takedown.actions import sending
from unseen.takedown.channels.envelope import CannotTell
from unseen.takedown.models import Notice
from unseen.takedown.tests.lives import GONE, HOUR, LOCATION, NOON, a_case, found_copy, look, step

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(bo: Staff) -> Client:
    client = Client()
    client.force_login(bo, "unseen.accounts.backends.PasswordAndCode")
    return client


def asking() -> Item:
    """A reported place where the first look did not find the picture."""
    item = look(a_case(LOCATION).items.get(), GONE, NOON)
    return step(item, NOON)


def uncertain(location: str = LOCATION) -> Notice:
    item = step(step(found_copy(a_case(), location), NOON), NOON)
    notice = Notice.objects.get(item=item)
    if notice.state == NoticeState.READY:
        assert sending.begin_sending(notice, NOON)
        sending.finish_look_up(notice, CannotTell("no archive"), NOON + HOUR)
        step(item, NOON + HOUR)
    return notice


def _told(answer: HttpResponse) -> str:
    return " ".join(str(one) for one in get_messages(answer.wsgi_request))  # type: ignore[attr-defined] # test client


def _wait() -> None:
    """Until what was answered takes effect."""
    answering.do_due(now() + UNDO_FOR, "w")


def _answer(client: Client, item: Item, **data: Any) -> HttpResponse:
    return client.post(f"/items/{item.pk}/answer", data)  # type: ignore[return-value] # a test response is one


def test_accepting_lets_a_notice_out(browser: Client) -> None:
    item = asking()
    assert "It is the material" in browser.get(f"/items/{item.pk}").content.decode()
    assert "is stored" in _told(_answer(browser, item, answer="accept"))
    assert Item.objects.get().stage == "review"
    _wait()
    assert Item.objects.get().stage == "notice"


def test_out_of_scope_closes(browser: Client) -> None:
    _answer(browser, asking(), answer="out_of_scope")
    _wait()
    assert (Item.objects.get().stage, Item.objects.get().outcome) == ("closed", "out_of_scope")


def test_a_second_answer_changes_nothing_and_says_so(browser: Client) -> None:
    item = asking()
    _answer(browser, item, answer="out_of_scope")
    _wait()
    assert "moved on" in _told(_answer(browser, item, answer="accept"))
    assert Item.objects.get().outcome == "out_of_scope"


def test_no_answer_is_no_answer(browser: Client) -> None:
    assert "Nothing was stored" in _told(_answer(browser, asking(), answer="maybe"))
    assert Item.objects.get().stage == "review"


@pytest.mark.parametrize(("said", "state"), [("yes", NoticeState.SENT), ("no", NoticeState.READY)])
def test_a_person_says_whether_an_uncertain_notice_went_out(browser: Client, said: str, state: str) -> None:
    notice = uncertain()
    page = browser.get(f"/items/{notice.item_id}").content.decode()
    assert "It went out" in page
    assert "It did not: send it" in page
    browser.post(f"/items/{notice.item_id}/notices/{notice.pk}/sent", {"went_out": said})
    _wait()
    assert Notice.objects.get().state == state
    assert Item.objects.get().question == ""


def test_a_notice_that_is_not_uncertain_is_left_alone(browser: Client) -> None:
    notice = uncertain()
    path = f"/items/{notice.item_id}/notices/{notice.pk}/sent"
    browser.post(path, {"went_out": "yes"})
    _wait()
    assert "moved on" in _told(browser.post(path, {"went_out": "no"}))  # type: ignore[arg-type] # a test response
    assert Notice.objects.get().state == NoticeState.SENT


def test_a_form_that_cannot_be_sent_is_given_up(browser: Client) -> None:
    notice = uncertain("http://formy.test/1")
    page = browser.get(f"/items/{notice.item_id}").content.decode()
    assert "It went out" in page
    assert "It cannot be sent: go on without it" in page
    browser.post(f"/items/{notice.item_id}/notices/{notice.pk}/sent", {"went_out": "no"})
    _wait()
    assert Notice.objects.get().state == NoticeState.FAILED


def test_a_notice_is_answered_on_the_page_of_its_own_item_only(browser: Client) -> None:
    notice = uncertain()
    other = a_case("http://prompt.test/other").items.get()
    answer = browser.post(f"/items/{other.pk}/notices/{notice.pk}/sent", {"went_out": "yes"})
    assert answer.status_code == 404
    assert Notice.objects.get().state == NoticeState.UNCERTAIN
