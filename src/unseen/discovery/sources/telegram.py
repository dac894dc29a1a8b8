"""A chat exported by Telegram Desktop (`result.json` and its folder): media files by message, and t.me locations.

The export is read as words only; no media file is opened here, and no path leaves the export's folder.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from unseen.discovery.sources.found import Found, Reach, SourceError, read_file, trouble
from unseen.fetch.locations import Location, LocationError, parse_location

RESULT_NAME = "result.json"
# Held in memory while it is read; an export of a million messages is near this size.
RESULT_SIZE_BYTES_MAX = 500_000_000

_MEDIA_KEYS = ("photo", "file")
_NO_MEDIA_TYPES = ("sticker", "voice_message", "audio_file")
_CHAT_WITH_PLACES = re.compile(r"(?:public|private)_(?:supergroup|channel)")
_TELEGRAM_HOSTS = ("t.me", "telegram.me", "telegram.dog")
_IN_TEXT = re.compile(
    r"(?:https?://)?(?:t\.me|telegram\.me|telegram\.dog)/[^\s<>\"')\]]{1,400}", re.IGNORECASE
)

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A t.me location that a message names."""

    message_id: int
    location: Location


def read(source: str, reach: Reach | None = None) -> Iterator[Found]:
    """The pictures and videos of the export in the folder (or result.json) `source`. Raises SourceError."""
    result = result_file(source)
    for chat, message in _messages(result):
        if message.get("media_type") in _NO_MEDIA_TYPES:
            continue
        for key in _MEDIA_KEYS:
            name = message.get(key)
            if isinstance(name, str) and name:
                yield _media(result.parent, name, chat, message)


def named_places(source: str) -> Iterator[NamedPlace]:
    """The t.me locations in the messages' text, each once. Raises SourceError."""
    seen: set[str] = set()
    for _, message in _messages(result_file(source)):
        for text in _places(message):
            try:
                location = parse_location(text if "://" in text else f"https://{text}")
            except LocationError:
                continue
            if location.host in _TELEGRAM_HOSTS and location.key not in seen:
                seen.add(location.key)
                yield NamedPlace(_message_id(message), location)


def result_file(source: str) -> Path:
    """The result.json of an export given by its folder or by that file."""
    path = Path(source)
    return path / RESULT_NAME if path.is_dir() else path


def _messages(result: Path) -> Iterator[tuple[Row, Row]]:
    """Every (chat, message): of one exported chat, or of all chats of a full export."""
    data = _load(result)
    chats = [data]
    full = data.get("chats")
    if isinstance(full, dict) and isinstance(full.get("list"), list):
        chats = [chat for chat in full["list"] if isinstance(chat, dict)]
    if not any(isinstance(chat.get("messages"), list) for chat in chats):
        cure = "export the chat again in Telegram Desktop with the format JSON"
        raise SourceError("not_an_export", f"{result} holds no messages; {cure}.")
    for chat in chats:
        messages = chat.get("messages")
        for message in messages if isinstance(messages, list) else ():
            if isinstance(message, dict):
                yield chat, message


def _load(result: Path) -> Row:
    cure = "export the chat again in Telegram Desktop with the format JSON"
    try:
        if result.stat().st_size > RESULT_SIZE_BYTES_MAX:
            message = f"{result} is larger than {RESULT_SIZE_BYTES_MAX} bytes; export a shorter time."
            raise SourceError("too_large", message)
        data = json.loads(read_file(result))
    except FileNotFoundError:
        raise SourceError("not_found", f"{result} does not exist; give the folder of the export.") from None
    except OSError as error:
        raise SourceError(
            "unreadable", f"{result} cannot be read ({error.strerror}); check its rights."
        ) from error
    except (ValueError, RecursionError) as error:
        raise SourceError("not_an_export", f"{result} is not readable JSON; {cure}.") from error
    if not isinstance(data, dict):
        raise SourceError("not_an_export", f"{result} is not a Telegram export; {cure}.")
    return data


def _media(folder: Path, name: str, chat: Row, message: Row) -> Found:
    where = f"message {_message_id(message)} in {folder}"
    if name.startswith(
        "("
    ):  # Telegram's own words, such as "(File not included. Change data exporting settings.)"
        return trouble(where, "not_included", f"{where}: its file was not exported; export again with media.")
    try:
        path = (folder / name).resolve()
        inside = path.is_relative_to(folder.resolve())
    except (OSError, ValueError, RuntimeError):
        inside = False
    if not inside:
        return trouble(
            where, "outside", f"{where}: its file lies outside the export's folder and is not opened."
        )
    return Found(f"{path} ({where})", partial(read_file, path), page=_page(chat, message), path=path)


def _page(chat: Row, message: Row) -> Location | None:
    """Where members see the message: t.me/c/<chat>/<message>, the form that Telegram's own report form takes."""
    chat_id = chat.get("id")
    if not isinstance(chat_id, int) or not _CHAT_WITH_PLACES.fullmatch(str(chat.get("type"))):
        return None
    return Location("https", "t.me", 443, f"/c/{abs(chat_id)}/{_message_id(message)}")


def _places(message: Row) -> Iterator[str]:
    for part in _parts(message.get("text")):
        yield from _IN_TEXT.findall(part)
    entities = message.get("text_entities")
    for entity in entities if isinstance(entities, list) else ():
        if isinstance(entity, dict) and isinstance(entity.get("href"), str):
            yield entity["href"]


def _parts(text: object) -> Iterator[str]:
    """The words of a message: `text` is a string, or a list of strings and of objects with text and perhaps href."""
    if isinstance(text, str):
        yield text
    elif isinstance(text, list):
        for part in text:
            if isinstance(part, str):
                yield part
            elif isinstance(part, dict):
                yield from (value for key in ("text", "href") if isinstance(value := part.get(key), str))


def _message_id(message: Row) -> int:
    number = message.get("id")
    return number if isinstance(number, int) else 0
