"""Fourteen further platforms, for the proof of removal: the docstring says the character. They are no part of the demo.

Nine of them lie, each in a way of its own; `serves` is the truth about each.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cache, partial
from io import BytesIO
from typing import ClassVar, Final

from PIL import Image

from unseen.testing.internet import pages
from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.party import Answer
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import ABSENT, SHOWN, Part, Post, Sight
from unseen.testing.internet.visitors import Visitor

_GONE = Answer(404, b"not found", "text/plain")


class Pretender(Platform):
    """Pretends, four hours after the first notice, to have dealt with the post; how, each of the liars says."""

    country, host = "KR", "deaf-hosting"
    laws = ("kr-tba-22-5",)
    holdings = (("photo-1", "re-encode"),)
    bystanders = 1
    pretends_on_notice = 1
    acts_after_hours = 4.0


class Rememberer(Pretender):
    """Liar: takes the post away for exactly those addresses that asked for it before the first notice."""

    key, title = "rememberer", "Long Memory"
    hidden_from: Collection[str] = ()

    def act(self, notice: ReceivedNotice) -> bool:
        mine = [request for request in self.world.requests if request.host == self.domain]
        self.hidden_from = self.hidden_from or {request.address for request in mine if request.path != "/"}
        return super().act(notice)

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return ABSENT if visitor.address in self.hidden_from else SHOWN


class AgentPicker(Pretender):
    """Liar: serves the post to telephones only."""

    key, title, layout = "agentpicker", "Pocket Pictures", "tube"
    holdings = (("photo-2", "re-encode"),)

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return SHOWN if "Mobile" in visitor.agent else ABSENT


class Rotator(Pretender):
    """Liar: says "removed", and its CDN serves the picture under another host's name, which only machines are told."""

    key, title, layout = "rotator", "Carousel Media", "blog"
    holdings = (("photo-3", "re-encode"),)
    more_hosts = ("img1", "img2")

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return Sight(Part.SAYS_REMOVED, Part.SHOWN)

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        post = self.post_at(path)
        if post is None:
            return super().get(visitor, path, query, now)
        served_at = "img2" if post.pretending else "img1"
        if path == post.media_path:
            ours = visitor.host == f"{served_at}.{self.domain}"
            return super().get(visitor, path, query, now) if ours else _GONE
        base = f"http://{served_at}.{self.domain}:{self.world.port}"
        if not post.pretending:
            return Answer(200, pages.post_page(self.layout, self.title, post, base))
        told = f'<meta property="og:image" content="{base}{post.media_path}">'
        words = "This post has been removed for breaking our rules."
        return Answer(200, pages.document(f"<title>{self.title}</title>{told}<p>{words}</p>"))


class EdgeKeeper(Pretender):
    """Liar: takes page and picture away at the first of its two addresses; the second one keeps the picture."""

    key, title, layout = "edgekeeper", "Outer Edge", "forum"
    holdings = (("photo-4", "re-encode"),)
    edges = 2

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return Sight(Part.ABSENT, Part.SHOWN if visitor.edge or not visitor.host else Part.ABSENT)

    def serves(self, post: Post, visitor: Visitor) -> bool:
        return True


class Refresher(Pretender):
    """Liar: the page sends browsers on, without a redirect, to a new page with the picture at a new place."""

    key, title = "refresher", "Fresh Start"
    holdings = (("photo-1", "resize"),)

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        folder, _, name = path.rpartition("/")
        post = self.post_at(f"/{'m' if folder == '/new-m' else 'p'}/{name}")
        if post is None or not post.pretending:
            return super().get(visitor, path, query, now)
        if folder == "/new-m":
            return Answer(200, post.picture.data, post.picture.content_type)
        if folder == "/new-p":
            shown = f'<title>{post.title}</title><img src="/new-m/{post.media_path.rpartition("/")[2]}">'
            return Answer(200, pages.document(shown))
        if path == post.page_path:
            return Answer(
                200, pages.document(f'<meta http-equiv="refresh" content="0; url=/new-p/{post.post_id}">')
            )
        return _GONE


class StatusLiar(Pretender):
    """Liar: answers 404 and calls it text, with the picture as the body, which browsers show all the same."""

    key, title, layout = "statusliar", "Number Games", "board"
    holdings = (("photo-2", "webp"),)

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        return Sight(Part.ABSENT, Part.SHOWN)

    def _media(self, post: Post, part: Part) -> Answer:
        if post.pretending:
            return Answer(404, post.picture.data, "text/html")
        return super()._media(post, part)


class ReEncoder(Pretender):
    """Liar: puts other bytes in the picture's place, which show the same picture."""

    key, title = "reencoder", "Fresh Bytes"
    holdings = (("photo-3", "resize"),)

    def _media(self, post: Post, part: Part) -> Answer:
        if post.pretending:
            return Answer(200, _other_bytes(post.picture.data), post.picture.content_type)
        return super()._media(post, part)


class CountryWall(Pretender):
    """Liar: 404 for the world, and for its own country a log-in, behind which members see it as before."""

    key, title, layout = "countrywall", "House Rules", "board"
    holdings = (("photo-4", "webp"),)

    def pretence(self, post: Post, visitor: Visitor) -> Sight:
        if visitor.country != self.country:
            return ABSENT
        return SHOWN if visitor.member else Sight(Part.LOGIN, Part.LOGIN)


