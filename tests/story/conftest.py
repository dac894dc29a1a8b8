from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.story.centre import open_centre, small_photos
from tests.story.world import StoryWorld


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_photos(tmp_path_factory.mktemp("story"))


@pytest.fixture
def world(db: None, tmp_path: Path, media: Path) -> Iterator[StoryWorld]:
    with open_centre(tmp_path / "world", media) as centre:
        yield StoryWorld(centre)
