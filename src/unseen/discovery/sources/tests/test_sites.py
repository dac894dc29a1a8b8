"""Sites and lists: caps, manners, other hosts."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from unseen.discovery.sources import Reach, SourceError, open_source
from unseen.fetch.tests.site import OFFICE, Site, fetcher_for, running_site

PAGE = "text/html"


@pytest.fixture
def site() -> Iterator[Site]:
    with running_site() as running:
        yield running


@pytest.fixture
def reach(site: Site) -> Iterator[Reach]:
    with fetcher_for(site, other_test=["127.1.0.7"]) as fetcher:
        yield Reach(fetcher, OFFICE, lambda _: None)


def endless(site: Site, count: int) -> None:
    for n in range(count):
        body = f'<img src="/m/{n}.jpg"><a href="/p/{n + 1}">next</a>'.encode()
        site.answers[f"/p/{n}"] = lambda handler, body=body: handler.answer(200, body, Content_Type=PAGE)  # type: ignore[misc]


def test_depth_is_capped(site: Site, reach: Reach) -> None:
    endless(site, 20)
    found = list(open_source(site.at("/p/0").text, replace(reach, depth_max=3)))
    assert [request[1] for request in site.requests] == ["/p/0", "/p/1", "/p/2", "/p/3"]
    assert len(found) == 4


def test_pages_are_capped_and_the_rest_is_named(site: Site, reach: Reach) -> None:
    endless(site, 20)
    *shown, last = open_source(site.at("/p/0").text, replace(reach, depth_max=99, pages_max=5))
    assert len(shown) == 5
    with pytest.raises(SourceError) as caught:
        last.open()
    assert caught.value.code == "page_limit"


def test_pages_of_other_hosts_are_not_read_but_media_from_there_is(site: Site, reach: Reach) -> None:
    other = site.at("/p/9", "other.test").text
    body = f'<a href="{other}">x</a><a href="/go">y</a><img src="{site.at("/m/a.jpg", "other.test").text}">'.encode()
    site.answers["/"] = lambda handler: handler.answer(200, body, Content_Type=PAGE)
    site.answers["/go"] = lambda handler: handler.answer(302, Location=other)
    site.answers["/p/9"] = lambda handler: handler.answer(
        200, b'<img src="/m/theirs.jpg">', Content_Type=PAGE
    )
    (found,) = open_source(site.at("/").text, reach)
    assert found.where.endswith("/m/a.jpg")
    assert found.page == site.at("/")
    assert found.location is not None


def test_each_request_keeps_the_hosts_pace(site: Site, reach: Reach) -> None:
    endless(site, 3)
    asked: list[str] = []
    for found in open_source(site.at("/p/0").text, replace(reach, before_asking=asked.append, depth_max=1)):
        with pytest.raises(SourceError):
            found.open()
    assert asked == ["site.test"] * len(site.requests)


def test_a_page_that_cannot_be_had_is_named_and_the_others_are_read(site: Site, reach: Reach) -> None:
    site.answers["/"] = lambda h: h.answer(
        200, b'<a href="/gone">1</a><a href="/bad">2</a><img src="/a.jpg">', Content_Type=PAGE
    )
    site.answers["/gone"] = lambda h: h.answer(410, b"<p>gone", Content_Type=PAGE)
    site.answers["/bad"] = lambda h: h.answer(302, Location="file:///etc/passwd")
    shown, gone, bad = open_source(site.at("/").text, reach)
    assert shown.where.endswith("/a.jpg")
    for found, code in ((gone, "status"), (bad, "bad_redirect")):
        with pytest.raises(SourceError) as caught:
            found.open()
        assert caught.value.code == code


def test_a_start_page_that_is_media_is_itself_the_find(site: Site, reach: Reach) -> None:
    site.answers["/x"] = lambda handler: handler.answer(200, b"jpeg", Content_Type="image/jpeg")
    (found,) = open_source(site.at("/x").text, reach)
    assert found.open() == b"jpeg"


def test_a_refresh_is_followed_like_an_anchor(site: Site, reach: Reach) -> None:
    site.answers["/"] = lambda h: h.answer(
        200, b'<meta http-equiv="refresh" content="0;url=/b">', Content_Type=PAGE
    )
    site.answers["/b"] = lambda h: h.answer(200, b"<img src=/a.jpg>", Content_Type=PAGE)
    assert len(list(open_source(site.at("/").text, reach))) == 1


def test_a_wrong_line_of_a_list_is_named_by_its_number(tmp_path: Path, reach: Reach) -> None:
    path = tmp_path / "places.txt"
    path.write_text("ftp://site.test/a.jpg\nnonsense\nhttp://site.test/a.jpg\nhttp://site.test/a.jpg\n")
    first, second, third = open_source(str(path), reach)
    for found, line in ((first, "line 1"), (second, "line 2")):
        with pytest.raises(SourceError, match=line):
            found.open()
    assert third.where == "http://site.test/a.jpg"


@pytest.mark.parametrize("source", ["ftp://site.test/", "http://a b/", "http://site.test:22/"])
def test_a_start_page_that_is_no_location_is_named(source: str, reach: Reach) -> None:
    with pytest.raises(SourceError) as caught:
        list(open_source(source, reach))
    assert caught.value.code == "not_a_location"


def test_the_web_without_a_fetcher_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    for source in ("http://site.test/", str(tmp_path / "a.txt")):
        with pytest.raises(SourceError, match="fetcher"):
            list(open_source(source))
