"""What was forged, frozen, rolled back, forked or malformed is refused, and moves nothing."""

import os
import random
from dataclasses import replace

import pytest

from unseen.feed.follow import accept
from unseen.feed.lines import LINE_BYTES, OPEN_BYTES, LineOperation, commitment_of, erased
from unseen.feed.page import write_page
from unseen.feed.refusals import (
    ForgedPage,
    ForkedPage,
    MalformedPage,
    PageRefused,
    RolledBackPage,
    StalePage,
)
from unseen.feed.signing import Signer
from unseen.feed.tests.feeds import NOW, SmallFeed


@pytest.fixture
def feed() -> SmallFeed:
    """Seven additions and a withdrawal."""
    made = SmallFeed()
    for entry in [made.add(os.urandom(32)) for _ in range(7)][:1]:
        made.say(LineOperation.WITHDRAW, entry)
    return made


def test_pages_of_any_size_lead_to_the_same_state(feed: SmallFeed) -> None:
    state, read = feed.followed(), 0
    for end in (1, 4, 8):
        state, lines = accept(state, feed.page(state.frontier.size, end), NOW)
        read += len(lines)
    assert (read, state.frontier.size) == (8, 8)
    assert state == accept(feed.followed(), feed.page(0), NOW)[0]


def test_a_page_without_lines_renews_the_lease(feed: SmallFeed) -> None:
    state, _ = accept(feed.followed(), feed.page(0), NOW)
    later, lines = accept(state, feed.page(8, now=NOW + 60), NOW + 60)
    assert len(lines) == 0
    assert later.may_act_until == state.may_act_until + 60


def test_other_keys_are_refused(feed: SmallFeed) -> None:
    forged = write_page(feed.head(0), b"".join(feed.lines), Signer.new())
    with pytest.raises(ForgedPage):
        accept(feed.followed(), forged, NOW)
    with pytest.raises(ForgedPage, match="another feed"):
        accept(replace(feed.followed(), feed="00" * 16), feed.page(0), NOW)


def test_a_key_is_followed_by_the_next_and_an_ended_one_is_refused(feed: SmallFeed) -> None:
    following = Signer.new()
    both = (feed.signer.key(NOW + 100), following.key(NOW + 10**6))
    announced = write_page(replace(feed.head(0), keys=both), b"".join(feed.lines), feed.signer)
    state, _ = accept(feed.followed(), announced, NOW)
    by_next = replace(feed.head(8, now=NOW + 200), keys=both[1:])
    assert accept(state, write_page(by_next, b"", following), NOW + 200)[0].keys == both[1:]
    with pytest.raises(ForgedPage):
        accept(state, write_page(feed.head(8, now=NOW + 200), b"", feed.signer), NOW + 200)


def test_old_and_shorter_pages_are_refused(feed: SmallFeed) -> None:
    state, _ = accept(feed.followed(), feed.page(0), NOW)
    with pytest.raises(StalePage):
        accept(state, feed.page(8), NOW + 3600)
    with pytest.raises(StalePage, match="ahead"):
        accept(state, feed.page(8, now=NOW + 301), NOW)
    with pytest.raises(RolledBackPage):
        accept(state, feed.page(8, now=NOW - 1), NOW)
    with pytest.raises(RolledBackPage):
        accept(state, feed.page(4, 4), NOW)


def test_another_history_is_refused(feed: SmallFeed) -> None:
    state, _ = accept(feed.followed(), feed.page(0, 4), NOW)
    other = SmallFeed(feed.signer, [line[:-1] + b"x" for line in feed.lines[:7]])
    with pytest.raises(ForkedPage):
        accept(state, other.page(4), NOW)
    with pytest.raises(ForkedPage):
        accept(state, other.page(4, 4), NOW)


def test_a_gap_is_refused(feed: SmallFeed) -> None:
    with pytest.raises(MalformedPage, match="begins at line 3"):
        accept(feed.followed(), feed.page(3), NOW)


def test_an_erased_value_leaves_the_tree_as_it_was(feed: SmallFeed) -> None:
    whole = feed.lines[0]
    commitment = commitment_of(whole[OPEN_BYTES : OPEN_BYTES + 16], whole[-32:])
    gone = SmallFeed(feed.signer, [whole[:OPEN_BYTES] + bytes(16) + commitment, *feed.lines[1:]])
    page = write_page(feed.head(0), b"".join(gone.lines), feed.signer)
    state, lines = accept(feed.followed(), page, NOW)
    assert state == accept(feed.followed(), feed.page(0), NOW)[0]
    assert erased(lines).tolist() == [True] + [False] * 7


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [
        (24, 9, "operation"),
        (25, 7, "kind"),
        (26, 101, "quality"),
        (27, 4, "level"),
        (28, 0, "action"),
        (29, 1, "reserved"),
        (31, 1, "frame"),
    ],
)
def test_a_signed_line_that_breaks_a_rule_refuses_the_page(
    feed: SmallFeed, at: int, value: int, why: str
) -> None:
    broken = bytearray(feed.lines[3])
    broken[at] = value
    feed.lines[3] = bytes(broken)
    with pytest.raises(MalformedPage, match=f"line 3 .*{why}"):
        accept(feed.followed(), feed.page(0), NOW)


def test_no_changed_byte_is_accepted(feed: SmallFeed) -> None:
    drawn = random.Random(7)  # noqa: S311 - which byte a test changes is no secret
    page, state = feed.page(0), feed.followed()
    for _ in range(2_000):
        changed = bytearray(page)
        changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
        with pytest.raises(PageRefused):
            accept(state, bytes(changed), NOW)
    for cut in range(0, len(page), LINE_BYTES // 4):
        with pytest.raises(PageRefused):
            accept(state, page[:cut], NOW)
