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
    assert away.proxy_endpoint == ("proxy.test", 3128)
    assert not away.own_address


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
        (json.dumps([{**ROW, "proxy": "socks5://a.test:1"}]), "proxy"),
        (json.dumps([{**ROW, "proxy": "http://a.test:1/x"}]), "proxy"),
        (json.dumps([ROW, ROW]), "Two vantages are named 'office'"),
    ],
)
def test_a_wrong_vantage_is_named(text: str, names: str) -> None:
    with pytest.raises(VantageError, match=names):
        parse_vantages(text)
