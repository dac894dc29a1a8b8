"""What a follower of a feed has accepted, and whether it accepts one page more. Pure: state and page in, state and lines out."""

from dataclasses import dataclass, field, replace

from unseen.feed.lines import LINE_BYTES, Lines, leaves, read_lines
from unseen.feed.merkle import Frontier
from unseen.feed.page import Head, Page, read_page
from unseen.feed.refusals import ForgedPage, ForkedPage, MalformedPage, RolledBackPage, StalePage
from unseen.feed.signing import FeedKey

# A clock that is kept right moves by seconds; five minutes is what RFC 9421's users commonly bear as well.
CLOCK_SKEW_S = 300


@dataclass(frozen=True, slots=True)
class Followed:
    """The state of a follower. Times are Unix seconds."""

    feed: str
    keys: tuple[FeedKey, ...]  # at first those of the invitation, afterwards those of the last head
    frontier: Frontier = field(default_factory=Frontier)
    issued: int = 0  # of the last head
    log_size: int = 0
    lease_s: int = 0

    @property
    def may_act_until(self) -> int:
        """Entries may be acted on without a person until this time; afterwards every match is for review only."""
        return self.issued + self.lease_s


def accept(state: Followed, raw: bytes, now: int) -> tuple[Followed, Lines]:
    """The state after this page, and its lines.

    Raises PageRefused (one of its kinds); nothing of such a page may be used.
    """
    page = read_page(raw, state.keys, now)
    head = page.head
    _refuse_other_times(state, head, now)
    _refuse_other_place(state, page)
    lines = read_lines(page.lines, head.start)
    frontier = state.frontier.grown(leaves(page.lines)) if len(lines) else state.frontier
    if frontier.root().hex() != head.root:
        raise ForkedPage(
            f"the lines up to {head.size} lead to another root than the head's: the feed has two histories"
        )
    after = replace(
        state,
        keys=head.keys,
        frontier=frontier,
        issued=head.issued,
        log_size=head.log_size,
        lease_s=head.lease_s,
    )
    return after, lines


def _refuse_other_times(state: Followed, head: Head, now: int) -> None:
    if head.feed != state.feed:
        raise ForgedPage("this page is of another feed")
    if head.issued > now + CLOCK_SKEW_S:
        raise StalePage(f"the head is dated {head.issued - now} s ahead: one of the two clocks is wrong")
    if head.expires <= now:
        raise StalePage(f"the head expired {now - head.expires} s ago")
    if head.issued < state.issued:
        raise RolledBackPage(f"the head is {state.issued - head.issued} s older than the last one")


def _refuse_other_place(state: Followed, page: Page) -> None:
    head, here = page.head, state.frontier.size
    if head.size < here or head.log_size < here:
        raise RolledBackPage(f"the head has {head.size} lines where {here} were accepted before")
    if head.start != here:
        raise MalformedPage(f"the page begins at line {head.start}; line {here} was asked for")
    if len(page.lines) != (head.size - head.start) * LINE_BYTES:
        raise MalformedPage(f"the page does not hold the {head.size - head.start} lines that its head names")
