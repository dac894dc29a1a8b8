"""The judges' view: what is truly served, to whom, and what truly arrived. The engine never sees this."""

from dataclasses import dataclass
from datetime import datetime

from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import Post
from unseen.testing.internet.visitors import Visitor, visitor_at
from unseen.testing.internet.world import Request, World


@dataclass(frozen=True)
class Copy:
    """One copy of a material (None: a bystander's post). `gone_at`: since when truly gone, else None."""

    platform: str
    copy_id: str
    material: str | None
    page_url: str
    media_url: str
    appeared_at: datetime
    gone_at: datetime | None
    history: tuple[tuple[datetime, str], ...]


class Truth:
    def __init__(self, world: World, port: int) -> None:
        self._world = world
        self._port = port

    def copies(self) -> list[Copy]:
        """Every copy of a material that ever appeared, also those that are gone."""
        return [copy for copy in self._all() if copy.material is not None]

    def bystanders(self) -> list[Copy]:
        return [copy for copy in self._all() if copy.material is None]

    def bystanders_touched(self) -> list[Copy]:
        """Bystanders' posts that anything happened to: named in a notice, removed, hidden or blocked."""
        return [copy for copy in self.bystanders() if len(copy.history) > 1]

    def media(self) -> list[bytes]:
        """The bytes of every medium that any platform has held, copies and bystanders' alike."""
        with self._world.lock:
            self._world.settle()
            return [post.picture.data for each in self._world.platforms.values() for post in each.posts]

    def served(self, copy: Copy, vantage: str, agent: str = "") -> bool:
        """Would they truly get the media now, anywhere? `vantage`: an ISO country (a stranger there) or an address."""
        visitor = visitor_at(vantage, agent=agent) if "." in vantage else Visitor("", vantage, agent=agent)
        with self._world.lock:
            self._world.settle()
            platform, post = self._post(copy)
            return platform.serves(post, visitor)

    def served_to_anyone(self, copy: Copy) -> bool:
        """Is there anybody at all, member or stranger, in any country, who still gets the media, or its preview?"""
        with self._world.lock:
            self._world.settle()
            platform, post = self._post(copy)
            return platform.serves_anyone(post) or self._previewed(post)

    def previewed(self, copy: Copy) -> bool:
        """Does a search engine show it among its results?"""
        with self._world.lock:
            self._world.settle()
            return self._previewed(self._post(copy)[1])

    def name_kept_back(self, copy: Copy, country: str) -> bool:
        """Does the resolver of this country keep the platform's name back?"""
        return self._world.platforms[copy.platform].domain in self._world.names_kept_back.get(country, ())

    def notices(self) -> list[ReceivedNotice]:
        """Every notice that arrived anywhere, replays too (flagged), in order of arrival."""
        with self._world.lock:
            return list(self._world.notices)

    def requests(self) -> list[Request]:
        """Every page or media request, in order of arrival."""
        with self._world.lock:
            return list(self._world.requests)

    def _all(self) -> list[Copy]:
        with self._world.lock:
            self._world.settle()
            return [self._copy(each, post) for each in self._world.platforms.values() for post in each.posts]

    def _copy(self, platform: Platform, post: Post) -> Copy:
        base = f"http://{platform.domain}:{self._port}"
        history = tuple(post.history)
        gone_at = max(at for at, what in history if what == post.ended) if post.ended else None
        page_url, media_url = base + post.page_path, base + post.media_path
        return Copy(
            platform.key, post.post_id, post.material, page_url, media_url, post.appeared_at, gone_at, history
        )

    def _previewed(self, post: Post) -> bool:
        return any(party.shows(post) for party in self._world.parties.values())

    def _post(self, copy: Copy) -> tuple[Platform, Post]:
        platform = self._world.platforms[copy.platform]
        return platform, next(post for post in platform.posts if post.post_id == copy.copy_id)