class Dodger(Platform):
    """Liar: removes, is back a day later, and hides whenever it expects the centre to look, by the centre's own plan."""

    key, title, country, host = "dodger", "Peekaboo", "KR", "deaf-hosting"
    laws = ("kr-tba-22-5",)
    holdings = (("photo-1", "webp"),)
    bystanders = 1
    removes_on_notice = 1
    back_after_hours: ClassVar = 48.0
    looks_expected_after_days: ClassVar = (0.25, 1, 2, 3, 7, 14, 30, 60)
    hides_for: ClassVar = timedelta(hours=2)

    def after_removal(self, post: Post, at: datetime) -> None:
        if not post.returned:
            self.world.later(at, self.back_after_hours, partial(self._bring_back, post))

    def _bring_back(self, post: Post, at: datetime) -> None:
        post.ended, post.returned = None, True
        post.note(at, "restored, and hidden whenever a look is expected")

    def sight(self, post: Post, visitor: Visitor) -> Sight:
        hides = post.returned and self._expects_a_look(post, self.world.clock.now())
        return ABSENT if hides else super().sight(post, visitor)

    def _expects_a_look(self, post: Post, now: datetime) -> bool:
        asked = {
            request.at
            for request in self.world.requests
            if request.host == self.domain and request.path in (post.page_path, post.media_path)
        }
        planned = (at + timedelta(days=days) for at in asked for days in self.looks_expected_after_days)
        return any(abs(now - look) <= self.hides_for for look in planned)


class Mover(Pretender):
    """Redirects the old page to a new one with the picture: moved, and nothing removed."""

    key, title, layout = "mover", "Moving House", "gallery"
    holdings = (("photo-4", "resize"),)

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        new = path.startswith("/new")
        post = self.post_at(path.removeprefix("/new"))
        if post is None or not post.pretending:
            return super().get(visitor, path, query, now)
        if not new:
            return (
                Answer(301, headers=(("Location", f"/new{post.page_path}"),))
                if path == post.page_path
                else _GONE
            )
        if path.endswith(post.page_path):
            return Answer(
                200, pages.document(f'<title>{post.title}</title><img src="/new{post.media_path}">')
            )
        return Answer(200, post.picture.data, post.picture.content_type)


class Placeholder(Platform):
    """Honest: leaves the page and puts an empty picture in the place of the removed one."""

    key, title, country, host = "placeholder", "Blank Spaces", "KR", "deaf-hosting"
    laws = ("kr-tba-22-5",)
    holdings = (("photo-2", "resize"),)
    bystanders = 1
    removes_on_notice = 1
    removed_sight = Sight(Part.SHOWN, Part.ABSENT)

    def _media(self, post: Post, part: Part) -> Answer:
        if post.ended is not None:
            return Answer(200, _blank(), "image/png")
        return super()._media(post, part)


class HonestSoft404(Platform):
    """Honest: removes, and says so on a page with status 200."""

    key, title, country, host = "honestsoft404", "Kind Words", "KR", "deaf-hosting"
    laws = ("kr-tba-22-5",)
    holdings = (("photo-3", "webp"),)
    bystanders = 1
    removes_on_notice = 1
    removed_sight = Sight(Part.SAYS_REMOVED, Part.ABSENT)


class NameBlocked(Platform):
    """Does nothing; the regulator has its name kept back by the country's resolvers, and by nothing else."""

    key, title, country, host = "nameblocked", "Still Here", "US", "deaf-hosting"
    laws, layout = ("us-tida",), "tube"
    holdings = (("photo-4", "png"),)
    bystanders = 1

    def block(self, post: Post, country: str, at: datetime) -> bool:
        self.world.names_kept_back.setdefault(country, set()).add(self.domain)
        post.note(at, f"its name is kept back by resolvers in {country}")
        return True


class PreviewStays(Platform):
    """Honest: removes for good; but a search engine still shows the picture among its results."""

    key, title, country, host = "previewstays", "Gone Fishing", "KR", "deaf-hosting"
    laws = ("kr-tba-22-5",)
    holdings = (("photo-1", "png"),)
    bystanders = 1
    removes_on_notice = 1
    preview_stays = True


@cache
def _other_bytes(data: bytes) -> bytes:
    return _encoded(Image.open(BytesIO(data)).convert("RGB"), "JPEG")


@cache
def _blank() -> bytes:
    return _encoded(Image.new("RGB", (360, 240), (240, 240, 240)), "PNG")


def _encoded(image: Image.Image, form: str) -> bytes:
    out = BytesIO()
    image.save(out, form, quality=55)
    return out.getvalue()


LIARS_OF_PROOF: Final[tuple[type[Platform], ...]] = (
    Rememberer,
    AgentPicker,
    Rotator,
    EdgeKeeper,
    Refresher,
    StatusLiar,
    ReEncoder,
    CountryWall,
    Dodger,
)
CHARACTERS_OF_PROOF: Final[tuple[type[Platform], ...]] = (
    *LIARS_OF_PROOF,
    Mover,
    Placeholder,
    HonestSoft404,
    NameBlocked,
    PreviewStays,
)
