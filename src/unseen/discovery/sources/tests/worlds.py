"""One small world for each kind of source: the same three media files, one of which cannot be read."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from unseen.discovery.sources import Reach
from unseen.fetch.tests.site import OFFICE, Site, fetcher_for, running_site

FIRST, SECOND = b"\xff\xd8 the first picture", b"\x89PNG the second picture"


@dataclass
class World:
    """A source, how to reach it, and (where it differs) what is expected of it."""

    source: str
    reach: Reach | None
    asked: Callable[[], list[str]]
    """What was opened or fetched so far, media only."""


@contextmanager
def folder_world(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    (tmp_path / "b").mkdir()
    (tmp_path / "a.jpg").write_bytes(FIRST)
    (tmp_path / "b" / "b.png").write_bytes(SECOND)
    (tmp_path / "c.jpg").write_bytes(b"")
    (tmp_path / "link.jpg").symlink_to("/etc/passwd")
    (tmp_path / "round").symlink_to(tmp_path)
    vanishing(tmp_path / "c.jpg", patch)
    yield World(str(tmp_path), None, opened(patch))


@contextmanager
def telegram_world(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(FIRST)
    (tmp_path / "b.png").write_bytes(SECOND)
    names = ["photos/a.jpg", "b.png", "photos/gone.jpg"]
    messages = [
        {"id": n, "type": "message", "photo": name, "text": ""} for n, name in enumerate(names, start=1)
    ]
    (tmp_path / "result.json").write_text(
        json.dumps({"type": "private_group", "id": 7, "messages": messages})
    )
    yield World(str(tmp_path), None, opened(patch))


@contextmanager
def web_world(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    with running_site() as site, fetcher_for(site) as fetcher:
        serve(site)
        reach = Reach(fetcher, OFFICE, lambda _: None)
        yield World(site.at("/").text, reach, lambda: [r[1] for r in site.requests if r[1].startswith("/m/")])


@contextmanager
def list_world(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    with running_site() as site, fetcher_for(site) as fetcher:
        serve(site)
        lines = [
            "# to be searched",
            "",
            site.at("/m/a.jpg").text,
            site.at("/p/2").text,
            site.at("/m/gone.jpg").text,
        ]
        path = tmp_path / "places.txt"
        path.write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
        reach = Reach(fetcher, OFFICE, lambda _: None)
        yield World(str(path), reach, lambda: [r[1] for r in site.requests if r[1].startswith("/m/")])


@contextmanager
def object_store_world(tmp_path: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    store = MemoryStore({"bucket/x/a.jpg": FIRST, "bucket/x/y/b.png": SECOND, "bucket/x/z.jpg": None})
    library = ModuleType("fsspec")
    library.filesystem = lambda _: store  # type: ignore[attr-defined]
    patch.setitem(sys.modules, "fsspec", library)
    yield World("s3://bucket/x", None, lambda: store.opened)


WORLDS = [folder_world, telegram_world, web_world, list_world, object_store_world]


class MemoryStore:
    """As much of an fsspec file system as the reader uses."""

    def __init__(self, objects: dict[str, bytes | None]) -> None:
        self.objects = objects
        self.opened: list[str] = []

    def find(self, prefix: str, detail: bool) -> dict[str, dict[str, Any]]:
        assert detail
        return {
            name: {"type": "file", "size": len(data or b"")}
            for name, data in reversed(self.objects.items())
            if name.startswith(prefix)
        }

    def cat_file(self, name: str) -> bytes:
        self.opened.append(name)
        data = self.objects[name]
        if data is None:
            raise FileNotFoundError(name)
        return data


def serve(site: Site) -> None:
    page = "text/html; charset=utf-8"
    site.answers["/"] = lambda h: h.answer(
        200, b'<a href="/p/1">1</a><a href="/p/2">2</a><a href="/p/3">3</a>', Content_Type=page
    )
    site.answers["/p/1"] = lambda h: h.answer(
        200, b'<img src="/m/a.jpg"><a href="/">up</a>', Content_Type=page
    )
    site.answers["/p/2"] = lambda h: h.answer(200, b'<img src="/m/b.png"><a href="/p/1">', Content_Type=page)
    site.answers["/p/3"] = lambda h: h.answer(200, b'<video src="/m/gone.jpg">', Content_Type=page)
    site.answers["/m/a.jpg"] = lambda h: h.answer(200, FIRST, Content_Type="image/jpeg")
    site.answers["/m/b.png"] = lambda h: h.answer(200, SECOND, Content_Type="image/png")


def opened(patch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Counts the files whose bytes are read, the export's own words aside."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def counting(path: Path) -> bytes:
        if path.suffix != ".json":
            names.append(path.name)
        return read_bytes(path)

    patch.setattr(Path, "read_bytes", counting)
    return lambda: names


def vanishing(gone: Path, patch: pytest.MonkeyPatch) -> None:
    """The file is listed, and no longer there when it is opened."""
    stat = Path.stat

    def looking(path: Path, *, follow_symlinks: bool = True) -> Any:
        if path == gone:
            raise FileNotFoundError(str(gone))
        return stat(path, follow_symlinks=follow_symlinks)

    patch.setattr(Path, "stat", looking)
