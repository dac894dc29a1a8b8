"""The whole: names and addresses, the directory, repeatability, bystanders, quiet."""

import http.client
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from unseen.testing.internet.tests.hand import BERLIN, OFFICE, STRANGER_DE, Hand
from unseen.testing.internet.truth import Copy


def test_pages_hold_the_media_and_home_pages_hold_the_posts(hand: Hand) -> None:
    for copy in hand.internet.truth.copies():
        page = hand.ask(copy.page_url, "127.9.3.3").body.decode()
        assert f'src="{copy.media_url.split(str(hand.internet.port))[1]}"' in page
        home = hand.ask(copy.page_url.split("/p/")[0] + "/", "127.9.3.4").body.decode()
        assert f'href="/p/{copy.copy_id}"' in home


def test_every_material_has_a_copy_and_the_second_case_is_a_case_of_its_own(hand: Hand) -> None:
    material = hand.internet.material
    assert set(material) == {"photo-1", "photo-2", "photo-3", "photo-4", "video-1"}
    assert {name for name, each in material.items() if each.case == "second"} == {"photo-4"}
    assert {copy.material for copy in hand.internet.truth.copies()} == set(material)
    video = next(copy for copy in hand.internet.truth.copies() if copy.material == "video-1")
    assert hand.ask(video.media_url).body == material["video-1"].path.read_bytes()


def test_the_directory_describes_every_party(hand: Hand) -> None:
    files = {name: tomllib.loads(text) for name, text in hand.internet.directory_files().items()}
    kinds = [each["kind"] for each in files.values()]
    assert (kinds.count("platform"), kinds.count("host"), kinds.count("regulator")) == (14, 3, 1)
    prompt = files["prompt.toml"]
    endpoint = f"http://prompt.test:{hand.internet.port}/notices"
    assert prompt["channels"] == [
        {"kind": "api", "endpoint": endpoint},
        {"kind": "email", "address": "abuse@prompt.test"},
    ]
    assert prompt["checked_on"] == date(2026, 11, 2)
    assert files["regulator.toml"]["regulates"] == ["KR"]
    assert {each["host"] for each in files.values() if each["kind"] == "platform"} < {
        each["key"] for each in files.values()
    }


def test_the_hosts_file_gives_every_name_an_address_of_its_own(hand: Hand) -> None:
    pairs = [line.split() for line in hand.internet.hosts_file.read_text().splitlines()]
    assert len({address for address, _ in pairs}) == len({name for _, name in pairs}) == 18
    assert all(address.startswith("127.1.0.") for address, _ in pairs)


def test_a_site_answers_only_under_its_own_name(hand: Hand) -> None:
    line = http.client.HTTPConnection("127.1.0.1", hand.internet.port, 5)
    line.request("GET", "/", headers={"Host": "silent.test"})
    assert line.getresponse().status == 421
    line.close()


def test_a_bystander_named_in_a_notice_is_noticed_by_the_judge(hand: Hand) -> None:
    assert hand.internet.truth.bystanders_touched() == []
    bystander = hand.internet.truth.bystanders()[0]
    hand.mail(f"abuse@{bystander.platform}.test", bystander.page_url)
    (touched,) = hand.internet.truth.bystanders_touched()
    assert touched.copy_id == bystander.copy_id


def test_the_judge_sees_who_asked_for_what(hand: Hand) -> None:
    hand.ask(hand.internet.start_pages()[0], OFFICE, User_Agent="Desk/1")
    (request,) = hand.internet.truth.requests()
    assert (request.address, request.agent, request.host, request.path) == (
        OFFICE,
        "Desk/1",
        "prompt.test",
        "/",
    )
    assert (request.at, request.status) == (hand.clock.now(), 200)


def test_time_passes_by_the_clock_even_if_nobody_advances_it(hand: Hand) -> None:
    copy = hand.copies("prompt")[0]
    hand.report(copy)
    hand.clock.set(hand.clock.now().replace(hour=20))
    assert hand.looks(copy, BERLIN) == (410, 404)


def test_quiet_waits_for_an_open_connection_but_not_for_a_judges(hand: Hand) -> None:
    lines = [
        http.client.HTTPConnection("127.1.0.1", hand.internet.port, 5, (source, 0))
        for source in (STRANGER_DE, OFFICE)
    ]
    for line in lines:
        line.request("GET", "/", headers={"Host": "prompt.test"})
        line.getresponse().read()
    assert not hand.internet.quiet(0.1)
    lines[1].close()
    assert hand.internet.quiet(2)
    lines[0].close()


def mails_of_a_fortnight(hand: Hand, *, backwards: bool) -> list[str]:
    """The same notices at the same simulated times, but within an hour in either order."""
    truth = hand.internet.truth
    for _ in range(14):
        urls = sorted(copy.page_url for copy in truth.copies() if truth.served_to_anyone(copy))
        for url in reversed(urls) if backwards else urls:
            key = url.split(".")[0].removeprefix("http://")
            hand.mail(f"abuse@{key}.test", url, name=f"{url.split('/p/')[1]} {hand.clock.now()}")
        hand.hours(24)
    return sorted(
        f"{mail['From']} {mail['Date']} {mail['Message-ID']} {mail['In-Reply-To']}" for mail in hand.inbox()
    )


def without_port(hand: Hand, copies: list[Copy]) -> list[Copy]:
    """The port is the first that is free on this machine, and says nothing about the run."""
    port = f":{hand.internet.port}"
    return [
        replace(copy, page_url=copy.page_url.replace(port, ""), media_url=copy.media_url.replace(port, ""))
        for copy in copies
    ]


@pytest.mark.slow
def test_two_runs_end_in_the_same_truth_whatever_the_order(opened: Callable[..., Hand]) -> None:
    hand = opened(seed=5)
    mails = mails_of_a_fortnight(hand, backwards=False)
    truth = hand.internet.truth
    again = opened(seed=5)
    assert mails_of_a_fortnight(again, backwards=True) == mails
    assert len(mails) > 30
    assert without_port(again, again.internet.truth.copies()) == without_port(hand, truth.copies())
    assert without_port(again, again.internet.truth.bystanders()) == without_port(hand, truth.bystanders())
    other = opened(seed=6).internet.truth
    assert {copy.copy_id for copy in other.copies()}.isdisjoint(copy.copy_id for copy in truth.copies())
