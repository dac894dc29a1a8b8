"""A request and an answer as the routes see them, whatever server carries them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

JSON = "application/json"
TEXT = "text/html; charset=utf-8"  # HMA's type of its plain words; they hold nothing that a caller sent
BYTES = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Request:
    """One request whose body is within its route's limit. `arguments`: the first value of each name."""

    method: str
    path: str
    arguments: Mapping[str, str]
    content_type: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. `allow`: the methods that the path knows, where the asked one is not among them."""

    status: int
    body: bytes
    content_type: str = JSON
    allow: str = ""


class Refused(Exception):
    """The request cannot be answered: HMA's status where HMA has one, and words for the caller."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    def answer(self) -> Answer:
        return as_json({"message": self.message}, self.status)


class Lacking(Exception):
    """An argument is missing or of the wrong kind. HMA answers these with 422 and a list."""

    def __init__(self, name: str, kind: str, message: str) -> None:
        super().__init__(message)
        self.facts = {"type": kind, "loc": [name], "msg": message}

    def answer(self) -> Answer:
        return as_json([self.facts], 422)


def as_json(told: object, status: int = 200) -> Answer:
    """As Flask writes it outside of debugging: sorted, tight, ASCII, a line's end."""
    return Answer(status, (json.dumps(told, sort_keys=True, separators=(",", ":")) + "\n").encode())
