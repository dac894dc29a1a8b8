# ruff: noqa: RUF001 - full-width letters are what is tested
"""Any text becomes one normal form or a named error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.limits import LOCATION_CHARACTERS_MAX
from unseen.fetch.locations import Location, LocationError, join, parse_location


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("http://Example.TEST", "http://example.test/"),
        ("  https://example.test:443/a#part\n", "https://example.test/a"),
        ("http://example.test:80/?", "http://example.test/"),
        ("http://example.test./a", "http://example.test/a"),
        ("http://example.test/a/./b/../c/", "http://example.test/a/c/"),
        ("http://example.test/../../etc", "http://example.test/etc"),
        ("http://example.test/%7euser/%e3%81%82%2f", "http://example.test/~user/%E3%81%82%2F"),
        ("http://example.test/%2e%2E/x", "http://example.test/x"),
        ("http://example.test/가 나?q=다", "http://example.test/%EA%B0%80%20%EB%82%98?q=%EB%8B%A4"),
        ("http://example.test/100%", "http://example.test/100%25"),
        ("http://example.test/p?utm_source=a&id=1", "http://example.test/p?utm_source=a&id=1"),
        ("http://예시.test/", "http://xn--vv4b11d.test/"),
        ("http://ＥＸＡＭＰＬＥ。test/", "http://example.test/"),
        ("http://faß.test/", "http://xn--fa-hia.test/"),
        ("http://my_site.test/", "http://my_site.test/"),
        ("http://0x7f000001/", "http://127.0.0.1/"),
        ("http://１２７.１/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0::1]/", "http://[2001:db8::1]/"),
        ("http://example.test//double", "http://example.test//double"),
        ("http://example.test?x=1", "http://example.test/?x=1"),
    ],
)
def test_spellings_of_one_place_become_one_text(text: str, normal: str) -> None:
    assert parse_location(text).text == normal
    assert parse_location(normal).text == normal


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_a_location"),
        ("example.test/a", "not_a_location"),
        ("//example.test/a", "not_a_location"),
        ("http:/example.test", "not_a_location"),
        ("http:example.test", "not_a_location"),
        ("1http://example.test", "not_a_location"),
        ("ftp://example.test/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://example.test/", "scheme"),
        ("http://", "host"),
        ("http:///path", "host"),
        ("http://:80/", "host"),
        ("http://ex ample.test/", "host"),
        ("http://%65xample.test/", "host"),
        ("http://-example.test/", "host"),
        ("http://a..test/", "host"),
        ("http://" + "a" * 64 + ".test/", "host"),
        ("http://" + "a." * 140 + "test/", "host"),
        ("http://[::1/", "host"),
        ("http://[fe80::1%25eth0]/", "host"),
        ("http://[127.0.0.1]/", "host"),
        ("http://1.2.3.4.5/", "host"),
        ("http://example.test:99999999/", "host"),
        ("http://example.test:80:80/", "host"),
        ("http://example.test:8080/", "port"),
        ("http://example.test:0/", "port"),
        ("http://me:secret@example.test/", "credentials"),
        ("http://example.test@127.0.0.1/", "credentials"),
        ("http://example.test/\r\nHost: x", "forbidden_character"),
        ("http://example.test\\@127.0.0.1/", "forbidden_character"),
        ("http://example.test/\x00", "forbidden_character"),
        ("http://example.test/\ud800", "forbidden_character"),
        ("http://example.test/" + "a" * LOCATION_CHARACTERS_MAX, "too_long"),
        ("http://example.test/" + "가" * 500, "too_long"),
    ],
)
def test_what_cannot_be_fetched_is_named(text: str, code: str) -> None:
    with pytest.raises(LocationError) as caught:
        parse_location(text)
    assert caught.value.code == code
    assert caught.value.message.isascii()
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 400


@given(st.text(max_size=300) | st.from_regex(r"https?://[^\s]{0,60}", fullmatch=True))
def test_no_text_breaks_the_reading_and_reading_twice_changes_nothing(text: str) -> None:
    try:
        location = parse_location(text)
    except LocationError:
        return
    assert location.text.isascii()
    assert location.text.isprintable()
    assert " " not in location.text
    assert parse_location(location.text) == location


@given(st.text(max_size=80))
def test_a_reference_leads_to_a_location_or_an_error(reference: str) -> None:
    try:
        found = join(parse_location("https://example.test/a/b?c"), reference)
    except LocationError:
        return
    assert parse_location(found.text) == found


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("", "http://site.test:8000/a/b?c"), ("#x", "http://site.test:8000/a/b?c"), ("?y", "http://site.test:8000/a/b?y"),
        ("d", "http://site.test:8000/a/d"), ("../d", "http://site.test:8000/d"), ("/d", "http://site.test:8000/d"),
        ("//other.test/d", "http://other.test/d"), ("https://other.test", "https://other.test/"), ("./", "http://site.test:8000/a/"),
    ],
)  # fmt: skip
def test_references_are_read_relative_to_their_page(reference: str, found: str) -> None:
    ports = frozenset({80, 443, 8000})
    assert (
        join(parse_location("http://site.test:8000/a/b?c", ports=ports), reference, ports=ports).text == found
    )


@pytest.mark.parametrize(
    "reference", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.test", "file:///etc/passwd"]
)
def test_references_to_other_schemes_are_refused(reference: str) -> None:
    with pytest.raises(LocationError):
        join(parse_location("http://site.test/"), reference)


def test_a_location_does_not_show_itself_when_printed() -> None:
    location = parse_location("http://secret.test/path")
    assert "secret" not in f"{location} {location!r} {[location]}"
    assert location.text == "http://secret.test/path"


def test_two_places_have_two_keys_and_one_place_has_one() -> None:
    texts = ["http://a.test/x", "http://a.test/x?y", "https://a.test/x", "http://b.test/x", "http://a.test/X"]
    assert len({parse_location(text).key for text in texts}) == len(texts)
    assert parse_location("HTTP://A.test:80/%78").key == parse_location("http://a.test/x#z").key


def test_the_home_of_a_location_is_the_start_page_of_its_site() -> None:
    assert parse_location("https://a.test/x?y").home == Location("https", "a.test", 443, "/")
