"""NCMEC's hash sharing, version 2, as its documents show it: status, pages of entries, feedback. Only what we use."""

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from unseen.testing.services.server import Answer, Asked, serving, stand

NAMESPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
TIME = "%Y-%m-%dT%H:%M:%SZ"
NAME, PASSWORD = "centre", "open sesame"
_FEEDBACK = re.compile(r"/v2/entries/([0-9]+)/([A-Za-z0-9_-]+)/([A-Z0-9_]+)/feedback")


@dataclass
class Entry:
    """One entry as a member sees it. `raw` replaces all of it."""

    id: str
    at: datetime
    fingerprints: dict[str, str] = field(default_factory=dict)
    kind: str = "image"
    deleted: bool = False
    member: int = 42
    raw: str = ""

    def xml(self) -> str:
        if self.raw:
            return self.raw
        tag = f"deleted{self.kind.title()}" if self.deleted else self.kind
        inside = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in self.fingerprints.items())
        told = (
            ""
            if self.deleted
            else f"<classification>A1</classification><fingerprints>{inside}</fingerprints>"
        )
        when = self.at.astimezone(UTC).strftime(TIME)
        return (
            f'<{tag}><member id="{self.member}">Example Member</member><timestamp>{when}</timestamp>'
            f"<id>{escape(self.id)}</id>{told}</{tag}>"
        )


@dataclass
class Ncmec:
    """Its entries, what it was asked, and the feedback that it got."""

    entries: list[Entry] = field(default_factory=list)
    page_entries: int = 1_000
    broken: Answer | None = None  # given instead of any page
    asked: list[str] = field(default_factory=list)
    feedback: list[tuple[str, ...]] = field(default_factory=list)
    port: int = 0

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked.path)
        wanted = "Basic " + base64.b64encode(f"{NAME}:{PASSWORD}".encode()).decode()
        if asked.headers.get("authorization") != wanted:
            return Answer(401)
        parts = urlsplit(asked.path)
        if parts.path == "/npo/v2/status":
            return _xml(
                f'<status xmlns="{NAMESPACE}"><username>{NAME}</username><member id="1">Sir Test</member></status>'
            )
        if parts.path == "/npo/v2/entries":
            return self.broken or self._page(
                {name: values[0] for name, values in parse_qs(parts.query).items()}
            )
        found = _FEEDBACK.fullmatch(parts.path.removeprefix("/npo"))
        if asked.method == "PUT" and found:
            self.feedback.append((*found.groups(), asked.body.decode()))
            return Answer(200)
        return Answer(404)

    def _page(self, query: dict[str, str]) -> Answer:
        """Not in the order of time, as the real one."""
        since, until = (datetime.strptime(query[name], TIME).replace(tzinfo=UTC) for name in ("from", "to"))
        among = [entry for entry in self.entries if since <= entry.at <= until]
        start = int(query.get("start", 0))
        shown, end = among[start : start + self.page_entries], start + self.page_entries
        lists = ""
        for kind in ("image", "video"):
            inside = "".join(entry.xml() for entry in shown if entry.kind == kind)
            lists += f'<{kind}s count="{len(shown)}" maxTimestamp="{query["to"]}">{inside}</{kind}s>'
        more = f"/v2/entries?from={query['from']}&to={query['to']}&start={end}&size={self.page_entries}&max={len(among)}"
        paging = f"<paging><next>{escape(more)}</next></paging>" if end < len(among) else ""
        return _xml(f'<queryResult xmlns="{NAMESPACE}">{lists}{paging}</queryResult>')


@contextmanager
def running_ncmec() -> Iterator[Ncmec]:
    """Served until the block ends; its base is /npo."""
    ncmec = Ncmec()
    with serving(ncmec.answer) as ncmec.port:
        yield ncmec


def _xml(text: str) -> Answer:
    body = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()
    return Answer(200, body, "application/xml")


if __name__ == "__main__":  # to try `unseen exchange import --from ncmec` by hand
    with running_ncmec() as tried:
        stand(tried.port)
