"""The fourteen platforms, one short class each: the docstring says the character.

What is true of a platform's copies once a centre has climbed the ladder (platform twice, host, regulator):

| key          | host            | expected truth at the end                                              |
|--------------|-----------------|------------------------------------------------------------------------|
| prompt       | deaf-hosting    | removed by the platform on the first notice                            |
| slow         | deaf-hosting    | removed by the platform on the second notice                           |
| silent       | prompt-hosting  | removed by the host                                                    |
| refuser      | careful-hosting | served everywhere but KR (blocked by the regulator)                    |
| bouncer      | prompt-hosting  | removed by the host                                                    |
| nodder       | deaf-hosting    | served everywhere but KR (blocked by the regulator)                    |
| soft404      | prompt-hosting  | removed by the host                                                    |
| mediastays   | prompt-hosting  | removed by the host                                                    |
| geofencer    | deaf-hosting    | served everywhere but KR (fenced by itself, then blocked as well)      |
| cloaker      | prompt-hosting  | removed by the host                                                    |
| redirector   | careful-hosting | removed by the platform on the first notice                            |
| loginwall    | prompt-hosting  | removed by the host                                                    |
| reuploader   | deaf-hosting    | removed twice by the platform, the second time for good                |
| ratelimiter  | careful-hosting | removed by the platform on the first notice                            |
"""

from collections import Counter
from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from unseen.testing.internet.party import Answer
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import ABSENT, SHOWN, Part, Post, Sight
from unseen.testing.internet.visitors import COMPLAINANT, Visitor
from unseen.testing.internet.world import World


class Prompt(Platform):
    """Removes six hours after the first notice."""

    key, title, country, host = "prompt", "Prompt Pictures", "US", "deaf-hosting"
    laws = ("us-tida",)
    api = True
    holdings = (("photo-1", "re-encode"), ("photo-2", "resize"))
    gone_status = 410
    removes_on_notice = 1


class Slow(Platform):
    """Acknowledges every notice; removes twelve hours after the second."""

    key, title, country, host = "slow", "Slowpoke Forum", "DE", "deaf-hosting"
    laws, languages, layout = ("eu-dsa-16",), ("de", "en"), "forum"
    holdings = (("photo-1", "png"), ("photo-4", "re-encode"))
    gone_words = "Dieser Beitrag wurde nicht gefunden."
    replies: ClassVar = {"acknowledgement": 2.0}
    removes_on_notice = 2
    acts_after_hours = 12.0


class Silent(Platform):
    """Takes every notice and never answers or acts."""

    key, title, country, host = "silent", "Silent Boards", "US", "prompt-hosting"
    laws, layout = ("us-tida",), "board"
    holdings = (("photo-2", "re-encode"), ("photo-4", "webp"))


class Refuser(Platform):
    """Refuses with a reason after twenty hours."""

    key, title, country, host = "refuser", "Refuser Media", "US", "careful-hosting"
    laws, layout = ("us-tida", "kr-tba-22-5"), "blog"
    holdings = (("photo-3", "re-encode"), ("photo-1", "as-is"))
    replies: ClassVar = {"refusal": 20.0}
    reason = "We consider this content newsworthy and lawful in our country."


class Bouncer(Platform):
    """Has a full mailbox: every notice bounces."""

    key, title, country, host = "bouncer", "Bounce House", "NL", "prompt-hosting"
    laws, layout = ("eu-dsa-16",), "gallery"
    holdings = (("photo-1", "webp"),)
    replies: ClassVar = {"bounce": 0.3}


class Nodder(Platform):
    """Acknowledges every notice and does nothing."""

    key, title, country, host = "nodder", "Nodding Uploads", "SC", "deaf-hosting"
    laws, layout = ("kr-tba-22-5",), "tube"
    holdings = (("photo-2", "resize"), ("photo-3", "re-encode"))
    replies: ClassVar = {"acknowledgement": 1.0}


class SoftNotFound(Platform):
    """Says "removed" on the page with status 200, and goes on serving the media."""

    key, title, country, host = "soft404", "Softly Gone", "FR", "prompt-hosting"
    laws, layout = ("eu-dsa-16",), "blog"
    holdings = (("photo-3", "png"), ("photo-1", "re-encode"))
    replies: ClassVar = {"removal": 8.5}
    pretends_on_notice = 1
    acts_after_hours = 8.0

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return Sight(Part.SAYS_REMOVED, Part.SHOWN)


class MediaStays(Platform):
    """Takes the page away (404), but the media's own address stays alive."""

    key, title, country, host = "mediastays", "Loose Ends", "GB", "prompt-hosting"
    laws, layout = ("uk-osa",), "gallery"
    holdings = (("photo-1", "resize"), ("photo-2", "re-encode"))
    replies: ClassVar = {"removal": 5.5}
    pretends_on_notice = 1
    acts_after_hours = 5.0

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return Sight(Part.ABSENT, Part.SHOWN)


