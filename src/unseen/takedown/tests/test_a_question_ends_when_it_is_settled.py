from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from unseen.takedown.models import Notice
from unseen.takedown.tests.outside import NOON, a_reported_item, outside_of, pass_time, tick

pytestmark = pytest.mark.django_db


def test_a_notice_that_went_out_leaves_no_question_and_the_next_one_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody had signed. Then somebody does, and the line breaks: now the question is whether it went out."""
    with outside_of(tmp_path) as outside:
        item = a_reported_item()
        with monkeypatch.context() as nameless:
            nameless.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="", organisation=""))
            tick(NOON)
        item.refresh_from_db()
        assert item.question.startswith("This notice cannot be written")
        outside.sends, outside.archive = ["after"], "closed"
        pass_time(NOON, days=1, hours=1)
    item.refresh_from_db()
    assert Notice.objects.get().state == "uncertain"
    assert item.question.startswith("Nobody can tell whether this notice went out")


def test_a_signed_notice_ends_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with outside_of(tmp_path):
        item = a_reported_item()
        with monkeypatch.context() as nameless:
            nameless.setattr(settings, "UNSEEN", replace(settings.UNSEEN, signatory="", organisation=""))
            tick(NOON)
        tick(NOON + timedelta(days=1))
    item.refresh_from_db()
    assert Notice.objects.get().state == "sent"
    assert item.question == ""
