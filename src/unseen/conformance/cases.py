"""What a consumer of the feed must do, a function a case; docs/exchange.md says why. None takes another's result."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from unseen.conformance.bench import Bench, Broken, NotHere
from unseen.conformance.feed import Instead, KitFeed
from unseen.feed.lines import LINE_BYTES, LineAction, LineKind, LineOperation, commitment_of
from unseen.feed.page import write_page
from unseen.feed.signing import Signer

_LEASE_S = 2
_SALT_AT, _VALUE_AT = 40, 56


def near_copies_match(b: Bench) -> None:
    """An upload within 31 bits of an addition matches it; noise matches nothing."""
    value, entry = b.added_and_followed()
    b.must_match(b.near(value, 31), entry, "block")
    b.must_not_match(b.value(), "noise is far from everything")


def exact_digests_match(b: Bench) -> None:
    """A SHA-256 entry matches the same digest and nothing near it."""
    digest = b.value()
    entry = b.feed.add(digest, kind=LineKind.SHA256)
    b.feed.add(b.value())
    b.begin()
    b.must_follow(2, "a plain feed is read to its end")
    b.must_match(digest, entry, kind="sha256")
    b.must_not_match(b.near(digest, 1), "a digest is equal or it is not", kind="sha256")
    b.must_not_match(digest, "a digest is no fingerprint")


def a_withdrawal_is_honoured(b: Bench) -> None:
    """A withdrawn entry matches nothing any more."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    b.must_follow(3, "a withdrawal is read")
    b.must_not_match(value, "the entry was withdrawn")


def a_withdrawal_is_final(b: Bench) -> None:
    """An addition that names a withdrawn entry brings nothing back."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    b.feed.add(value, entry=bytes.fromhex(entry))
    b.must_follow(4, "the feed is read to its end")
    b.must_not_match(value, "a withdrawal is final")


def a_suspension_stops_and_an_addition_goes_on(b: Bench) -> None:
    """A suspended entry matches nothing until it is added again."""
    value, entry = b.added_and_followed()
    b.feed.say(LineOperation.SUSPEND, entry)
    b.must_follow(3, "a suspension is read")
    b.must_not_match(value, "the entry is suspended")
    b.feed.add(value, entry=bytes.fromhex(entry))
    b.must_follow(4, "an addition is read")
    b.must_match(value, entry)


def an_entry_expires(b: Bench) -> None:
    """An entry whose time is over matches nothing."""
    value = b.value()
    b.feed.add(value, expires=1)
    b.feed.add(b.value())
    b.begin()
    b.must_follow(2, "an expired entry is no fault of the page")
    b.must_not_match(value, "the entry has expired")


def actions_are_those_of_the_lines(b: Bench) -> None:
    """What is for review is not blocked."""
    value = b.value()
    entry = b.feed.add(value, action=LineAction.REVIEW)
    b.feed.add(b.value())
    b.begin()
    b.must_follow(2, "a plain feed is read to its end")
    b.must_match(value, entry, "review")


def an_erased_value_is_accepted(b: Bench) -> None:
    """An addition whose value was taken out keeps the tree whole; its entry can match nothing."""
    value = b.value()
    entry = b.feed.add(value)
    b.feed.add(b.value())
    b.withdraw(entry)
    line = b.feed.lines[0]
    commitment = commitment_of(line[_SALT_AT:_VALUE_AT], line[_VALUE_AT:])
    b.feed.lines[0] = line[:_SALT_AT] + bytes(16) + commitment
    b.feed.lines_a_page = 2
    b.feed.instead = lambda after: b.feed.page(after) if after < b.feed.lines_a_page else 503
    b.begin()
    b.must_follow(2, "a line with an erased value is a good line")
    b.must_not_match(value, "its value was erased")
    b.must_not_match(commitment, "a commitment is no fingerprint")
    b.feed.instead = None
    b.must_follow(3, "the withdrawal is read")


def a_malformed_line_moves_nothing(b: Bench) -> None:
    """A signed page with a broken line is refused whole; once it is mended, the withdrawal in it is honoured."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    b.feed.add(b.value())
    whole = b.feed.lines[3]
    for at, wrong in ((24, 9), (25, 9), (27, 9), (28, 9)):  # operation, kind, level, action
        b.feed.lines[3] = whole[:at] + bytes([wrong]) + whole[at + 1 :]
        b.must_follow(2, "a page with a line that breaks a rule")
    b.feed.lines[3] = whole[:_VALUE_AT] + bytes(32)
    b.must_follow(2, "a page that adds an all-zero value")
    b.feed.lines[3] = whole
    b.must_follow(4, "the page is whole again")
    b.must_not_match(value, "the entry was withdrawn beside the broken line")


