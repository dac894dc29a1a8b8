"""What holds for every kind of source."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from itertools import islice
from pathlib import Path

import pytest

from unseen.discovery.sources import SourceError, open_source
from unseen.discovery.sources.tests.worlds import FIRST, SECOND, WORLDS, World

MakeWorld = Callable[[Path, pytest.MonkeyPatch], AbstractContextManager[World]]


@pytest.fixture(params=WORLDS, ids=lambda make: make.__name__.removesuffix("_world"))
def world(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    make: MakeWorld = request.param
    with make(tmp_path, monkeypatch) as made:
        yield made


def test_it_finds_every_media_file_in_a_stable_order(world: World) -> None:
    names = [found.where for found in open_source(world.source, world.reach)]
    assert len(names) == 3
    assert names == [found.where for found in open_source(world.source, world.reach)]
    assert "a.jpg" in names[0]
    assert "b.png" in names[1]


def test_opening_gives_the_bytes(world: World) -> None:
    first, second, _ = open_source(world.source, world.reach)
    assert first.open() == FIRST
    assert second.open() == SECOND


def test_nothing_is_read_before_it_is_opened(world: World) -> None:
    found = list(open_source(world.source, world.reach))
    assert [name for name in world.asked() if not name.endswith(".txt")] == []
    found[0].open()
    assert len([name for name in world.asked() if not name.endswith(".txt")]) == 1


def test_one_that_cannot_be_read_is_named_and_stops_nothing(world: World) -> None:
    *_, gone = open_source(world.source, world.reach)
    with pytest.raises(SourceError) as caught:
        gone.open()
    assert caught.value.code == "not_found"
    assert len(caught.value.message) > 20


def test_it_can_be_left_in_the_middle(world: World) -> None:
    assert len(list(islice(open_source(world.source, world.reach), 1))) == 1


def test_printing_a_find_does_not_print_its_page(world: World) -> None:
    for found in open_source(world.source, world.reach):
        assert "/p/" not in repr(found).replace(found.where, "")


@pytest.mark.parametrize(
    "source", ["/nowhere/at/all", "", "/nowhere/result.json", "/nowhere/list.txt", "s3://"]
)
def test_a_source_that_is_not_there_is_named_with_a_cure(source: str) -> None:
    with pytest.raises(SourceError) as caught:
        list(open_source(source))
    assert caught.value.code == "not_found"
    assert source in caught.value.message
