"""A search engine: it lists posts with a preview of their picture, and forgets what it is told to forget."""

from datetime import datetime
from functools import partial
from typing import ClassVar
from urllib.parse import parse_qs

from unseen.testing.internet import pages
from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.party import Answer, Party
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import Part, Post
from unseen.testing.internet.visitors import Visitor
from unseen.testing.internet.world import World

_CRAWLER = Visitor("", "US", host="crawler")


class SearchEngine(Party):
    """Acknowledges, and drops a reported result with its preview five hours later."""

    kind = "search"
    key, title, country = "search", "Small Search", "US"
    laws = ("kr-icna-44-2",)
    languages = ("ko", "en")
    replies: ClassVar = {"acknowledgement": 0.5}
    drops_after_hours: ClassVar = 5.0

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.dropped: set[str] = set()

    def act(self, notice: ReceivedNotice) -> bool:
        found = [self.world.find(location) for location in notice.locations]
        posts = {post.post_id: post for _, post in filter(None, found)}
        for post in posts.values():
            self.world.later(notice.received_at, self.drops_after_hours, partial(self._drop, post))
        return bool(posts)

    def _drop(self, post: Post, at: datetime) -> None:
        self.dropped.add(post.post_id)
        post.note(at, "dropped by the search engine")

    def shows(self, post: Post) -> bool:
        """Whether it lists this post: what its crawler sees, and what it keeps although that is gone."""
        platform = next(one for one in self.world.platforms.values() if post in one.posts)
        if post.post_id in self.dropped:
            return False
        return platform.preview_stays or self._crawled(platform, post)

    def _crawled(self, platform: Platform, post: Post) -> bool:
        return (
            platform.sight(post, _CRAWLER).page is Part.SHOWN and post.ended is None and not post.pretending
        )

    def get(self, visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        if path == "/find":
            return self._results(parse_qs(query).get("q", [""])[0])
        for platform in self.world.platforms.values():
            for post in platform.posts:
                if path == f"/preview{post.media_path}" and self.shows(post):
                    return Answer(200, post.picture.data, post.picture.content_type)
        return super().get(visitor, path, query, now)

    def _results(self, wanted: str) -> Answer:
        found = self.world.find(wanted)
        if found is None or not self.shows(found[1]):
            return Answer(200, pages.message(self.title, "Your search did not match any page."))
        platform, post = found
        place = f"http://{platform.domain}:{self.world.port}{post.page_path}"
        shown = f'<a href="{place}">{post.title}</a><img src="/preview{post.media_path}">'
        return Answer(200, pages.document(f"<title>{self.title}</title>{shown}"))
