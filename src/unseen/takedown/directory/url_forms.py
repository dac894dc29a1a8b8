"""The forms of a platform's URLs: which of them name one post, and by which parts.

A form is written as `/{channel}/{message:digits}`, with a query as in `/watch?v={id}`. A name stands for one part of a
path, or one value of a query; there is nothing in it that could take long to match.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import parse_qs, unquote, urlsplit


class Identifies(StrEnum):
    """What a URL of a form names."""

    POST = "post"
    MEDIA = "media"  # the file itself
    ACCOUNT = "account"  # an account, a channel or a group: too wide for a notice about one post
    RESULT = "result"  # a result of a search


IDENTIFIES_WORDS: Mapping[Identifies, str] = {
    Identifies.POST: "one post",
    Identifies.MEDIA: "one media file",
    Identifies.ACCOUNT: "a whole account or channel, not one post",
    Identifies.RESULT: "a result of a search",
}
# Each kind of part, and what it may consist of.
PARTS: Mapping[str, str] = {
    "": r"[^/?#&]{1,200}",
    "digits": r"[0-9]{1,25}",
    "word": r"[A-Za-z0-9_-]{1,100}",
    "hex": r"[0-9A-Fa-f-]{1,100}",
    "rest": r"[^?#]{1,500}",
}
_PART = re.compile(r"\{([a-z_]{1,30})(?::([a-z]+))?\}")
_FORM = re.compile(r"/[^\s#]{0,200}")


class BadForm(ValueError):
    """A form that cannot be read; the message says why."""


@dataclass(frozen=True, slots=True)
class UrlForm:
    """One form of a platform's URLs. `hosts` narrows it; without any, every domain of the platform has it."""

    identifies: Identifies
    form: str
    examples: tuple[str, ...]
    hosts: tuple[str, ...] = ()

    def parts_of(self, location: str) -> Mapping[str, str] | None:
        """The named parts of a location of this form, or None where it has another."""
        try:
            url = urlsplit(location if "://" in location else f"//{location}")
            host = (url.hostname or "").lower().removeprefix("www.").removeprefix("m.")
        except ValueError:
            return None
        if self.hosts and host not in self.hosts:
            return None
        path_form, _, query_form = self.form.partition("?")
        found = re.fullmatch(_pattern(path_form), url.path.rstrip("/") or "/")
        if found is None:
            return None
        parts = {name: unquote(value) for name, value in found.groupdict().items()}
        return _with_query(parts, query_form, url.query)


def check_form(form: str) -> None:
    """Raises BadForm for a form with a fault."""
    if not _FORM.fullmatch(form):
        raise BadForm("does not begin with / or holds a space or #")
    rest = _PART.sub("", form)
    if "{" in rest or "}" in rest:
        raise BadForm("has a part that is not {name} or {name:kind}")
    names = [name for name, _ in _PART.findall(form)]
    if len(set(names)) != len(names):
        raise BadForm("has a part twice")
    for _, kind in _PART.findall(form):
        if kind not in PARTS:
            raise BadForm(
                f"has a part of the unknown kind {kind!r}: use one of {', '.join(filter(None, PARTS))}"
            )


def _pattern(form: str) -> str:
    text, place = "", 0
    for part in _PART.finditer(form):
        text += f"{re.escape(form[place : part.start()])}(?P<{part[1]}>{PARTS[part[2] or '']})"
        place = part.end()
    return text + re.escape(form[place:].rstrip("/") if place else form.rstrip("/") or "/")


def _with_query(parts: dict[str, str], query_form: str, query: str) -> Mapping[str, str] | None:
    """Each pair of the form's query must be in the location's; more may be there, in any order."""
    try:
        given = parse_qs(query, max_num_fields=50)
    except ValueError:
        return None
    for pair in filter(None, query_form.split("&")):
        key, _, value_form = pair.partition("=")
        found = re.fullmatch(_pattern(value_form), given.get(key, [""])[0])
        if found is None:
            return None
        parts |= found.groupdict()
    return parts
