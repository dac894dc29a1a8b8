"""One suite for every channel, before the small internet's own relay and platforms: what went is found again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.story.centre import open_centre, small_photos
from unseen.config.values import SmtpServer
from unseen.takedown.channels.api.channel import ApiChannel
from unseen.takedown.channels.envelope import CannotTell, Channel, Delivered, Envelope, NotThere
from unseen.takedown.channels.tests.doors import (
    BY_MAIL,
    KINDS,
    NOON,
    OFFICE,
    Door,
    an_envelope,
    api_fetcher,
    door_of,
    mail_channel,
    options,
)
from unseen.takedown.channels.tests.raw import http
from unseen.testing.internet import SmallInternet


@dataclass
class Real:
    """A channel before the real thing, and the truth about what arrived there."""

    channel: Channel
    to: str
    internet: SmallInternet

    def arrived(self, key: str) -> list[bytes]:
        return [one.raw for one in self.internet.truth.notices() if one.notice_id == key and not one.replay]


@pytest.fixture(scope="module")
def internet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallInternet]:
    folder = tmp_path_factory.mktemp("channels")
    with open_centre(folder / "world", small_photos(folder / "media")) as centre:
        yield centre.internet


@pytest.fixture(params=KINDS)
def real(request: pytest.FixtureRequest, internet: SmallInternet) -> Iterator[Real]:
    if request.param in BY_MAIL:
        relay = SmtpServer(*internet.relay_address)
        channel = mail_channel(request.param, smtp=relay, sent_archive=internet.sent_archive)
        yield Real(channel, "abuse@slow.test", internet)
        return
    with api_fetcher(internet.hosts_file, internet.port) as fetcher:
        api = ApiChannel(options(fetch_ports=(internet.port,)), fetcher, OFFICE)
        yield Real(api, f"http://prompt.test:{internet.port}/notices", internet)


def test_what_went_is_found_with_proof_and_only_that(real: Real) -> None:
    sent, other = an_envelope(real.to), an_envelope(real.to)
    assert isinstance(real.channel.look_up(sent, NOON), NotThere)
    assert isinstance(real.channel.send(sent, NOON), Delivered)
    found = real.channel.look_up(sent, NOON)
    assert isinstance(found, Delivered)
    assert found.proof
    assert isinstance(real.channel.look_up(other, NOON), NotThere)
    assert len(real.arrived(sent.key)) == 1
    assert real.arrived(other.key) == []


def test_the_same_notice_twice_is_one_notice_to_the_other_side(real: Real) -> None:
    envelope = an_envelope(real.to)
    for _ in range(2):
        assert isinstance(real.channel.send(envelope, NOON), Delivered)
    both = [one for one in real.internet.truth.notices() if one.notice_id == envelope.key]
    assert [one.replay for one in both] == [False, True]
    assert len({one.message_id for one in both}) == 1


def test_the_locations_arrive_as_they_were_named(real: Real) -> None:
    envelope = an_envelope(real.to)
    real.channel.send(envelope, NOON)
    (notice,) = (one for one in real.internet.truth.notices() if one.notice_id == envelope.key)
    assert notice.locations == envelope.locations


@pytest.mark.parametrize("kind", BY_MAIL)
def test_without_an_archive_nobody_can_tell_what_was_mailed(kind: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for archive in (None, tmp_path / "nowhere", tmp_path / "empty"):
        mail = mail_channel(kind, sent_archive=archive)
        assert isinstance(mail.look_up(an_envelope("abuse@slow.test"), NOON), CannotTell), archive


@pytest.mark.parametrize(
    "said",
    [http(500), http(403), http(429), http(200, b"<html>log in</html>"), http(204), b"nonsense\r\n\r\n"],
)
def test_an_endpoint_that_gives_no_answer_leaves_it_open(api_door: Door, said: bytes) -> None:
    api_door.server.says["GET"] = said
    assert isinstance(api_door.look_up(api_door.envelope()), CannotTell)


def test_an_endpoint_that_is_gone_leaves_it_open(tmp_path: Path) -> None:
    with door_of("api", tmp_path) as closed:
        pass
    assert isinstance(closed.look_up(closed.envelope()), CannotTell)


def test_a_location_that_is_no_endpoint_is_named(api_door: Door) -> None:
    wrong: Envelope = replace(api_door.envelope(), to="ftp://prompt.test/notices")
    assert isinstance(api_door.look_up(wrong), CannotTell)


@pytest.mark.parametrize(
    ("said", "loaded"),
    [
        (b"", None),
        (b', "loaded": ["http://prompt.test/p/1"]', ("http://prompt.test/p/1",)),
        (b', "loaded": []', ()),
        (b', "loaded": [1]', None),
        (b', "loaded": "all"', None),
        (b', "loaded": null', None),
    ],
)
def test_an_endpoint_may_say_what_it_loaded(
    api_door: Door, said: bytes, loaded: tuple[str, ...] | None
) -> None:
    body = b'{"receipt": "R-1"' + said + b"}"
    api_door.server.says = {"POST": http(202, body), "GET": http(200, body)}
    envelope = api_door.envelope()
    for result in (api_door.send(envelope), api_door.look_up(envelope)):
        assert isinstance(result, Delivered)
        assert result.loaded == loaded
