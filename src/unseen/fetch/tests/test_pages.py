"""Pages are read for the places they name and for what they say of themselves, whatever their bytes."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.fetch import phrases
from unseen.fetch.locations import Location, parse_location
from unseen.fetch.markup import PARTS_MAX
from unseen.fetch.page import MEDIA_MAX, TEXT_CHARACTERS_MAX, Page, read_page

pytestmark = pytest.mark.thorough

BASE = parse_location("http://site.test/board/p/1?page=2")
MANY_WORDS = "<p>" + "plain words about the weather " * 100


def page(html: str, base: Location = BASE) -> Page:
    return read_page(html.encode(), "text/html; charset=utf-8", base)


def media(html: str) -> list[str]:
    return [location.text.removeprefix("http://site.test") for location in page(html).media]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<img src="/m/a.jpg">', ["/m/a.jpg"]),
        ("<IMG SRC=a.jpg>", ["/board/p/a.jpg"]),
        ("<img src=' /m/a\n.jpg '>", ["/m/a.jpg"]),
        ('<img srcset="/a.jpg 1x, /b.jpg 2x">', ["/a.jpg", "/b.jpg"]),
        ('<img srcset="/a.jpg, /b.jpg,/c,d.jpg 300w">', ["/a.jpg", "/b.jpg,/c,d.jpg"]),
        ('<img data-src="/lazy.jpg" src="data:image/gif;base64,R0lG">', ["/lazy.jpg"]),
        ('<video src="/v.mp4" poster="/p.jpg"><source src="/v.webm"></video>', ["/v.mp4", "/p.jpg", "/v.webm"]),
        ('<picture><source srcset="/a.avif"><img src="/a.jpg"></picture>', ["/a.avif", "/a.jpg"]),
        ('<meta property="og:image" content="/og.jpg"><meta name="twitter:image" content="/t.jpg">', ["/og.jpg", "/t.jpg"]),
        ('<meta property="og:title" content="/no.jpg">', []),
        ('<a href="/m/full.JPG?x">big</a><a href="/p/2">next</a>', ["/m/full.JPG?x"]),
        ('<noscript><img src="/n.jpg"></noscript>', ["/n.jpg"]),
        ('<svg><p><img src="/after-an-unclosed-svg.jpg">', ["/after-an-unclosed-svg.jpg"]),
        ('<script>"<img src=/not.jpg>"</script><img src="/yes.jpg">', ["/yes.jpg"]),
        ('<!-- <img src="/not.jpg"> --><![odd[ ><img src="/yes.jpg">', ["/yes.jpg"]),
        ('<img src="/a.jpg"><img src="/a.jpg"><img src="/%61.jpg">', ["/a.jpg"]),
        ('<img src="/a.jpg" src="/second.jpg">', ["/a.jpg"]),
        ('<img src="file:///etc/passwd"><img src="http://site.test:22/x"><img src="http://u@site.test/">', []),
        ('<base href="/other/"><img src="a.jpg">', ["/other/a.jpg"]),
        ('<link rel="image_src" href="/l.jpg"><link rel="stylesheet" href="/s.css">', ["/l.jpg"]),
        ('<img src="/a&amp;b.jpg">', ["/a&b.jpg"]),
    ],
)  # fmt: skip
def test_media_is_found_wherever_pages_put_it(html: str, found: list[str]) -> None:
    assert media(html) == found


def test_anchors_keep_their_order_and_media_is_not_among_them() -> None:
    read = page(
        '<a href="/p/2">2</a><a href="/p/1#x">1</a><a href="/p/2#top">2</a><a href="/a.png">a</a><a>b</a>'
    )
    assert [anchor.path for anchor in read.anchors] == ["/p/2", "/p/1"]


def test_the_port_of_the_page_may_be_named_and_no_other() -> None:
    base = parse_location("http://site.test:8123/", ports=frozenset({8123}))
    read = page(
        '<img src="/a.jpg"><img src="http://site.test:9/b.jpg"><img src="http://cdn.test/c.jpg">', base
    )
    assert [location.text for location in read.media] == [
        "http://site.test:8123/a.jpg",
        "http://cdn.test/c.jpg",
    ]


def test_title_and_text_are_what_a_reader_sees() -> None:
    read = page(
        "<title> My\n page </title><style>p{}</style><script>var x</script><h1>Hi</h1>one<br>two<p>three &amp; four"
    )
    assert (read.title, read.text) == ("My page", "Hi one two three & four")


@pytest.mark.parametrize("phrase", phrases.REMOVED)
def test_every_phrase_for_removed_counts_on_a_short_page(phrase: str) -> None:
    assert page(f"<p>{phrase.upper()}</p>").says_removed
    assert page(f"<h1>{phrase}</h1>{MANY_WORDS}").says_removed
    assert not page(f"<p>{phrase}</p>{MANY_WORDS}").says_removed


@pytest.mark.parametrize("phrase", phrases.LOGIN_WALL)
def test_every_phrase_for_a_login_wall_counts_on_a_short_page(phrase: str) -> None:
    assert page(f"<p>{phrase}</p>").has_login_form
    assert not page(f"<p>{phrase}</p>{MANY_WORDS}").has_login_form


def test_phrases_are_in_the_form_in_which_they_are_looked_for() -> None:
    for phrase in (*phrases.REMOVED, *phrases.LOGIN_WALL):
        assert phrase == " ".join(phrase.lower().split())


def test_a_password_field_is_a_login_form_and_a_living_page_says_nothing() -> None:
    assert page(f'{MANY_WORDS}<form><input type="Password"></form>').has_login_form
    living = page(
        '<title>Holiday</title><img src="/a.jpg"><p>Summer at the lake<p><a href="/login">Log in</a>'
    )
    assert not living.says_removed
    assert not living.has_login_form


@pytest.mark.parametrize(
    ("content", "path"),
    [
        ("0;url=/home", "/home"), ("5; URL='/home'", "/home"), (' 1.5 , url = "/home" ', "/home"), ("0; /home", "/home"),
        ("5", None), ("", None), ("0;url=javascript:x", None), ("0;url=file:///etc", None),
    ],
)  # fmt: skip
def test_a_refresh_is_read_as_a_redirect(content: str, path: str | None) -> None:
    read = page(f'<meta http-equiv="Refresh" content="{content.replace(chr(34), "&quot;")}">')
    assert (read.refresh_to.path if read.refresh_to else None) == path


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("<p>삭제되었습니다".encode("cp949"), "text/html; charset=EUC-KR"),
        ('<meta charset="euc-kr"><p>삭제되었습니다'.encode("cp949"), "text/html"),
        ("<p>삭제되었습니다".encode("utf-16"), None),
        ("\ufeff<p>삭제되었습니다".encode(), "text/html; charset=euc-kr"),
        ("<p>삭제되었습니다".encode(), "text/html; charset=unicode_escape"),
        ("<p>삭제되었습니다".encode(), "text/html; charset=zlib"),
    ],
)
def test_korean_pages_are_read_in_their_encoding(body: bytes, content_type: str | None) -> None:
    assert read_page(body, content_type, BASE).says_removed


TAGS = st.sampled_from(
    [
        "<img",
        "src=",
        "<a",
        "href='",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<script>",
        "</script>",
        "<title>",
        "<svg>",
        "</svg>",
        "&amp",
        "&#x110000;",
        "<?",
        "<base",
        "href=//[",
        "<meta",
        "http-equiv=refresh",
        "content=",
        "srcset=",
        ",",
        "1x",
        '"',
        "'",
        ">",
        "<",
        "/",
        "\x00",
        "\ud7ff",
    ]
)


@given(
    st.binary(max_size=400)
    | st.lists(TAGS | st.text(max_size=5), max_size=40).map(lambda parts: "".join(parts).encode())
)
def test_no_bytes_break_the_reading(body: bytes) -> None:
    read = read_page(body, "text/html", BASE)
    for location in (*read.media, *read.anchors):
        assert location.port in (80, 443)


@given(st.text(max_size=60))
def test_no_content_type_breaks_the_reading(content_type: str) -> None:
    assert not read_page(b"<p>x", f"text/html; charset={content_type}", BASE).media


@pytest.mark.parametrize(
    "unit",
    ["<", "<div>", "</", "<!--", "<![", "<a ", '<a x="', "<a a=b ", "<svg>", "&#x1", "<title>x", "<img src=a/%.jpg?>", "<script></x"],
)  # fmt: skip
def test_a_huge_hostile_page_takes_bounded_time(unit: str) -> None:
    body = (unit * (400_000 // len(unit))).encode()
    began_s = time.process_time()
    read_page(body, None, BASE)
    assert time.process_time() - began_s < 1.5


def test_a_page_with_too_much_of_everything_is_cut() -> None:
    html = "".join(f"<img src=/{n}.jpg>words and more words " for n in range(3_000)) + "<p>" * PARTS_MAX
    read = page(html)
    assert len(read.media) == MEDIA_MAX
    assert len(read.text) == TEXT_CHARACTERS_MAX
