"""docs/exchange.md is for strangers: whatever it shows is tried here."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from unseen.domain.feed import Verdict
from unseen.exchange.signed_requests import COVERED
from unseen.exchange.tests.peer import PeerReader
from unseen.feed.follow import Followed, accept
from unseen.feed.lines import LINE, LineAction, LineKind, LineOperation, erased, leaves
from unseen.feed.page import PAGE_BYTES_MAX, PAGE_TYPE, read_page
from unseen.feed.refusals import PageRefused
from unseen.feed.signing import FeedKey

DOC = (Path(__file__).parents[4] / "docs/exchange.md").read_text(encoding="utf-8")
NOW = 1_795_435_200


def block(name: str) -> str:
    found = re.search(rf"^```\w+ {name}\n(.*?)^```", DOC, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def invited() -> Followed:
    told = json.loads(block("invitation"))
    keys = tuple(FeedKey(bytes.fromhex(key["public"]), key["until"]) for key in told["keys"])
    return Followed(told["feed"], keys)


def as_shown(line: Any, gone: bool) -> dict[str, Any]:
    numbers = {name: int(line[name]) for name in ("sequence", "quality", "level", "part", "at_ms", "expires")}
    words = {
        "operation": LineOperation(line["operation"]).name,
        "kind": LineKind(line["kind"]).name,
        "action": LineAction(line["action"]).name,
    }
    return {
        **numbers,
        **words,
        "entry": bytes(line["entry"]).hex(),
        "value": bytes(line["value"]).hex(),
        "erased": gone,
    }


def test_the_page_is_what_the_page_says() -> None:
    raw, shown = bytes.fromhex(block("page").replace("\n", "")), json.loads(block("decoded"))
    state, lines = accept(invited(), raw, NOW)
    assert [as_shown(*one) for one in zip(lines, erased(lines).tolist(), strict=True)] == shown["lines"]
    page = read_page(raw, invited().keys, NOW)
    assert json.loads(raw.split(b"\n")[1]) == shown["head"]
    assert page.head.root == state.frontier.root().hex()
    assert [leaf.hex() for leaf in leaves(page.lines)] == shown["leaves"]
    assert invited().keys[0].name == shown["signature_by"] == raw.split(b"\n")[2].split()[1].decode()


@pytest.mark.parametrize("now", [NOW - 301, NOW + 3600])
def test_the_page_is_refused_at_other_times(now: int) -> None:
    with pytest.raises(PageRefused):
        accept(invited(), bytes.fromhex(block("page").replace("\n", "")), now)


def test_the_table_of_bytes_is_the_layout() -> None:
    table = re.findall(r"^\| (\d+)(?: to (\d+))? \| (\w+) \|", DOC, re.MULTILINE)
    shown = {name: (int(first), int(last or first) + 1 - int(first)) for first, last, name in table}
    assert LINE.fields is not None
    assert shown == {name: (field[1], field[0].itemsize) for name, field in LINE.fields.items()}


def test_words_and_limits_are_those_of_the_program() -> None:
    assert re.findall(r"^\| `(\w+)` \| [a-z].*\|$", DOC.partition("## Feedback")[2], re.MULTILINE) == list(
        Verdict
    )
    assert f"{PAGE_BYTES_MAX:,} bytes" in DOC
    assert PAGE_TYPE in DOC
    assert " ".join(f'"{one}"' for one in COVERED) in DOC
    for kinds in (LineOperation, LineKind, LineAction):
        assert all(f"{kind.value} {kind.name}" in DOC for kind in kinds)


@pytest.mark.django_db
def test_the_feedback_is_understood() -> None:
    said = json.loads(block("feedback"))
    answer = PeerReader().say(bytes.fromhex(said["entry"]), said["verdict"])
    assert (answer.status_code, set(answer.json())) == (404, {"problem"})
