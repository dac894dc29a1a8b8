"""The generic platform: it serves pages and media, takes notices, and does what its class attributes say."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar
from urllib.parse import parse_qs

from unseen.testing.internet import pages
from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.party import Answer, Party
from unseen.testing.internet.post import ABSENT, SHOWN, End, Part, Post, Sight
from unseen.testing.internet.visitors import VANTAGES, Visitor, everybody
from unseen.testing.internet.world import World

POSTS_A_PAGE = 20
PAGE_DIGITS_MAX = 5


class Platform(Party):
    """A character sets the attributes below; few need more than one method of their own.

    `holdings`: (material, edit) of each copy at the start. `removes_on_notice`, `pretends_on_notice`: on
    which notice about a post (first is 1) it acts, `acts_after_hours` later. `returns_as`: material -> edit
    of its later re-upload.
    """

    kind = "platform"
    host: ClassVar[str]
    api: ClassVar[bool] = False
    layout: ClassVar[str] = "gallery"
    gone_status: ClassVar[int] = 404
    gone_words: ClassVar[str] = "Sorry, this page is not here."
    preview_stays: ClassVar[bool] = False  # a search engine keeps its preview when the post is gone
    holdings: ClassVar[tuple[tuple[str, str], ...]]
    bystanders: ClassVar[int] = 2
    removes_on_notice: ClassVar[int | None] = None
    pretends_on_notice: ClassVar[int | None] = None
    acts_after_hours: ClassVar[float] = 6.0
    removed_sight: ClassVar[Sight] = ABSENT
    returns_as: ClassVar[dict[str, str]] = {}

    def __init__(self, world: World, *, liar: bool = False) -> None:
        super().__init__(world)
        self.liar = liar
        self.posts: list[Post] = []
        # What its upload door asks first: True turns the upload away.
        self.turns_away: Callable[[bytes], bool] | None = None
        self.receipts: dict[str, ReceivedNotice] = {}

    # What it serves

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        """What a visitor sees of a post that this character only pretends to have dealt with."""
        return SHOWN

    def admit(self, visitor: Visitor, now: datetime) -> Answer | None:
        """A refusal to serve this visitor anything at the moment, or None."""
        return None

    def sight(self, post: Post, visitor: Visitor) -> Sight:
        if post.hidden_from_vantages and visitor.address in VANTAGES:
            return ABSENT
        if post.ended is not None:
            return self.removed_sight if post.ended is End.BY_PLATFORM else ABSENT
        return self.pretence(post, visitor) if post.pretending else SHOWN

    def serves(self, post: Post, visitor: Visitor) -> bool:
        """Would this visitor truly get the media now?"""
        return visitor.country not in post.blocked_in and self.sight(post, visitor).media is Part.SHOWN

    def serves_anyone(self, post: Post) -> bool:
        return any(self.serves(post, visitor) for visitor in everybody())

    def post_at(self, path: str) -> Post | None:
        return next((post for post in self.posts if path in (post.page_path, post.media_path)), None)

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        turned_away = self.admit(visitor, now)
        if turned_away is not None:
            return turned_away
        if path == "/":
            return self._home(visitor, query)
        if path == "/login":
            return Answer(200, pages.login_form(self.title))
        post = self.post_at(path)
        if post is None:
            return Answer(404, pages.message(self.title, self.gone_words))
        if visitor.country in post.blocked_in:
            return self._blocked()
        sight = self.sight(post, visitor)
        return self._page(post, sight.page) if path == post.page_path else self._media(post, sight.media)

    def _home(self, visitor: Visitor, query: str) -> Answer:
        asked = parse_qs(query).get("page", ["1"])[0]
        number = int(asked) if asked.isdecimal() and len(asked) <= PAGE_DIGITS_MAX else 1
        shown = [post for post in self.posts if self.sight(post, visitor).page is Part.SHOWN]
        start = max(number - 1, 0) * POSTS_A_PAGE
        older = f"/?page={number + 1}" if len(shown) > start + POSTS_A_PAGE else ""
        return Answer(200, pages.home(self.layout, self.title, shown[start : start + POSTS_A_PAGE], older))

    def _page(self, post: Post, part: Part) -> Answer:
        if part is Part.SHOWN:
            return Answer(200, pages.post_page(self.layout, self.title, post))
        if part is Part.SAYS_REMOVED:
            return Answer(
                200, pages.message(self.title, "This post has been removed for breaking our rules.")
            )
        if part is Part.LOGIN:
            return Answer(302, headers=(("Location", f"/login?next={post.page_path}"),))
        if part is Part.HOME:
            return Answer(302, headers=(("Location", "/"),))
        return Answer(self.gone_status, pages.message(self.title, self.gone_words))

    def _media(self, post: Post, part: Part) -> Answer:
        if part is Part.SHOWN:
            return Answer(200, post.picture.data, post.picture.content_type)
        if part is Part.LOGIN:
            return Answer(401, pages.login_form(self.title), headers=(("WWW-Authenticate", "Form"),))
        return Answer(404, b"not found", "text/plain")

    def _blocked(self) -> Answer:
        """RFC 7725: the status, and who ordered it."""
        words = "Access to this address is blocked by order of the regulator."
        headers = (("Link", '<http://regulator.test/>; rel="blocked-by"'),)
        return Answer(451, pages.message("Blocked", words), headers=headers)

    # What it does about a notice

    def act(self, notice: ReceivedNotice) -> bool:
        found = [self.world.find(location) for location in notice.locations]
        named = {post.post_id: post for platform, post in filter(None, found) if platform is self}
        for post in named.values():
            post.notices += 1
            post.note(notice.received_at, "named in a notice")
            self._decide(post, notice.received_at)
        return bool(named)

    def _decide(self, post: Post, at: datetime) -> None:
        if self.liar:
            post.hidden_from_vantages = True
            post.note(at, "hidden from the vantages, served to everybody else")
        elif post.notices == self.removes_on_notice:
            self.world.later(at, self.acts_after_hours, partial(self._remove, post))
        elif post.notices == self.pretends_on_notice:
            self.world.later(at, self.acts_after_hours, partial(self._pretend, post))

    def _remove(self, post: Post, at: datetime) -> None:
        if post.ended is None:
            post.ended = End.BY_PLATFORM
            post.note(at, End.BY_PLATFORM)
            self.after_removal(post, at)

    def after_removal(self, post: Post, at: datetime) -> None:
        """A character that goes back on its removal schedules that here."""

    def _pretend(self, post: Post, at: datetime) -> None:
        post.pretending = True
        post.note(at, "pretended to be dealt with")

    def take_upload(self, data: bytes) -> Answer:
        """Whoever uploads a picture: turned away, or taken. What is taken waits unpublished; the judges only try the door."""
        if self.turns_away is not None and self.turns_away(data):
            return Answer(403, b"this cannot be posted here", "text/plain")
        return Answer(201, b"taken", "text/plain")

    # What others do to it

    def pull(self, post: Post, at: datetime) -> None:
        """The hosting company switches this post off, whatever the platform wants."""
        if not self.liar and post.ended is None:
            post.ended = End.BY_HOST
            post.note(at, End.BY_HOST)

    def block(self, post: Post, country: str, at: datetime) -> bool:
        """A regulator has this post blocked for one country; False if nobody gets it any more anyway."""
        if self.liar or not self.serves_anyone(post):
            return False
        post.blocked_in.add(country)
        post.note(at, f"blocked in {country}")
        return True
