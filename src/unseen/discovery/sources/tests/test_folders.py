"""Folders: order, symbolic links, what is no regular file."""

import os
from pathlib import Path

import pytest

from unseen.discovery.sources import SourceError, files_in, open_source
from unseen.discovery.sources.folder import DEPTH_MAX


def test_files_come_in_the_order_of_their_names_whatever_the_disk_says(tmp_path: Path) -> None:
    for name in ("b.jpg", "a/z.jpg", "a.jpg", "가.jpg", "B.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    names = [str(found.path.relative_to(tmp_path)) for found in open_source(str(tmp_path)) if found.path]
    assert names == ["B.jpg", "a/z.jpg", "a.jpg", "b.jpg", "가.jpg"]


def test_what_points_elsewhere_is_left_out_and_so_are_pipes(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "out.jpg").symlink_to("/etc/passwd")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "in" / "pipe.jpg")
    assert list(open_source(str(tmp_path / "in"))) == []


def test_a_single_file_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (found,) = open_source(str(tmp_path / "a.jpg"))
    assert found.open() == b"x"


def test_a_folder_without_end_is_named(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * (DEPTH_MAX + 2))
    deep.mkdir(parents=True)
    (found,) = open_source(str(tmp_path))
    with pytest.raises(SourceError, match="deeper"):
        found.open()


def test_files_are_counted_by_their_names_where_that_is_enough(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    for name in ("a.jpg", "below/b.jpg", "list.txt"):
        (tmp_path / name).write_bytes(b"x")
    assert files_in(str(tmp_path)) == len(list(open_source(str(tmp_path)))) == 3
    assert files_in(str(tmp_path / "a.jpg")) == 1
    assert files_in(str(tmp_path / "none")) == 1, "a source that is not there is one line of error"
    for unknown in ("https://site.test/", "s3://box/a", str(tmp_path / "list.txt")):
        assert files_in(unknown) is None
