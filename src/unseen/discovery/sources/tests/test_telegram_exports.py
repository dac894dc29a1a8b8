"""Telegram exports are read as words; no path leads out of the folder."""

import json
from pathlib import Path
from typing import Any

import pytest

from unseen.discovery.sources import SourceError, open_source
from unseen.discovery.sources.telegram import named_places


def export(folder: Path, *messages: dict[str, Any], **chat: Any) -> str:
    (folder / "result.json").write_text(
        json.dumps({"type": "private_supergroup", "id": 1234, "messages": messages, **chat})
    )
    return str(folder)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.jpg",
        "/etc/passwd",
        "photos/../../secret.jpg",
        "out.jpg",
        "dir/secret.jpg",
        "a\x00b",
        "x" * 5000,
    ],
)
def test_a_path_that_leaves_the_folder_is_never_opened(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    inside = tmp_path / "export"
    inside.mkdir()
    (inside / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "dir").symlink_to(tmp_path)
    (found,) = open_source(export(inside, {"id": 5, "photo": name}))
    assert "message 5" in found.where
    with pytest.raises(SourceError):
        found.open()


def test_media_carries_its_message_and_where_members_see_it(tmp_path: Path) -> None:
    source = export(
        tmp_path, {"id": 42, "photo": "photos/a.jpg"}, {"id": 43, "file": "v.mp4", "media_type": "video_file"}
    )
    first, second = open_source(source)
    assert "message 42" in first.where
    assert first.path == tmp_path / "photos" / "a.jpg"
    assert first.page is not None
    assert first.page.text == "https://t.me/c/1234/42"
    assert second.page is not None
    assert second.page.text.endswith("/43")


def test_a_private_chat_has_no_place_to_point_at(tmp_path: Path) -> None:
    (found,) = open_source(export(tmp_path, {"id": 1, "photo": "a.jpg"}, type="personal_chat"))
    assert found.page is None


def test_files_left_out_of_the_export_are_named_and_stickers_and_voice_are_skipped(tmp_path: Path) -> None:
    words = "(File not included. Change data exporting settings to download.)"
    voice = {"id": 2, "file": "v.ogg", "media_type": "voice_message"}
    sticker = {"id": 3, "file": "s.webp", "media_type": "sticker", "thumbnail": "s_thumb.jpg"}
    (found,) = open_source(
        export(tmp_path, {"id": 1, "photo": words}, voice, sticker, {"id": 4, "type": "service"})
    )
    with pytest.raises(SourceError, match="export again with media"):
        found.open()


def test_every_chat_of_a_full_export_is_read(tmp_path: Path) -> None:
    chats = [{"type": "bot_chat", "id": n, "messages": [{"id": n, "photo": f"{n}.jpg"}]} for n in (1, 2)]
    (tmp_path / "result.json").write_text(json.dumps({"chats": {"list": [*chats, "odd", {"messages": 3}]}}))
    assert len(list(open_source(str(tmp_path)))) == 2


def test_places_are_found_in_text_that_is_a_string_or_a_list(tmp_path: Path) -> None:
    source = export(
        tmp_path,
        {"id": 1, "text": "see https://t.me/room/12 and t.me/room/12, or T.me/+invite)"},
        {
            "id": 2,
            "text": ["go to ", {"type": "text_link", "text": "here", "href": "https://t.me/other/7"}, 5],
        },
        {
            "id": 3,
            "text": "",
            "text_entities": [{"type": "text_link", "text": "x", "href": "https://telegram.me/third"}, 1],
        },
        {"id": 4, "text": [{"type": "link", "text": "https://example.test/t.me/no"}], "text_entities": 9},
        {"id": "odd", "text": {"a": 1}},
    )
    found = [(place.message_id, place.location.text) for place in named_places(source)]
    assert (2, "https://t.me/other/7") in found
    assert (3, "https://telegram.me/third") in found
    assert {text for number, text in found if number == 1} >= {"https://t.me/room/12", "https://t.me/+invite"}


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"messages": 1}', "[" * 100_000, '{"a": ' * 50_000, "\x00"]
)
def test_what_is_no_export_is_named_with_the_cure(tmp_path: Path, text: str) -> None:
    (tmp_path / "result.json").write_text(text)
    with pytest.raises(SourceError, match="export the chat again") as caught:
        list(open_source(str(tmp_path)))
    assert caught.value.code == "not_an_export"
