from collections import Counter
from dataclasses import replace

import pytest
from django.conf import settings

from tests.story.centre import Centre
from unseen.casework import due as casework
from unseen.casework.actions import add_found_item
from unseen.casework.models import Item
from unseen.discovery import due as discovery
from unseen.discovery import sweep
from unseen.discovery.models import Backoff, StartPage
from unseen.discovery.tests.web import media_asked, places, report_all, sweep_everywhere, true_places
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report

pytestmark = pytest.mark.thorough


def test_retry_after_is_honoured_and_the_sweep_goes_on_from_there(centre: Centre) -> None:
    """Eight requests an hour and address; the home page, five pages and five media take two visits."""
    report_all(centre)
    sweep_everywhere(centre, "ratelimiter")
    centre.tick()
    assert places() != true_places(centre, "ratelimiter")
    page = StartPage.objects.get()
    assert page.due_at == Backoff.objects.get(seen_as="127.9.0.2").until
    centre.pass_time(hours=4)
    assert places() == true_places(centre, "ratelimiter")
    sweeps = [one for one in centre.internet.truth.requests() if one.address == "127.9.0.2"]
    refused = Counter(one.at.replace(minute=0, second=0) for one in sweeps if one.status == 429)
    assert set(refused.values()) == {1}  # who is told to wait asks nothing more in that hour


def test_nothing_is_asked_of_a_host_before_it_wants_us_back(centre: Centre) -> None:
    report_all(centre)
    sweep_everywhere(centre, "ratelimiter")
    while discovery.do_due(centre.now, "w"):
        pass
    asked = len(centre.internet.truth.requests())
    StartPage.objects.update(due_at=centre.now)
    while discovery.do_due(centre.now, "w"):
        pass
    assert len(centre.internet.truth.requests()) == asked


def test_a_withdrawn_case_gains_no_item(centre: Centre) -> None:
    report_all(centre)
    centre.tick()
    withdraw_report(Report.objects.get(), centre.now)
    sweep_everywhere(centre, "silent", "nodder")
    centre.tick()
    assert places() == set()


def test_a_case_withdrawn_in_the_middle_of_a_sweep_gains_no_item(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bank still knew the picture when it was recognised; the case says no."""
    report_all(centre)
    centre.tick()

    def late(*found: object) -> Item | None:
        Report.objects.update(withdrawn_at=centre.now, due_at=centre.now)
        casework.do_due(centre.now, "other")
        return add_found_item(*found)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr(sweep, "add_found_item", late)
    sweep_everywhere(centre, "silent")
    centre.tick()
    assert places() == set()


def test_where_media_may_not_be_fetched_none_is_by_any_stage(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as lawful:
        lawful.setattr(settings, "UNSEEN", replace(settings.UNSEEN, may_fetch_media=False))
        copy, medium = centre.copies("silent")
        report_all(centre, copy.page_url, medium.media_url)
        sweep_everywhere(centre)
        centre.tick()
        centre.pass_time(days=3)
    assert Item.objects.count() == 2
    assert centre.internet.truth.requests() != []
    assert media_asked(centre) == []
