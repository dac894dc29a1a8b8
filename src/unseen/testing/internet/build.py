"""Furnishes the platforms with their first posts: the copies that they hold, and bystanders' pictures."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random

from unseen.testing.internet.media import Library, Picture, picture
from unseen.testing.internet.pages import TITLES
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.post import Post

Maker = Callable[[Path, str], Picture]


def furnish(platforms: Sequence[Platform], library: Library, seed: int, now: datetime) -> None:
    """Fill `posts` of each platform; what it gets depends only on seed, platform and library."""
    make = cache(picture)
    for number, platform in enumerate(platforms):
        random = Random(f"{seed} {platform.key}")
        posts = [
            _copy(platform, material, edit, library, make, random, now)
            for material, edit in platform.holdings
        ]
        for turn in range(platform.bystanders):
            path = library.bystanders[(number * 2 + turn) % len(library.bystanders)]
            posts.append(_post(None, make(path, "bystander"), random, now))
        random.shuffle(posts)
        platform.posts.extend(posts)


def _copy(
    platform: Platform, material: str, edit: str, library: Library, make: Maker, random: Random, now: datetime
) -> Post:
    kind, _, number = material.partition("-")
    path = library.video if kind == "video" else library.photos[int(number) - 1]
    post = _post(material, make(path, edit), random, now)
    if material in platform.returns_as:
        post.return_as = make(path, platform.returns_as[material])
    return post


def _post(material: str | None, media: Picture, random: Random, now: datetime) -> Post:
    return Post(f"{random.randrange(16**8):08x}", random.choice(TITLES), material, media, now)
