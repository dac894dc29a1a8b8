import signal
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from django.db import OperationalError

from unseen import clock, worker
from unseen.domain.limits import LEASE
from unseen.intake.models import Report
from unseen.intake.tests.reports import HOUR, NOON, a_report
from unseen.leases import claim
from unseen.worker import Heartbeat, NameTaken, StageDue, Worker, heartbeat_path, read_heartbeat

pytestmark = pytest.mark.django_db


def idle(call: int) -> int:
    return 0


class Stage:
    """A stage that does as it is told, and writes down when it was asked."""

    def __init__(self, do: Callable[[int], int] = idle, due_at: datetime | None = None) -> None:
        self.calls = 0
        self._do, self._due_at = do, due_at

    def do_due(self, now: datetime, worker: str) -> int:
        self.calls += 1
        return self._do(self.calls)

    def next_due_at(self) -> datetime | None:
        return self._due_at


@pytest.fixture(autouse=True)
def in_one_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses, and the signals as they were."""
    monkeypatch.setattr(worker, "SYSTEM_IDLE_S", 0.0)
    monkeypatch.setattr(worker, "FAILURE_PAUSE_S", 0.0)
    monkeypatch.setattr(
        worker, "close_old_connections", list
    )  # the test's transaction lives in the connection
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    def run_for(ticks: int, *stages: StageDue) -> None:
        """Let a worker with these stages make so many ticks; then somebody stops it with SIGTERM."""
        left = iter(range(ticks))
        tick = Worker._tick

        def counted(self: Worker) -> datetime | None:
            if next(left, None) is None:
                signal.raise_signal(signal.SIGTERM)
                return None
            return tick(self)

        monkeypatch.setattr(clock, "now", lambda: NOON)
        monkeypatch.setattr(worker, "STAGES", stages)
        with monkeypatch.context() as counting:
            counting.setattr(Worker, "_tick", counted)
            Worker("one", tmp_path).run()

    return run_for


def fails(call: int) -> int:
    raise RuntimeError("a bug")


def test_a_stage_is_asked_until_it_has_nothing_left(run: Callable[..., None]) -> None:
    busy, other = Stage(lambda call: 3 - call), Stage()
    run(1, busy, other)
    assert (busy.calls, other.calls) == (3, 3)


def test_the_clock_is_read_again_before_each_round(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A round may take an hour. Leases that count from its beginning would be over before the next work begins."""
    times = iter([NOON, NOON + HOUR, NOON + 2 * HOUR])
    told: list[datetime] = []

    class Slow(Stage):
        def do_due(self, now: datetime, worker: str) -> int:
            told.append(now)
            return super().do_due(now, worker)

    monkeypatch.setattr(clock, "now", lambda: next(times))
    passed_s = iter([0.0, 3_600.0, 7_200.0])
    monkeypatch.setattr(worker, "passed_s", lambda: next(passed_s))
    monkeypatch.setattr(worker, "STAGES", (Slow(lambda call: 3 - call),))
    assert Worker("one", tmp_path)._tick() == NOON + 2 * HOUR
    assert told == [NOON, NOON + HOUR, NOON + 2 * HOUR]


def test_the_heartbeat_says_when_it_was_idle_and_what_is_due_next(
    run: Callable[..., None], tmp_path: Path
) -> None:
    assert read_heartbeat(tmp_path, "one") is None
    run(1, Stage(), Stage(due_at=NOON + 2 * HOUR), Stage(due_at=NOON + HOUR))
    beat = read_heartbeat(tmp_path, "one")
    assert beat is not None
    assert (beat.idle_at, beat.next_due_at) == (NOON.isoformat(), (NOON + HOUR).isoformat())


def test_a_heartbeat_that_cannot_be_written_ends_no_worker(run: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "worker-one.new").mkdir()  # stands for a full disk
    stage = Stage()
    run(3, stage)
    assert stage.calls == 3
    assert read_heartbeat(tmp_path, "one") is None


