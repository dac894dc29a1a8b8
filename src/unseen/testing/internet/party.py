"""Anybody who can be written to: platforms, hosting companies, a regulator."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from unseen.testing.internet import mailbox
from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.visitors import Visitor
from unseen.testing.internet.world import World

if TYPE_CHECKING:
    from unseen.testing.internet.post import Post

NO_LOCATION = "Your notice names no address on our service that we could find."


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, before the web server puts it on the wire."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


class Party:
    """`replies`: which answers follow a notice after how many hours: of mailbox.ANSWERS, or "bounce"."""

    kind: ClassVar[str]
    key: ClassVar[str]
    title: ClassVar[str]
    country: ClassVar[str]
    laws: ClassVar[tuple[str, ...]]
    languages: ClassVar[tuple[str, ...]] = ("en",)
    replies: ClassVar[dict[str, float]] = {}
    reason: ClassVar[str] = ""
    more_hosts: ClassVar[tuple[str, ...]] = ()  # labels before its domain, such as "img2"
    edges: ClassVar[int] = 1  # addresses that serve it

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def domain(self) -> str:
        return f"{self.key}.test"

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every name under which it is served."""
        return (self.domain, *(f"{label}.{self.domain}" for label in self.more_hosts))

    @property
    def mail_address(self) -> str:
        return f"abuse@{self.domain}"

    @property
    def character(self) -> str:
        return (type(self).__doc__ or "").strip().splitlines()[0]

    def shows(self, post: "Post") -> bool:
        """Whether it shows a preview of somebody else's post."""
        return False

    def receive(self, notice: ReceivedNotice) -> None:
        understood = self.act(notice)
        if notice.channel != "mail":
            return
        if not understood and "bounce" not in self.replies:
            self.reply(notice, "refusal", 1.0, NO_LOCATION)
            return
        for kind, hours in self.replies.items():
            self.reply(notice, kind, hours, self.reason if kind == "refusal" else "")

    def act(self, notice: ReceivedNotice) -> bool:
        """Schedule what this party will do about a notice; False if it names nothing that concerns it."""
        raise NotImplementedError

    def reply(self, notice: ReceivedNotice, kind: str, hours: float, reason: str = "") -> None:
        self.world.later(notice.received_at, hours, partial(self._post_reply, notice, kind, reason))

    def _post_reply(self, notice: ReceivedNotice, kind: str, reason: str, at: datetime) -> None:
        if kind == "bounce":
            raw = mailbox.bounce(notice, "5.2.2", "The mailbox is full", at)
        else:
            raw = mailbox.answer(notice, kind, f"{self.title} <{self.mail_address}>", reason, at)
        self.world.inbox.add(raw)

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        """The answer to a GET by this visitor; hosts and regulators only have a front page."""
        if path == "/":
            return Answer(200, f"<!doctype html><title>{self.title}</title><h1>{self.title}</h1>".encode())
        return Answer(404, b"<!doctype html><title>404</title>Not found")
