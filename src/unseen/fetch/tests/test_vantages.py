"""The setting with the vantages is read strictly."""

import json

import pytest

from unseen.fetch.vantage import Vantage, VantageError, parse_vantages

ROW = {
    "name": "office",
    "country": "KR",
    "address": "127.9.0.1",
    "user_agent": "Unseen/0.1",
    "own_address": True,
}


def test_vantages_are_read_in_order() -> None:
    rows = [
        ROW,
        {"name": "away", "country": "DE", "user_agent": "Mozilla/5.0", "proxy": "http://proxy.test:3128"},
    ]
    office, away = parse_vantages(json.dumps(rows))
    assert office == Vantage("office", "KR", "127.9.0.1", None, "Unseen/0.1", own_address=True)
    assert away.source_address is None
    assert away.proxy_endpoint == ("http", "proxy.test", 3128)
    assert not away.own_address


def test_a_vantage_has_its_own_resolver_search_source_or_is_held_back() -> None:
    rows = [
        ROW,
        {**ROW, "name": "names", "resolver": "192.0.2.53"},
        {**ROW, "name": "six", "resolver": "[2001:db8::53]:5353"},
        {**ROW, "name": "search", "search": "https://search.test/?q={location}"},
        {**ROW, "name": "reserve", "held_back": True},
        {**ROW, "name": "socks", "proxy": "socks5://[2001:db8::1]:1080"},
    ]
    _, names, six, search, reserve, socks = parse_vantages(json.dumps(rows))
    assert names.resolver == ("192.0.2.53", 53)
    assert six.resolver == ("2001:db8::53", 5353)
    assert [one.is_everyday for one in (names, six, search, reserve)] == [True, True, False, False]
    assert socks.proxy_endpoint == ("socks5", "2001:db8::1", 1080)
    assert names.seen_as == reserve.seen_as == "127.9.0.1"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{", "not JSON"),
        ("{}", "list"),
        ("[1]", "list"),
        (json.dumps([{**ROW, "colour": 1}]), "Vantage 1 has 'colour'"),
        (json.dumps([{**ROW, "own_address": "yes"}]), "own_address"),
        (json.dumps([{**ROW, "country": "kr"}]), "country"),
        (json.dumps([{**ROW, "name": ""}]), "name"),
        (json.dumps([{**ROW, "user_agent": "x\r\nCookie: y"}]), "user_agent"),
        (json.dumps([{**ROW, "address": "office"}]), "address"),
        (json.dumps([{**ROW, "address": [1]}]), "address"),
        (json.dumps([{**ROW, "proxy": "socks4://a.test:1"}]), "proxy"),
        (json.dumps([{**ROW, "proxy": "http://a.test:1/x"}]), "proxy"),
        (json.dumps([{**ROW, "resolver": "names.test"}]), "resolver"),
        (json.dumps([{**ROW, "resolver": "192.0.2.1:99999"}]), "resolver"),
        (json.dumps([{**ROW, "resolver": "[::1"}]), "resolver"),
        (json.dumps([{**ROW, "search": "https://search.test/?q="}]), "search"),
        (json.dumps([{**ROW, "search": "https://search.test/\r\n{location}"}]), "search"),
        (json.dumps([{**ROW, "held_back": 1}]), "held_back"),
        (json.dumps([{**ROW, "held_back": True}]), "first vantage"),
        (json.dumps([ROW, ROW]), "Two vantages are named 'office'"),
    ],
)
def test_a_wrong_vantage_is_named(text: str, names: str) -> None:
    with pytest.raises(VantageError, match=names):
        parse_vantages(text)
