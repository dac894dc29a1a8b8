"""A small internet on made-up photographs, and a hand to ask and write to it with."""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from PIL import Image

from unseen.testing.internet.tests.hand import START, Hand, open_hand


@pytest.fixture(scope="session")
def media_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight little pictures of coloured squares, and a file that only has to be served, not played."""
    folder = tmp_path_factory.mktemp("media")
    (folder / "photos").mkdir()
    (folder / "videos").mkdir()
    random = Random(7)
    for number in range(8):
        squares = Image.frombytes("RGB", (8, 6), random.randbytes(8 * 6 * 3))
        squares.resize((160, 120)).save(folder / "photos" / f"{number}.jpg")
    (folder / "videos" / "clip.mp4").write_bytes(random.randbytes(5000))
    return folder


@pytest.fixture
def opened(tmp_path: Path, media_folder: Path) -> Iterator[Callable[..., Hand]]:
    """Starts small internets, as many as a test wants one after the other, and stops the last one."""
    hands: list[Hand] = []

    def start(**options: object) -> Hand:
        for hand in hands:
            hand.internet.stop()
        hands[:] = [
            open_hand(tmp_path / f"run-{START:%d}-{len(list(tmp_path.iterdir()))}", media_folder, options)
        ]
        return hands[0]

    yield start
    for hand in hands:
        hand.internet.stop()


@pytest.fixture
def hand(opened: Callable[..., Hand]) -> Hand:
    return opened()