def test_a_clock_that_jumps_stops_the_work_and_not_the_worker(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    times = iter([NOON, NOON + 24 * HOUR, NOON])
    monkeypatch.setattr(clock, "now", lambda: next(times))
    monkeypatch.setattr(worker, "passed_s", lambda: 1_000.0)
    stage = Stage()
    monkeypatch.setattr(worker, "STAGES", (stage,))
    one = Worker("one", tmp_path)
    assert [one._tick(), one._tick(), one._tick()] == [NOON, None, NOON]
    assert stage.calls == 2


def test_a_database_that_went_away_ends_no_worker(
    monkeypatch: pytest.MonkeyPatch, run: Callable[..., None], tmp_path: Path
) -> None:
    answers: Iterator[Exception | None] = iter([OperationalError("gone"), None])

    def latest_at() -> datetime:
        if (trouble := next(answers)) is not None:
            raise trouble
        return NOON

    monkeypatch.setattr("unseen.journal.queries.latest_at", latest_at)
    stage = Stage()
    run(2, stage)
    assert stage.calls == 1


def test_there_is_no_heartbeat_while_something_fails(run: Callable[..., None], tmp_path: Path) -> None:
    run(3, Stage(fails))
    assert read_heartbeat(tmp_path, "one") is None


def test_there_is_no_heartbeat_when_it_was_stopped_in_the_middle(
    run: Callable[..., None], tmp_path: Path
) -> None:
    def stopped(call: int) -> int:
        signal.raise_signal(signal.SIGTERM)
        return 1

    stage = Stage(stopped)
    run(3, stage)
    assert stage.calls == 1
    assert read_heartbeat(tmp_path, "one") is None


@pytest.mark.parametrize("words", ["", "{}", "[]", "5", '{"pid": 1}', "\x00"])
def test_a_damaged_heartbeat_is_none(tmp_path: Path, words: str) -> None:
    heartbeat_path(tmp_path, "one").write_text(words)
    assert read_heartbeat(tmp_path, "one") is None


def test_a_heartbeat_is_read_as_it_was_written(tmp_path: Path) -> None:
    heartbeat_path(tmp_path, "one").write_text('{"pid": 7, "idle_at": "x", "next_due_at": null}')
    assert read_heartbeat(tmp_path, "one") == Heartbeat(7, "x", None)


def test_a_failing_stage_does_not_stop_the_others(run: Callable[..., None]) -> None:
    before, broken, after = Stage(), Stage(fails), Stage(lambda call: int(call == 1))
    run(2, before, broken, after)
    assert (before.calls, broken.calls, after.calls) == (3, 2, 3)


def test_what_a_failing_stage_had_in_hand_waits_for_its_lease(run: Callable[..., None]) -> None:
    a_report(at=NOON)
    taken: list[int] = []

    def claims_and_fails(call: int) -> int:
        taken.append(len(claim(Report.objects.all(), "one", NOON, 10)))
        raise RuntimeError("a bug")

    run(3, Stage(claims_and_fails))
    assert taken == [1, 0, 0]
    assert Report.objects.get().lease_until == NOON + LEASE


def test_a_start_takes_back_what_a_killed_predecessor_had_in_hand(run: Callable[..., None]) -> None:
    for _ in range(2):
        a_report()
    claim(Report.objects.all(), "one", NOON, 1)
    claim(Report.objects.all(), "two", NOON, 1)
    run(1, Stage())
    assert sorted(Report.objects.values_list("lease_by", flat=True)) == ["", "two"]


def test_a_name_is_for_one_living_worker(run: Callable[..., None], tmp_path: Path) -> None:
    with (
        Worker("one", tmp_path)._own_name(),
        Worker("two", tmp_path)._own_name(),
        pytest.raises(NameTaken, match="a worker named 'one' is running: stop it, or set UNSEEN_WORKER_NAME"),
    ):
        run(1, Stage())
    assert read_heartbeat(tmp_path, "one") is None


def test_the_name_is_free_again_when_the_worker_has_gone(run: Callable[..., None]) -> None:
    for _ in range(2):
        run(1, Stage())
