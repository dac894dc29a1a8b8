"""The rungs above a platform: three hosting companies and one regulator, each with its own way."""

from datetime import datetime
from functools import partial
from typing import ClassVar, Final

from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.party import Party
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import Post


class Host(Party):
    """A hosting company: it knows its customers; with `pulls_after_hours` it takes their posts away."""

    kind = "host"
    laws = ("host-abuse",)
    pulls_after_hours: ClassVar[float | None] = None

    def act(self, notice: ReceivedNotice) -> bool:
        ours = [found for found in _found(self, notice) if found[0].host == self.key]
        if self.pulls_after_hours is not None:
            for platform, post in ours:
                self.world.later(notice.received_at, self.pulls_after_hours, partial(platform.pull, post))
        return bool(ours)


class PromptHosting(Host):
    """Acknowledges within an hour and pulls a reported location's page and media after 18."""

    key, title, country = "prompt-hosting", "Prompt Hosting", "NL"
    pulls_after_hours = 18.0
    replies: ClassVar = {"acknowledgement": 0.5, "removal": 18.5}


class DeafHosting(Host):
    """Acknowledges and does nothing."""

    key, title, country = "deaf-hosting", "Deaf Hosting", "SC"
    replies: ClassVar = {"acknowledgement": 1.0}


class CarefulHosting(Host):
    """Refuses after ten hours: it wants a court order."""

    key, title, country = "careful-hosting", "Careful Hosting", "US"
    replies: ClassVar = {"refusal": 10.0}
    reason = "We need a court order."


class Regulator(Party):
    """Acknowledges in 3 hours; after 72 has blocked in its country what a foreign platform still serves."""

    kind = "regulator"
    key, title, country = "regulator", "Communications Regulator", "KR"
    laws = ("kr-tba-22-5",)
    languages = ("ko", "en")
    replies: ClassVar = {"acknowledgement": 3.0}
    orders_after_hours: ClassVar = 72.0

    def act(self, notice: ReceivedNotice) -> bool:
        found = _found(self, notice)
        self.world.later(notice.received_at, self.orders_after_hours, partial(self._order, notice, found))
        return bool(found)

    def _order(self, notice: ReceivedNotice, found: list[tuple[Platform, Post]], at: datetime) -> None:
        foreign = [(platform, post) for platform, post in found if platform.country != self.country]
        blocked = [post for platform, post in foreign if platform.block(post, self.country, at)]
        self._post_reply(notice, "order" if blocked else "no_order", "", at)


def _found(party: Party, notice: ReceivedNotice) -> list[tuple[Platform, Post]]:
    found = filter(None, (party.world.find(location) for location in notice.locations))
    return list({(platform.key, post.post_id): (platform, post) for platform, post in found}.values())


AUTHORITIES: Final[tuple[type[Party], ...]] = (PromptHosting, DeafHosting, CarefulHosting, Regulator)
