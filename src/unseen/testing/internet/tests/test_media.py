"""The copies: every edit is repeatable, and is the edit that its name says."""

import io
from pathlib import Path

import pytest
from PIL import Image

from unseen.testing.internet.media import EDITS, Library, MediaMissing, picture


@pytest.mark.parametrize("edit", sorted(EDITS))
def test_an_edit_makes_the_same_bytes_again_and_others_than_the_original(
    media_folder: Path, edit: str
) -> None:
    path = Library.of(media_folder).photos[0]
    made = picture(path, edit)
    assert made == picture(path, edit)
    assert made.data != path.read_bytes()
    with Image.open(io.BytesIO(made.data)) as image:
        assert image.get_format_mimetype() == made.content_type


def test_resize_crop_and_mirror_do_what_they_say(media_folder: Path) -> None:
    path = Library.of(media_folder).photos[0]
    sizes = {edit: Image.open(io.BytesIO(picture(path, edit).data)).size for edit in EDITS}
    assert (sizes["re-encode"], sizes["resize"], sizes["mirror-crop"]) == ((160, 120), (96, 72), (144, 108))
    original = Image.open(path).convert("RGB")
    edited = Image.open(io.BytesIO(picture(path, "mirror-crop").data)).convert("RGB")
    left, there = edited.getpixel((4, 54)), original.getpixel((160 - 8 - 4, 60))
    assert isinstance(left, tuple)
    assert isinstance(there, tuple)
    assert max(abs(a - b) for a, b in zip(left, there, strict=True)) < 40


def test_the_video_is_served_as_it_is(media_folder: Path) -> None:
    video = Library.of(media_folder).video
    assert (picture(video, "as-is").data, picture(video, "as-is").content_type) == (
        video.read_bytes(),
        "video/mp4",
    )


def test_a_folder_with_too_little_media_is_named(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing, match="0 photographs and 0 videos"):
        Library.of(tmp_path)
