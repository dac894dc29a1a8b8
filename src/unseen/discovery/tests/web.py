"""What the tests of sweeps do to the small internet and read off it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from tests.story.centre import Centre
from unseen.casework.models import Item
from unseen.discovery.actions import add_start_page
from unseen.testing.internet.party import Answer
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.truth import Copy
from unseen.testing.internet.visitors import Visitor

PHOTOS = ("photo-1", "photo-2", "photo-3", "photo-4")
Change = Callable[[str, Answer], Answer]


def sweep_everywhere(centre: Centre, *platforms: str) -> None:
    """Take up the home pages (of these platforms) as start pages."""
    for page in centre.internet.start_pages():
        if not platforms or any(f"//{platform}.test" in page for platform in platforms):
            add_start_page(page, centre.now)


def report_all(centre: Centre, *locations: str) -> str:
    return centre.report(*map(centre.photo, PHOTOS), locations=locations)


def places() -> set[tuple[str, str]]:
    """Page and media location of every item."""
    return {(item.location, item.media_location) for item in Item.objects.all()}


def true_places(centre: Centre, *platforms: str) -> set[tuple[str, str]]:
    """The same of every photograph's copy that there truly is (at these platforms)."""
    return {
        (copy.page_url, copy.media_url)
        for copy in centre.internet.truth.copies()
        if copy.material in PHOTOS and (not platforms or copy.platform in platforms)
    }


def media_asked(centre: Centre, since: int = 0) -> list[str]:
    """Hosts and paths of the media that were asked for, from request number `since` on."""
    asked = centre.internet.truth.requests()[since:]
    return [f"{request.host}{request.path}" for request in asked if request.path.startswith("/m/")]


def change_answers(platform: Platform, change: Change) -> None:
    """From now on the platform's answers pass through `change(path, answer)`."""
    honest = platform.get

    def changed(visitor: Visitor, path: str, query: str, now: datetime) -> Answer:
        return change(path, honest(visitor, path, query, now))

    platform.get = changed  # type: ignore[method-assign] # of this one platform in this one test


def two_on_one_page(centre: Centre) -> tuple[Copy, Copy]:
    """The page of the first copy shows the second one's picture too, whose own page is gone."""
    first, second = centre.copies("silent")
    picture = second.media_url.rpartition("/")[2].encode()

    def change(path: str, answer: Answer) -> Answer:
        if first.page_url.endswith(path) and path != "/":
            return replace(answer, body=answer.body + b'<img src="/m/%s">' % picture)
        return Answer(404) if second.page_url.endswith(path) and path != "/" else answer

    change_answers(centre.internet.platforms["silent"], change)
    return first, second
