"""What a stopped scan did counts only for the same file in the same state, the same bank and the same options."""

import os
import sqlite3
from pathlib import Path

import pytest

from unseen.discovery.sources import Found, open_source
from unseen.scanning.limits import RECORD_KEPT_DAYS
from unseen.scanning.record import Record, RecordError, Stamp, default_name, forget_old, stamp_of

TERMS = {"the bank": "a", "level": "regions"}
MATCHES = {"matches": [{"label": "ours", "distance_bits": 3, "how": "full", "at_s": []}]}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state" / "one.scan"


def found_at(path: Path) -> Found:
    (found,) = open_source(str(path))
    return found


def stamp_at(path: Path) -> Stamp:
    stamp = stamp_of(found_at(path))
    assert stamp
    return stamp


def recorded(place: Path, path: Path) -> None:
    record = Record.open(place, TERMS)
    record.keep(stamp_at(path), MATCHES)
    record.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a very private name.jpg"
    path.write_bytes(b"first")
    return path


def test_a_file_that_did_not_change_is_not_looked_at_again(place: Path, file: Path) -> None:
    recorded(place, file)
    again = Record.open(place, TERMS)
    assert again.finished(stamp_at(file)) == MATCHES
    assert (again.files_before, again.voided) == (1, "")
    again.close()


def test_a_file_that_changed_is_looked_at_again(place: Path, file: Path) -> None:
    recorded(place, file)
    facts = file.stat()
    again = Record.open(place, TERMS)
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns + 1))
    assert again.finished(stamp_at(file)) is None
    file.write_bytes(b"longer than first")
    os.utime(file, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert again.finished(stamp_at(file)) is None
    again.close()


def test_another_bank_or_another_level_makes_all_of_it_void(place: Path, file: Path) -> None:
    recorded(place, file)
    other = Record.open(place, {**TERMS, "the bank": "b"})
    assert (other.voided, other.files_before) == ("the bank", 0)
    assert other.finished(stamp_at(file)) is None
    other.close()
    back = Record.open(place, TERMS)
    assert (back.voided, back.files_before) == ("the bank", 0)
    back.close()


def test_what_was_not_found_is_asked_for_again(place: Path, file: Path) -> None:
    record = Record.open(place, TERMS)
    record.keep(stamp_at(file), {"error": {"code": "not_found", "message": "gone"}})
    record.keep(Stamp(b"x", ""), {"error": {"code": "undecodable", "message": "broken"}})
    record.close()
    assert Record.open(place, TERMS).files_before == 1


def test_two_runs_of_one_scan_do_not_share_a_record(place: Path) -> None:
    first = Record.open(place, TERMS)
    with pytest.raises(RecordError, match="in use by another run"):
        Record.open(place, TERMS)
    first.close()
    Record.open(place, TERMS).close()


@pytest.mark.parametrize("content", [b"Dear all,\n" * 100, b"SQLite format 3\0" + b"\1" * 4096])
def test_somebody_elses_file_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    theirs = tmp_path / "letter"
    theirs.write_bytes(content)
    with pytest.raises(RecordError, match="no record of a scan"):
        Record.open(theirs, TERMS)
    assert theirs.read_bytes() == content
    assert not Record.is_one(theirs)


def test_somebody_elses_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs.sqlite3"
    with sqlite3.connect(theirs) as database:
        database.execute("create table people (name text)")
    database.close()
    before = theirs.read_bytes()
    with pytest.raises(RecordError, match="no record of a scan"):
        Record.open(theirs, TERMS)
    assert theirs.read_bytes() == before


def test_a_flipped_bit_costs_a_look_and_no_wrong_line(place: Path, file: Path) -> None:
    recorded(place, file)
    data = bytearray(place.read_bytes())
    data[data.index(b'"ours"') + 1] ^= 1
    place.write_bytes(data)
    again = Record.open(place, TERMS)
    assert again.finished(stamp_at(file)) is None
    again.close()


def test_a_record_holds_no_name_and_is_its_owners_alone(place: Path, file: Path) -> None:
    recorded(place, file)
    assert b"private" not in place.read_bytes()
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_stays_when_a_scan_is_over(place: Path, file: Path) -> None:
    record = Record.open(place, TERMS)
    record.keep(stamp_at(file), MATCHES)
    record.remove()
    assert list(place.parent.iterdir()) == []


def test_a_full_disk_is_named(place: Path, file: Path) -> None:
    record = Record.open(place, TERMS)
    record._database.execute("pragma max_page_count = 1")
    with pytest.raises(RecordError, match=r"full.*make room"):
        record.keep(Stamp(b"x", ""), {"matches": [{"label": "x" * 40_000}]})
    record.close()


def test_a_record_that_nobody_went_on_with_is_forgotten(place: Path, file: Path) -> None:
    recorded(place, file)
    changed_s = place.stat().st_mtime
    forget_old(place.parent, changed_s + RECORD_KEPT_DAYS * 86_400 - 1)
    assert place.exists()
    forget_old(place.parent, changed_s + RECORD_KEPT_DAYS * 86_400 + 1)
    assert not place.exists()


def test_the_same_command_has_the_same_record_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    here = default_name(["pictures", "s3://box/a"], Path("bank"), {"level": "regions"})
    (tmp_path / "below").mkdir()
    monkeypatch.chdir(tmp_path / "below")
    assert default_name(["../pictures", "s3://box/a"], tmp_path / "bank", {"level": "regions"}) == here
    assert default_name(["../pictures", "s3://box/b"], tmp_path / "bank", {"level": "regions"}) != here