def cut_pages_are_refused(b: Bench) -> None:
    """Fewer or more bytes than the head names."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    for give in (
        lambda page: page[:-1],
        lambda page: page[:-LINE_BYTES],
        lambda page: page + bytes(LINE_BYTES),
        lambda page: page[:30],
    ):
        b.feed.instead = _changed(b, give)
        b.must_follow(2, "a page that was cut or lengthened")
    b.feed.instead = None
    b.must_follow(3, "the page is whole again")
    b.must_not_match(value, "the entry was withdrawn")


def forged_pages_are_refused(b: Bench) -> None:
    """A page that another key signed, one whose head was changed, and one of another feed."""
    b.added_and_followed()
    b.feed.add(b.value())
    stranger = Signer.new()
    b.feed.instead = lambda after: write_page(b.feed.head(after, 3), b.feed.lines[2], stranger)
    b.must_follow(2, "a page that no trusted key signed")
    b.feed.instead = _changed(b, lambda page: page.replace(b'"lease_s":86400', b'"lease_s":86401'))
    b.must_follow(2, "a page whose head was changed after signing")
    b.feed.instead = lambda after: write_page(
        replace(b.feed.head(after, 3), feed="00" * 16), b.feed.lines[2], b.feed.signer
    )
    b.must_follow(2, "a page of another feed")


def changed_lines_are_refused(b: Bench) -> None:
    """A line that was changed on the way does not lead to the signed root."""
    b.added_and_followed()
    b.feed.add(b.value())
    b.feed.instead = _changed(b, lambda page: page[:-1] + bytes([page[-1] ^ 1]))
    b.must_follow(2, "a page with a changed line")


def a_stale_head_is_refused(b: Bench) -> None:
    """A head past its time, and one dated far ahead."""
    b.added_and_followed()
    b.feed.add(b.value())
    b.feed.instead = lambda after: b.feed.page(after, issued=1_600_000_000)
    b.must_follow(2, "a head that expired years ago")
    b.feed.instead = lambda after: b.feed.page(after, issued=4_000_000_000)
    b.must_follow(2, "a head that is dated decades ahead")


def a_rollback_is_refused(b: Bench) -> None:
    """The feed as it was before the withdrawal, validly signed and fresh."""
    value, entry = b.added_and_followed()
    before = KitFeed(b.feed.feed, b.feed.signer, list(b.feed.lines))
    b.withdraw(entry)
    b.must_follow(3, "a withdrawal is read")
    b.feed.instead = lambda _: before.page(2)
    b.must_follow(3, "a feed that became shorter")
    b.must_not_match(value, "the entry was withdrawn before the feed was rolled back")


def a_fork_is_refused(b: Bench) -> None:
    """Another history from a line that was read before, validly signed."""
    b.added_and_followed()
    other = KitFeed(b.feed.feed, b.feed.signer)
    for _ in range(3):
        other.add(b.value())
    b.feed.instead = other.page
    b.must_follow(2, "a feed with another history")


def a_lease_ends(b: Bench) -> None:
    """Without a fresh head, matches become review after the lease; a fresh head renews it."""
    b.feed.lease_s = _LEASE_S
    value = b.value()
    entry = b.feed.add(value)
    b.feed.add(b.value())
    b.begin()
    b.must_follow(2, "a plain feed is read to its end")
    b.must_match(value, entry, "block")
    b.feed.instead = lambda _: 503
    b.wait(_LEASE_S + 1.5)
    b.follow()
    found = [one.action for one in b.matches(value)]
    if any(action != "review" for action in found):
        raise Broken(f"the lease of {_LEASE_S} s is over, and the actions are still {found}")
    b.feed.instead = None
    b.must_follow(2, "a heartbeat is read")
    b.must_match(value, entry, "block")


def keys_rotate_by_overlap(b: Bench) -> None:
    """A key that a trusted head announced signs; one that is announced no longer does not."""
    b.added_and_followed()
    former, following = b.feed.signer, Signer.new()
    b.feed.more_keys = [following.key(b.feed.key().until)]
    b.feed.add(b.value())
    b.must_follow(3, "a head that announces a second key")
    b.feed.signer, b.feed.more_keys = following, []
    b.feed.add(b.value())
    b.must_follow(4, "a page that the second key signed")
    b.feed.signer = former
    b.feed.add(b.value())
    b.must_follow(4, "a page that the former key signed")


def trouble_is_waited_out(b: Bench) -> None:
    """Errors of HTTP, an empty answer and one that is no page cost nothing."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    for wrong in (500, 404, 429, b"", b"<html>busy</html>"):
        b.feed.instead = _always(wrong)
        b.must_follow(2, "an answer that is no page")
    b.feed.instead = None
    b.must_follow(3, "the feed answers again")
    b.must_not_match(value, "the entry was withdrawn")


def a_page_that_comes_twice_changes_nothing(b: Bench) -> None:
    """The same lines again are not lines of the next page."""
    value, entry = b.added_and_followed()
    b.feed.instead = lambda _: b.feed.page(0)
    b.must_follow(2, "a page that was read before")
    if len(b.matches(value)) != 1:
        raise Broken("an entry that came once matches more than once")
    b.feed.instead = None
    b.must_match(value, entry)


def a_kill_loses_nothing(b: Bench) -> None:
    """Killed without warning between pages, it goes on from its folder."""
    value, entry = b.added_and_followed()
    b.withdraw(entry)
    b.must_follow(3, "a withdrawal is read")
    if not b.consumer.kill():
        raise NotHere("the kit cannot kill a service; name a command instead")
    b.resume()
    b.must_not_match(value, "the entry was withdrawn before the kill")
    b.feed.add(b.value())
    b.must_follow(4, "it goes on where it was")


def _changed(b: Bench, change: Callable[[bytes], bytes]) -> Instead:
    return lambda after: change(b.feed.page(after))


def _always(answer: bytes | int) -> Instead:
    return lambda _: answer


CASES: Mapping[str, Callable[[Bench], None]] = MappingProxyType(
    {
        case.__name__.replace("_", " "): case
        for case in (
            near_copies_match,
            exact_digests_match,
            a_withdrawal_is_honoured,
            a_withdrawal_is_final,
            a_suspension_stops_and_an_addition_goes_on,
            an_entry_expires,
            actions_are_those_of_the_lines,
            an_erased_value_is_accepted,
            a_malformed_line_moves_nothing,
            cut_pages_are_refused,
            forged_pages_are_refused,
            changed_lines_are_refused,
            a_stale_head_is_refused,
            a_rollback_is_refused,
            a_fork_is_refused,
            a_lease_ends,
            keys_rotate_by_overlap,
            trouble_is_waited_out,
            a_page_that_comes_twice_changes_nothing,
            a_kill_loses_nothing,
        )
    }
)
