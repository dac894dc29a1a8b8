"""The platforms' page templates: five layouts, so that no two neighbours look alike (as on the real web)."""

from dataclasses import dataclass
from typing import Final

from unseen.testing.internet.post import Post


@dataclass(frozen=True)
class Layout:
    """Format strings: `home` gets name and entries, `entry` and `post` get path, title, name and media."""

    home: str
    entry: str
    post: str


LAYOUTS: Final = {
    "gallery": Layout(
        "<title>{name}</title><h1>{name}</h1><div class=grid>{entries}</div>",
        '<figure><a href="{path}">{title}</a></figure>',
        "<title>{title} | {name}</title><figure>{media}<figcaption>{title}</figcaption></figure>",
    ),
    "forum": Layout(
        "<title>{name} - latest threads</title><table>{entries}</table>",
        '<tr><td><a href="{path}">{title}</a><td>3 replies',
        "<title>{name}: {title}</title><article><h2>{title}</h2>{media}</article><p>nice one</p>",
    ),
    "blog": Layout(
        "<title>{name}</title><header>{name}</header><main>{entries}</main>",
        '<h2><a href="{path}">{title}</a></h2><p>Read more</p>',
        "<title>{title}</title><main><h1>{title}</h1><p>Posted on {name}.</p><p>{media}</p></main>",
    ),
    "tube": Layout(
        "<title>Watch on {name}</title><ul>{entries}</ul>",
        '<li><a href="{path}" title="{title}">&#9654; {title}</a></li>',
        "<title>{title} - watch on {name}</title><div id=player>{media}</div><h1>{title}</h1>",
    ),
    "board": Layout(
        "<title>/{name}/</title><hr>{entries}<hr>",
        '<div>Anonymous <a href="{path}">No. {title}</a></div>',
        "<title>/{name}/ {title}</title><div>{media}</div><blockquote>{title}</blockquote>",
    ),
}

TITLES: Final = (
    "afternoon",
    "untitled",
    "by the water",
    "old roll",
    "number nine",
    "found this",
    "last week",
)


def media_tag(post: Post, base: str = "") -> str:
    """`base` is the scheme and host of a CDN, or empty."""
    if post.picture.is_video:
        return f'<video src="{base}{post.media_path}" controls></video>'
    return f'<img src="{base}{post.media_path}" alt="">'


def document(inner: str) -> bytes:
    return f"<!doctype html><meta charset=utf-8>{inner}".encode()


def home(layout: str, name: str, posts: list[Post], older: str) -> bytes:
    """`older` is the address of the next page of the list, or empty."""
    form = LAYOUTS[layout]
    entries = "".join(form.entry.format(path=post.page_path, title=post.title, name=name) for post in posts)
    more = f'<a rel=next href="{older}">older</a>' if older else ""
    return document(form.home.format(name=name, entries=entries) + more)


def post_page(layout: str, name: str, post: Post, base: str = "") -> bytes:
    return document(LAYOUTS[layout].post.format(title=post.title, name=name, media=media_tag(post, base)))


def message(name: str, words: str) -> bytes:
    return document(f"<title>{name}</title><p>{words}</p>")


def login_form(name: str) -> bytes:
    form = (
        "<form method=post><input name=name><input name=password type=password><button>Log in</button></form>"
    )
    return document(f"<title>Log in | {name}</title><p>You must log in to see this.</p>{form}")
