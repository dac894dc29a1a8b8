"""What the engine answers: a fingerprint of a picture or of a video, or a named error."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from unseen.fingerprint.deep_model import Original, Query, original_from_wire, query_from_wire


class ErrorCode(StrEnum):
    UNSUPPORTED = "unsupported"
    UNDECODABLE = "undecodable"
    TOO_LARGE = "too_large"
    TIMEOUT = "timeout"
    EMPTY = "empty"
    NOT_FOUND = "not_found"


class Want(StrEnum):
    """What the caller asks for: one still picture, a video, or whatever the file is."""

    IMAGE = "image"
    VIDEO = "video"
    ANY = "any"


class Forms(StrEnum):
    """What comes along: no edited forms, those that a bank keeps, or those that a query tries; deep: local features too."""

    NONE = "none"
    BANK = "bank"
    QUERY = "query"
    DEEP_BANK = "deep bank"
    DEEP_QUERY = "deep query"

    @property
    def edited(self) -> "Forms":
        """The edited forms alone."""
        return {Forms.DEEP_BANK: Forms.BANK, Forms.DEEP_QUERY: Forms.QUERY}.get(self, self)


class FingerprintError(Exception):
    """No fingerprint could be made. `message` says what happened and what to do; it never holds a file's name."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message

    def facts(self) -> dict[str, str]:
        return {"code": str(self.code), "message": self.message}


@dataclass(frozen=True, slots=True)
class Variant:
    """The fingerprint of an edited form: `mirror`, `mirror+crop:5-0-0-5` (percent cut from left, top, right, bottom)."""

    name: str
    pdq: str
    quality: int

    def facts(self) -> dict[str, Any]:
        return {"name": self.name, "pdq": self.pdq, "quality": self.quality}


@dataclass(frozen=True, slots=True)
class ImageFingerprint:
    """PDQ (64 hex digits) with quality 0 to 100, the digest (SHA-256, hex) of the file, its size after orientation."""

    width: int
    height: int
    sha256: str
    pdq: str
    quality: int
    variants: tuple[Variant, ...] = ()
    deep: Original | Query | None = None

    def facts(self) -> dict[str, Any]:
        """The JSON of the command line, without the path and the local features."""
        return {
            "kind": "image",
            "width": self.width,
            "height": self.height,
            "sha256": self.sha256,
            "pdq": self.pdq,
            "quality": self.quality,
            "variants": [variant.facts() for variant in self.variants],
        }


@dataclass(frozen=True, slots=True)
class Frame:
    """One sampled frame; `variants` holds its mirror when edited forms were asked for."""

    at_s: float
    pdq: str
    quality: int
    variants: tuple[Variant, ...] = ()

    def facts(self) -> dict[str, Any]:
        return {"at_s": self.at_s, "pdq": self.pdq, "quality": self.quality}


@dataclass(frozen=True, slots=True)
class VideoFingerprint:
    """The PDQ of at most one frame a second, in order of time, with the digest of the file."""

    duration_s: float
    sha256: str
    frames: tuple[Frame, ...]

    def facts(self) -> dict[str, Any]:
        """The JSON of the command line, without the path."""
        return {
            "kind": "video",
            "duration_s": self.duration_s,
            "sha256": self.sha256,
            "frames": [frame.facts() for frame in self.frames],
        }


def to_wire(fingerprint: ImageFingerprint | VideoFingerprint) -> dict[str, Any]:
    """All facts, with those that the command line leaves out: local features, variants of frames."""
    facts = fingerprint.facts()
    if isinstance(fingerprint, ImageFingerprint) and fingerprint.deep is not None:
        facts["deep"] = fingerprint.deep.facts()
    if isinstance(fingerprint, VideoFingerprint):
        for shown, frame in zip(facts["frames"], fingerprint.frames, strict=True):
            shown["variants"] = [variant.facts() for variant in frame.variants]
    return facts


def from_wire(facts: Mapping[str, Any]) -> ImageFingerprint | VideoFingerprint:
    """Rebuild a child's answer. Every value is checked: the child may be in hostile hands. Raises ValueError."""
    kind = facts.get("kind")
    sha256 = _hex(facts.get("sha256"))
    if kind == "image":
        size = (_whole(facts.get("width"), 2**31), _whole(facts.get("height"), 2**31))
        quality = _whole(facts.get("quality"), 100)
        variants, deep = _variants(facts.get("variants")), _deep(facts.get("deep"))
        return ImageFingerprint(*size, sha256, _hex(facts.get("pdq")), quality, variants, deep)
    if kind == "video":
        frames = _objects(facts.get("frames"))
        return VideoFingerprint(
            _seconds(facts.get("duration_s")), sha256, tuple(_frame(frame) for frame in frames)
        )
    raise ValueError("neither an image nor a video")


def _deep(facts: Any) -> Original | Query | None:
    if facts is None:
        return None
    is_original = isinstance(facts, dict) and "parts" in facts
    return original_from_wire(facts) if is_original else query_from_wire(facts)


def _frame(facts: Mapping[str, Any]) -> Frame:
    quality = _whole(facts.get("quality"), 100)
    return Frame(
        _seconds(facts.get("at_s")), _hex(facts.get("pdq")), quality, _variants(facts.get("variants"))
    )


def _variants(facts: Any) -> tuple[Variant, ...]:
    return tuple(
        Variant(_name(each.get("name")), _hex(each.get("pdq")), _whole(each.get("quality"), 100))
        for each in _objects(facts)
    )


def _objects(value: Any) -> list[Mapping[str, Any]]:
    if isinstance(value, list) and all(isinstance(each, dict) for each in value):
        return value
    raise ValueError("a value is not a list of objects")


def _name(value: Any) -> str:
    if not isinstance(value, str) or len(value) > 40 or not value.isascii() or not value.isprintable():
        raise ValueError("a variant has no proper name")
    return value


def _hex(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64 or value.strip("0123456789abcdef"):
        raise ValueError("a value is not 64 hex digits")
    return value


def _whole(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise ValueError("a number is out of range")
    return value


def _seconds(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1e9:
        raise ValueError("a time is out of range")
    return float(value)
