import json
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.takedown.directory import load_directory
from unseen.takedown.directory.fields import ADDRESS
from unseen.takedown.directory.tests.folder import write
from unseen.takedown.rdap.answers import BadAnswer, Contact, read_answer
from unseen.takedown.rdap.bootstrap import BadBootstrap, load_bootstrap
from unseen.takedown.rdap.drafts import drafts
from unseen.takedown.rdap.resolve import Resolved
from unseen.testing.internet.registry import entity

TODAY = date(2026, 11, 22)
NOBODY_KNOWN = load_directory(shipped_parties=False)
SMALL = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.sampled_from(["abuse", "email", "fn", "vcard"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["entities", "roles", "vcardArray", "name", "country"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


def body(**parts: Any) -> bytes:
    return json.dumps({"objectClassName": "domain", **parts}).encode()


@given(st.binary(max_size=80) | SMALL.map(lambda table: json.dumps(table).encode()))
def test_any_bytes_are_an_answer_or_that_error(raw: bytes) -> None:
    for tried in (raw, b'{"objectClassName": "domain", "entities": [' + raw + b"]}"):
        try:
            answer = read_answer(tried)
        except BadAnswer:
            continue
        assert all(ADDRESS.fullmatch(email) for email in answer.abuse.emails)


@pytest.mark.parametrize(
    "email",
    [
        "a@b.test\r\nBcc: c@d.test",
        "a@b.test, c@d.test",
        "Desk <a@b.test>",
        "a b@c.test",
        "x" * 300 + "@b.test",
    ],
)
def test_an_address_that_could_start_a_header_is_left_out(email: str) -> None:
    assert read_answer(body(entities=[entity("abuse", "Desk", email)])).abuse.emails == ()


def test_a_name_is_one_short_printable_line() -> None:
    answer = read_answer(body(entities=[entity("registrar", "Names\r\nInc" + "x" * 500)], name="\u202eevil"))
    assert answer.registrar.name.startswith("Names Inc")
    assert len(answer.registrar.name) == 200
    assert answer.name == ""


def test_a_technical_contact_is_no_abuse_contact() -> None:
    assert not read_answer(body(entities=[entity("technical", "Somebody", "private@home.test")])).abuse


def test_an_endless_answer_is_cut() -> None:
    deep: dict[str, Any] = entity("abuse", "Deep", "deep@b.test")
    for _ in range(50):
        deep = entity("other", "Around", inside=(deep,))
    assert not read_answer(body(entities=[deep])).abuse
    many = [entity("abuse", "Desk", f"a{number}@b.test") for number in range(1_000)]
    assert len(read_answer(body(entities=many)).abuse.emails) == 3


@settings(deadline=None)  # the machine may be busy
@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_by_a_stranger_breaks_the_draft_of_a_file(network: str, registrar: str) -> None:
    clean = read_answer(body(name=network, entities=[entity("registrar", registrar)]))
    abuse = Contact(clean.registrar.name, ("abuse@b.test",))
    found = Resolved("a.test", TODAY, (), clean.name, "", "", abuse, clean.registrar.name, abuse)
    for draft in drafts(found, NOBODY_KNOWN, "KR"):
        assert draft.text.count("\nchannels = ") == 1
        assert "/" not in draft.key


def test_the_drafts_of_a_hostile_answer_load(tmp_path: Path) -> None:
    abuse = Contact('"] # channels = [', ("abuse@b.test",))
    found = Resolved("a.test", TODAY, (), '"evil" = [', "", "", abuse, "'''", abuse)
    files = {one.key: one.text for one in drafts(found, NOBODY_KNOWN, "KR")}
    assert load_directory([write(tmp_path, **files)], shipped_parties=False).parties.keys() == files.keys()


def test_the_shipped_bootstrap_knows_names_and_networks_over_https() -> None:
    shipped = load_bootstrap()
    assert shipped.for_name("a.b.example.com") == ("https://rdap.verisign.com/com/v1/",)
    assert shipped.for_name("localhost") == ()
    assert shipped.for_address(ip_address("193.0.6.139")) == ("https://rdap.db.ripe.net/",)
    assert shipped.for_address(ip_address("2001:67c:2e8::1")) == ("https://rdap.db.ripe.net/",)
    assert shipped.for_address(ip_address("10.0.0.1")) == ()
    assert shipped.for_address(ip_address("127.0.0.1")) == ()
    assert len(shipped.names) > 1_000


def test_a_longer_prefix_and_a_longer_name_win(tmp_path: Path) -> None:
    for file, services in (
        ("dns", [[["test"], ["https://wide.test/"]], [["co.test"], ["https://near.test/"]]]),
        ("ipv4", [[["192.0.0.0/8"], ["https://wide.test/"]], [["192.168.0.0/16"], ["https://near.test/"]]]),
        ("ipv6", []),
    ):
        table = {"publication": "2026-11-01T00:00:00Z", "services": services}
        (tmp_path / f"{file}.json").write_text(json.dumps(table), "utf-8")
    bootstrap = load_bootstrap(tmp_path)
    assert bootstrap.for_name("a.co.test") == ("https://near.test/",)
    assert bootstrap.for_address(ip_address("192.168.1.1")) == ("https://near.test/",)
    assert bootstrap.for_address(ip_address("192.1.1.1")) == ("https://wide.test/",)


@pytest.mark.parametrize(
    "text", ["", "[]", '{"publication": "2026-11-01", "services": [[1]]}', '{"services": []}']
)
def test_a_bad_bootstrap_file_is_named(tmp_path: Path, text: str) -> None:
    for file in ("dns", "ipv4", "ipv6"):
        (tmp_path / f"{file}.json").write_text(text, "utf-8")
    with pytest.raises(BadBootstrap, match="take the file from IANA"):
        load_bootstrap(tmp_path)
