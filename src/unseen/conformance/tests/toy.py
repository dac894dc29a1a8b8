"""The smallest consumer that does all it must, in memory, and faults that can be planted in it one at a time."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2

from unseen.feed.follow import Followed, accept
from unseen.feed.lines import LineAction, LineKind, LineOperation, Lines, erased, leaves, read_lines
from unseen.feed.page import Head, Page, read_page
from unseen.feed.refusals import MalformedPage, PageRefused
from unseen.feed.signing import FeedKey

_RADIUS_BITS = 31
_PAGES_MAX = 10  # at once; a careless consumer is given the same page for ever
FAULTS = {
    "keeps what is withdrawn": {"a withdrawal is honoured", "a malformed line moves nothing"},
    "brings back what is withdrawn": {"a withdrawal is final"},
    "skips lines that it cannot read": {"a malformed line moves nothing"},
    "asks nobody who signed": {"forged pages are refused"},
    "does not look at the root": {"changed lines are refused", "a fork is refused"},
    "has no calendar": {"a stale head is refused"},
    "acts for ever": {"a lease ends"},
    "keeps its first keys": {"keys rotate by overlap"},
    "keeps expired entries": {"an entry expires"},
    "blocks all that matches": {"actions are those of the lines", "a lease ends"},
    "takes commitments for fingerprints": {"an erased value is accepted"},
    "forgets when it is killed": {"a kill loses nothing"},
    "takes any page": {"a page that comes twice changes nothing"},
}


@dataclass
class _Known:
    kind: int
    value: bytes
    action: int
    expires: int
    sleeps: bool = False


class Toy:
    """A consumer in this process; `fault` is one of FAULTS, or nothing."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self._kept: dict[str, tuple[Followed, dict[str, _Known], set[str], str]] = {}
        self._folder = ""
        self._client = httpx2.Client()

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """As docs/running/conformance.md has the three questions."""
        asked = json.loads(json.dumps(dict(question)))
        if asked["ask"] == "begin":
            self._begin(asked)
            return {}
        if asked["ask"] == "follow":
            return self._follow()
        return {"matches": self._matches(asked["kind"], bytes.fromhex(asked["value"]))}

    def kill(self) -> bool:
        """Only what its folder holds is left."""
        if self.fault == "forgets when it is killed":
            self._kept.clear()
        return True

    def close(self) -> None:
        """Its connections."""
        self._client.close()

    def _begin(self, asked: dict[str, Any]) -> None:
        self._folder = str(Path(asked["folder"]))
        told = asked["invitation"]
        if told is not None:
            keys = tuple(FeedKey(bytes.fromhex(key["public"]), key["until"]) for key in told["keys"])
            self._kept[self._folder] = (Followed(told["feed"], keys), {}, set(), told["address"])

    def _follow(self) -> dict[str, Any]:
        problem = None
        if self._folder not in self._kept:
            return {"lines": 0, "problem": "nothing is kept"}
        for _ in range(_PAGES_MAX):
            state, known, gone, address = self._kept[self._folder]
            answer = self._client.get(f"{address}/exchange/v1/page", params={"after": state.frontier.size})
            try:
                if answer.status_code != httpx2.codes.OK:
                    raise MalformedPage(f"status {answer.status_code}")
                after, lines = self._accepted(state, answer.content)
            except PageRefused as refused:
                problem = str(refused)
                break
            else:
                self._take(lines, known, gone)
                self._kept[self._folder] = (after, known, gone, address)
                if not len(lines):
                    break
        return {"lines": self._kept[self._folder][0].frontier.size, "problem": problem}

    def _accepted(self, state: Followed, raw: bytes) -> tuple[Followed, Lines]:
        now = int(time.time())
        if self.fault in (
            "asks nobody who signed",
            "does not look at the root",
            "has no calendar",
            "takes any page",
        ):
            return self._carelessly(state, raw, now)
        if self.fault == "skips lines that it cannot read":
            page = read_page(raw, state.keys, now)
            try:
                return accept(state, raw, now)
            except MalformedPage:
                return _moved(state, page), read_lines(b"", 0)
        after, lines = accept(state, raw, now)
        return (replace(after, keys=state.keys) if self.fault == "keeps its first keys" else after), lines

    def _carelessly(self, state: Followed, raw: bytes, now: int) -> tuple[Followed, Lines]:
        try:
            return accept(state, raw, now)
        except PageRefused as refused:
            kind = type(refused).__name__
            forgiven = {
                "asks nobody who signed": "ForgedPage",
                "does not look at the root": "ForkedPage",
                "has no calendar": "StalePage",
                "takes any page": "RolledBackPage",
            }
            if kind != forgiven[self.fault] and not (
                self.fault == "takes any page" and "begins at" in str(refused)
            ):
                raise
            page = _unchecked(raw)
            return _moved(state, page), read_lines(page.lines, page.head.start)

    def _take(self, lines: Lines, known: dict[str, _Known], gone: set[str]) -> None:
        for line, is_erased in zip(lines, erased(lines), strict=True):
            entry = line["entry"].tobytes().hex()
            if line["operation"] == LineOperation.WITHDRAW:
                gone.add(entry)
                if self.fault != "keeps what is withdrawn":
                    known.pop(entry, None)
            elif line["operation"] == LineOperation.SUSPEND:
                if entry in known:
                    known[entry].sleeps = True
            elif self._counts(entry in gone, bool(is_erased)):
                numbers = (int(line["action"]), int(line["expires"]))
                known[entry] = _Known(int(line["kind"]), line["value"].tobytes(), *numbers)

    def _counts(self, is_gone: bool, is_erased: bool) -> bool:
        if is_gone and self.fault != "brings back what is withdrawn":
            return False
        return not is_erased or self.fault == "takes commitments for fingerprints"

    def _matches(self, kind: str, value: bytes) -> list[dict[str, str]]:
        if self._folder not in self._kept:
            return []
        state, known, _, _ = self._kept[self._folder]
        now, found = time.time(), []
        acts = self.fault == "acts for ever" or now <= state.may_act_until
        for entry, one in known.items():
            exact = one.kind == LineKind.SHA256
            apart = (int.from_bytes(one.value) ^ int.from_bytes(value)).bit_count()
            over = one.expires and one.expires <= now and self.fault != "keeps expired entries"
            if one.sleeps or over or exact != (kind == "sha256") or apart > (0 if exact else _RADIUS_BITS):
                continue
            action = LineAction(one.action) if acts else LineAction.REVIEW
            if self.fault == "blocks all that matches":
                action = LineAction.BLOCK
            found.append({"entry": entry, "action": action.name.lower()})
        return found


def _moved(state: Followed, page: Page) -> Followed:
    grown = state.frontier.grown(leaves(page.lines))
    return replace(state, frontier=grown, issued=page.head.issued, lease_s=page.head.lease_s)


def _unchecked(raw: bytes) -> Page:
    signed = raw.split(b"\n", 3)
    told = json.loads(signed[1])
    keys = tuple(FeedKey(bytes.fromhex(key["public"]), key["until"]) for key in told.pop("keys"))
    return Page(Head(keys=keys, **told), signed[3])
