"""One post on a platform: a page and its media, and what has become of it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from unseen.testing.internet.media import Picture


class Part(StrEnum):
    """What a visitor finds in the place of a page, or of a media file."""

    SHOWN = "shown"
    ABSENT = "absent"
    SAYS_REMOVED = "says removed"
    LOGIN = "login"
    HOME = "home"


@dataclass(frozen=True)
class Sight:
    page: Part
    media: Part


SHOWN = Sight(Part.SHOWN, Part.SHOWN)
ABSENT = Sight(Part.ABSENT, Part.ABSENT)


class End(StrEnum):
    """Who truly took a post away."""

    BY_PLATFORM = "removed by the platform"
    BY_HOST = "pulled by the host"


@dataclass
class Post:
    """`material` is None for a bystander's post. `history` holds dated plain words, oldest first."""

    post_id: str
    title: str
    material: str | None
    picture: Picture
    appeared_at: datetime
    return_as: Picture | None = None
    notices: int = 0
    pretending: bool = False
    hidden_from_vantages: bool = False
    ended: End | None = None
    returned: bool = False
    blocked_in: set[str] = field(default_factory=set)
    history: list[tuple[datetime, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.history.append((self.appeared_at, "appeared"))

    @property
    def page_path(self) -> str:
        return f"/p/{self.post_id}"

    @property
    def media_path(self) -> str:
        return f"/m/{self.post_id}.{self.picture.extension}"

    def note(self, at: datetime, what: str) -> None:
        self.history.append((at, what))
