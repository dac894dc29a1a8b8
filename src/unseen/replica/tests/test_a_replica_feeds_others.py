"""Whoever follows a replica gets the centre's own signed pages: those that are fresh from it, others passed on."""

import threading
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from unseen.feed.lines import LINE_BYTES
from unseen.replica.ask import KEY_HEADER, Asking
from unseen.replica.errors import AskFailed
from unseen.replica.follow import Follower
from unseen.replica.invitation import Invitation
from unseen.replica.match import Replica
from unseen.replica.peer import Peer, begin
from unseen.replica.serve import Mirror, MirrorServer
from unseen.replica.tests.replicas import Platform, value

pytestmark = pytest.mark.thorough


class Other:
    """A follower of a mirror in the same process."""

    def __init__(self, folder: Path, origin: Platform, mirror: Mirror) -> None:
        begin(folder, Invitation("https://mirror.test", origin.feed.name, (origin.feed.key,), None))
        self.mirror = mirror
        self.follower = Follower(folder, self, origin.clock)
        self.replica = Replica.open(folder, origin.clock)

    def page(self, after: int, wall_s: float, fresh: bool = False) -> bytes:
        return self.mirror.page(after, fresh)


@pytest.fixture
def origin(tmp_path: Path) -> Platform:
    made = Platform(tmp_path / "origin")
    for _ in range(50):
        made.feed.add(value())
    made.follower.turn()
    return made


def other_of(origin: Platform) -> Other:
    return Other(origin.folder.with_name("other"), origin, Mirror(origin.folder, origin, origin.clock))


def test_others_follow_it_from_the_first_line_and_keep_up_without_the_centre(origin: Platform) -> None:
    other = other_of(origin)
    other.follower.turn()
    assert other.follower.health.trouble == ""
    assert other.follower.store.state.size == 50
    shown = value()
    entry = origin.feed.add(shown)
    origin.clock.pass_s(20)
    origin.follower.turn()
    origin.cut_off()
    other.follower.turn()
    assert other.follower.health.trouble == ""
    assert [one.entry for one in other.replica.match(shown)] == [entry.hex()]


def test_a_head_that_is_too_old_is_passed_on_and_not_given(origin: Platform) -> None:
    mirror = Mirror(origin.folder, origin, origin.clock)
    assert len(mirror.page(0, fresh=False)) > 20 * LINE_BYTES
    origin.cut_off()
    assert mirror.page(0, fresh=False)
    origin.clock.pass_s(3_600)
    with pytest.raises(AskFailed):
        mirror.page(0, fresh=False)


def test_a_withdrawn_value_is_not_given_any_more(origin: Platform) -> None:
    shown = value()
    entry = origin.feed.add(shown)
    origin.follower.turn()
    mirror = Mirror(origin.folder, origin, origin.clock)
    assert shown in mirror.page(50, fresh=False)
    origin.feed.withdraw(entry)
    origin.follower.turn()
    origin.cut_off()
    assert shown not in mirror.page(50, fresh=False)


def test_nobody_is_shown_a_head_older_than_one_that_was_passed_on(origin: Platform) -> None:
    other = other_of(origin)
    origin.clock.pass_s(100)
    mirror = other.mirror
    mirror.page(5, fresh=False)
    origin.cut_off()
    with pytest.raises(AskFailed):
        mirror.page(20, fresh=False)


@pytest.fixture
def address(origin: Platform) -> Iterator[str]:
    server = MirrorServer(("127.0.0.1", 0), Mirror(origin.folder, origin, origin.clock), "a key of ours")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_over_http_it_asks_for_its_key(origin: Platform, address: str) -> None:
    with Asking(Peer(address, "a key of ours", None)) as asking:
        assert asking.page(0, 0.0) == origin.feed.page(0)
    with Asking(Peer(address, "another key", None)) as asking, pytest.raises(AskFailed, match="401"):
        asking.page(0, 0.0)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/exchange/v1/page?after=-1", 400), ("/exchange/v1/page", 400), ("/elsewhere?after=0", 404)],
)
def test_what_is_no_question_gets_no_page(address: str, path: str, status: int) -> None:
    assert httpx2.get(address + path, headers={KEY_HEADER: "a key of ours"}).status_code == status


def test_when_neither_has_the_page_it_says_so(origin: Platform, address: str) -> None:
    origin.cut_off()
    answer = httpx2.get(f"{address}/exchange/v1/page?after=7", headers={KEY_HEADER: "a key of ours"})
    assert answer.status_code == 503
    assert "ask again later" in answer.text
