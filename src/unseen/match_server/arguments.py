"""The arguments behind the question mark: parsed as HMA parses them, with the common kind parsed quickly."""

import re
from binascii import unhexlify
from collections.abc import Mapping
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from unseen.match_server.limits import QUERY_CHARACTERS_MAX
from unseen.match_server.wire import Lacking, Refused

PDQ = "pdq"
_ESCAPED = re.compile(r"[%+;]")
_PDQ_DIGITS = re.compile(r"[0-9a-f]{64}")
# What pydantic takes for a boolean.
_TRUE = frozenset(("true", "1", "yes", "on", "t", "y"))
_FALSE = frozenset(("false", "0", "no", "off", "f", "n"))


def arguments_of(query: str) -> dict[str, str]:
    """The first value of each name. Raises Refused where there is too much of it."""
    if len(query) > QUERY_CHARACTERS_MAX:
        raise Refused(414, f"the arguments have more than {QUERY_CHARACTERS_MAX} characters")
    if _ESCAPED.search(query):
        pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    else:
        pairs = [(name, value) for name, _, value in (each.partition("=") for each in query.split("&"))]
    return dict(reversed(pairs))


def flag(arguments: Mapping[str, str], name: str) -> bool:
    """Whether a yes-or-no argument says yes; absent is no. Raises Lacking."""
    word = arguments.get(name)
    if word is None:
        return False
    if word.lower() in _TRUE:
        return True
    if word.lower() in _FALSE:
        return False
    raise Lacking(name, "bool_parsing", "Input should be a valid boolean, unable to interpret input")


def names(arguments: Mapping[str, str], name: str) -> frozenset[str] | None:
    """A list between commas; None where it is absent or empty."""
    words = arguments.get(name)
    return frozenset(words.split(",")) if words else None


def checked_type(signal_type: str) -> None:
    """Raises Refused for any type but PDQ."""
    if signal_type == "video_md5":
        raise Refused(400, "SignalType 'video_md5' is not enabled")
    if signal_type != PDQ:
        raise Refused(400, f"No such SignalType '{signal_type}'")


def pdq_of(signal: str) -> NDArray[np.uint8]:
    """uint8[1,32] of 64 hex digits. Raises Refused."""
    if not _PDQ_DIGITS.fullmatch(signal):
        raise Refused(400, "invalid signal: invalid PDQ hash")
    return np.frombuffer(unhexlify(signal), np.uint8).reshape(1, 32)
