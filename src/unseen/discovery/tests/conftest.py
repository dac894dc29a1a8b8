"""A centre that sweeps the small internet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.centre import Centre, open_centre, small_photos


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_photos(tmp_path_factory.mktemp("discovery"))


@pytest.fixture
def centre(db: None, tmp_path: Path, media: Path) -> Iterator[Centre]:
    with open_centre(tmp_path / "world", media) as opened:
        yield opened
