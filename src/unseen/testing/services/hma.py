"""Hasher-Matcher-Actioner as far as we use it: banks, signals in them, the switch of a content, exact look-up."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from unseen.testing.services.server import Answer, Asked, serving, stand

_SIGNAL = re.compile(r"/c/bank/([A-Z0-9_]+)/signal")
_CONTENT = re.compile(r"/c/bank/([A-Z0-9_]+)/content/([0-9]+)")
_BANK = re.compile(r"/c/bank/([A-Z0-9_]+)")


@dataclass
class Content:
    """One content of a bank."""

    bank: str
    pdq: str
    disable_until_ts: int = 1


@dataclass
class Hma:
    """`lost_answers`: so many additions are done and not answered."""

    banks: set[str] = field(default_factory=set)
    contents: dict[int, Content] = field(default_factory=dict)
    lost_answers: int = 0
    port: int = 0

    def matching(self, bank: str) -> list[str]:
        """The fingerprints that match now."""
        return sorted(
            one.pdq for one in self.contents.values() if one.bank == bank and one.disable_until_ts == 1
        )

    def answer(self, asked: Asked) -> Answer:
        parts = urlsplit(asked.path)
        told = json.loads(asked.body) if asked.body else {}
        if (asked.method, parts.path) == ("POST", "/c/banks"):
            fresh = told["name"] not in self.banks
            self.banks.add(told["name"])
            return Answer(201 if fresh else 403, b"{}")
        if parts.path == "/m/lookup":
            return self._lookup({name: values[0] for name, values in parse_qs(parts.query).items()})
        if found := _SIGNAL.fullmatch(parts.path):
            return self._add(found[1], told["pdq"])
        if found := _CONTENT.fullmatch(parts.path):
            self.contents[int(found[2])].disable_until_ts = told["disable_until_ts"]
            return Answer(200, b"{}")
        if asked.method == "DELETE" and (found := _BANK.fullmatch(parts.path)):
            self.banks.discard(found[1])
            self.contents = {key: one for key, one in self.contents.items() if one.bank != found[1]}
            return Answer(200, b"{}")
        return Answer(404, b"{}")

    def _add(self, bank: str, pdq: str) -> Answer:
        if bank not in self.banks or len(pdq) != 64:
            return Answer(404 if bank not in self.banks else 400, b"{}")
        content = max(self.contents, default=0) + 1
        self.contents[content] = Content(bank, pdq)
        if self.lost_answers:
            self.lost_answers -= 1
            return Answer(502, b"")
        return Answer(200, json.dumps({"id": content, "signals": {"pdq": pdq}}).encode())

    def _lookup(self, query: dict[str, str]) -> Answer:
        near = [
            {"bank_content_id": key, "distance": "0"}
            for key, one in self.contents.items()
            if one.bank == query["banks"] and one.pdq == query["signal"]
        ]
        return Answer(200, json.dumps({query["banks"]: near}).encode())


@contextmanager
def running_hma() -> Iterator[Hma]:
    """Served until the block ends."""
    hma = Hma()
    with serving(hma.answer) as hma.port:
        yield hma


if __name__ == "__main__":  # to try `unseen exchange export --to hma` by hand
    with running_hma() as tried:
        stand(tried.port)