class Geofencer(Platform):
    """Answers 404 to the complainant's country only."""

    key, title, country, host = "geofencer", "Fence Posts", "US", "deaf-hosting"
    laws, layout, api = ("us-tida", "kr-tba-22-5"), "tube", True
    holdings = (("photo-2", "re-encode"),)
    pretends_on_notice = 1
    acts_after_hours = 9.0

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return ABSENT if visitor.country == "KR" else SHOWN


class Cloaker(Platform):
    """Answers 404 to the complainant's own address only."""

    key, title, country, host = "cloaker", "Cloak and Picture", "GB", "prompt-hosting"
    laws, layout = ("uk-osa",), "forum"
    holdings = (("photo-3", "resize"),)
    replies: ClassVar = {"removal": 4.0}
    pretends_on_notice = 1
    acts_after_hours = 3.0

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return ABSENT if visitor.address == COMPLAINANT else SHOWN


class Redirector(Platform):
    """Truly removes ten hours after the first notice, and sends visitors of the page to its home page."""

    key, title, country, host = "redirector", "Homeward Video", "IE", "careful-hosting"
    laws, layout, api = ("eu-dsa-16",), "tube", True
    holdings = (("video-1", "as-is"), ("photo-3", "re-encode"))
    removes_on_notice = 1
    acts_after_hours = 10.0
    removed_sight = Sight(Part.HOME, Part.ABSENT)


class LoginWall(Platform):
    """Puts the post behind a log-in: strangers are sent there, members see it as before."""

    key, title, country, host = "loginwall", "Members Lounge", "US", "prompt-hosting"
    laws, layout = ("us-tida",), "board"
    holdings = (("photo-1", "re-encode"), ("photo-2", "webp"))
    replies: ClassVar = {"acknowledgement": 1.0}
    pretends_on_notice = 1
    acts_after_hours = 7.0

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return SHOWN if visitor.member else Sight(Part.LOGIN, Part.LOGIN)


class Reuploader(Platform):
    """Removes; nine days later one copy is back, edited, at a new address, another at its old one."""

    key, title, country, host = "reuploader", "Boomerang Pics", "US", "deaf-hosting"
    laws, layout, api = ("us-tida",), "forum", True
    holdings = (("photo-1", "re-encode"), ("photo-3", "resize"))
    removes_on_notice = 1
    acts_after_hours = 10.0
    returns_as: ClassVar = {"photo-1": "mirror-crop"}
    returns_after_hours: ClassVar = 9 * 24.0

    def after_removal(self, post: Post, at: datetime) -> None:
        if not post.returned:
            self.world.later(at, self.returns_after_hours, partial(self._bring_back, post))

    def _bring_back(self, post: Post, at: datetime) -> None:
        if post.return_as is None:
            post.ended, post.returned, post.notices = None, True, 0
            post.note(at, "restored at its old address")
            return
        again = Post(post.post_id[::-1] + "b", "again", post.material, post.return_as, at, returned=True)
        self.posts.insert(0, again)


class RateLimiter(Platform):
    """Answers 429 after eight requests per address and simulated hour; removes on the first notice."""

    key, title, country, host = "ratelimiter", "Patience Gallery", "KR", "careful-hosting"
    laws, languages, api = ("kr-tba-22-5",), ("ko", "en"), True
    holdings = (("photo-2", "re-encode"), ("photo-3", "webp"))
    bystanders = 3
    gone_words = "요청하신 페이지를 찾을 수 없습니다."
    removes_on_notice = 1
    budget_an_hour: ClassVar = 8

    def __init__(self, world: World, *, liar: bool = False) -> None:
        super().__init__(world, liar=liar)
        self._spent: Counter[tuple[str, datetime]] = Counter()

    def admit(self, visitor: Visitor, now: datetime) -> Answer | None:
        hour = now.replace(minute=0, second=0, microsecond=0)
        self._spent[visitor.address, hour] += 1
        if self._spent[visitor.address, hour] <= self.budget_an_hour:
            return None
        wait_s = 3600 - int((now - hour).total_seconds())
        return Answer(429, b"slow down", "text/plain", (("Retry-After", str(wait_s)),))


CHARACTERS: Final[tuple[type[Platform], ...]] = (
    Prompt,
    Slow,
    Silent,
    Refuser,
    Bouncer,
    Nodder,
    SoftNotFound,
    MediaStays,
    Geofencer,
    Cloaker,
    Redirector,
    LoginWall,
    Reuploader,
    RateLimiter,
)
