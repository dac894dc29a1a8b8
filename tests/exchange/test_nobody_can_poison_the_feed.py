"""A small share of `python -m benchmarks.exchange.poisoning`: harmless and empty fingerprints through the real intake."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from benchmarks.exchange.poisoning import edits, empty, poison
from unseen.testing.media import PHOTOS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_none_of_many_is_acted_on(tmp_path: Path, settings: Settings) -> None:
    settings.UNSEEN = replace(settings.UNSEEN, data_dir=tmp_path)
    told = poison(list(edits(PHOTOS, 600)), "harmless")
    assert told.startswith("600 submitted, ")
    assert told.endswith("in the feed, actionable: 0")
    assert (
        poison(list(empty(100)), "empty")
        == "100 submitted, 100 taken by the intake, 0 in the feed, actionable: 0"
    )
