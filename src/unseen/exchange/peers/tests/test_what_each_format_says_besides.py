import json

import pytest

from unseen.exchange.peers.lists import csv_lists, json_lines
from unseen.exchange.peers.local_file import lines
from unseen.exchange.peers.ncmec import entries
from unseen.exchange.peers.record import PeerKind, PeerRecord, PeerTrouble, Reason
from unseen.exchange.peers.safe_xml import DEPTH_MAX, parse
from unseen.exchange.peers.stopncii import records
from unseen.exchange.peers.tests.formats import ONE, TWO

LIVE = PeerRecord("a", PeerKind.PDQ, bytes.fromhex(ONE), quality=80)
GONE = PeerRecord("b", PeerKind.PDQ, b"", withdrawn=True)


def test_what_is_written_is_read_again() -> None:
    for form in (csv_lists, json_lines):
        batch = form.read(b"".join(form.write([LIVE, GONE])))
        assert batch.records == (LIVE, GONE)
    assert b"".join(lines.write([LIVE, GONE])) == f"pdq {ONE}\n".encode()


def test_a_line_of_our_own_command_is_read() -> None:
    told = {
        "path": "x.jpg",
        "kind": "image",
        "width": 1,
        "height": 1,
        "sha256": "ab" * 32,
        "pdq": ONE,
        "quality": 100,
    }
    batch = json_lines.read(json.dumps(told).encode())
    assert [record.value.hex() for record in batch.records] == [ONE]
    told["quality"] = 49
    assert json_lines.read(json.dumps(told).encode()).refused[0].reason is Reason.LOW_QUALITY


def test_kinds_that_we_do_not_search_are_counted_and_not_put_aside() -> None:
    batch = lines.read(f"video_md5 {'ab' * 16}\npdq {ONE}\n".encode())
    assert (batch.passed_over, len(batch.records), batch.refused) == (1, 1, ())


def test_a_deleted_entry_of_ncmec_withdraws_its_fingerprints() -> None:
    raw = (
        f'<queryResult xmlns="{entries.NAMESPACE}"><images maxTimestamp="2026-10-24T15:10:00Z"><deletedImage>'
        '<member id="43">Example</member><id>image4</id><timestamp>2026-10-24T15:10:00Z</timestamp></deletedImage></images>'
        "<paging><next>/v2/entries?from=x&amp;start=2001</next></paging></queryResult>"
    ).encode()
    batch = entries.read(raw)
    assert {record.theirs for record in batch.records} == {"43/image4/pdq", "43/image4/sha256"}
    assert all(record.withdrawn for record in batch.records)
    assert (batch.cursor, batch.more) == ("/v2/entries?from=x&start=2001", True)


@pytest.mark.parametrize(
    "declared", ['<!DOCTYPE q SYSTEM "http://x.example/x.dtd">', '<!DOCTYPE q [<!ENTITY a "b">]>']
)
def test_xml_with_a_document_type_is_refused(declared: str) -> None:
    with pytest.raises(PeerTrouble, match="document type"):
        parse(f'<?xml version="1.0"?>{declared}<queryResult/>'.encode())


def test_xml_that_is_deeper_than_any_answer_is_refused() -> None:
    assert parse(b"<a>" * DEPTH_MAX + b"</a>" * DEPTH_MAX).tag == "a"
    with pytest.raises(PeerTrouble, match="deeper"):
        parse(b"<a>" * (DEPTH_MAX + 1) + b"</a>" * (DEPTH_MAX + 1))


def test_both_spellings_of_stopnciis_signal_type_are_taken() -> None:
    told = [
        {"lastModtimestamp": 1, "signalType": word, "hashValue": value}
        for word, value in (("ImagePDQ", ONE), ("StopNCIISignalType.ImagePDQ", TWO))
    ]
    batch = records.read_submitted(json.dumps({"hashRecords": told}).encode())
    assert [record.value.hex() for record in batch.records] == [ONE, TWO]


def test_who_submits_to_stopncii_withdraws_by_status_or_by_feedback() -> None:
    told = [
        {"lastModtimestamp": 1, "signalType": "ImagePDQ", "hashValue": ONE, "hashStatus": "Withdrawn"},
        {
            "lastModtimestamp": 1,
            "signalType": "ImagePDQ",
            "hashValue": TWO,
            "CSPFeedbacks": [{"feedbackValue": "Deleted"}],
        },
    ]
    batch = records.read_submitted(json.dumps({"hashRecords": told}).encode())
    assert [(record.theirs, record.withdrawn) for record in batch.records] == [(ONE, True), (TWO, True)]


def test_feedback_that_cannot_be_read_is_put_aside_and_the_rest_taken() -> None:
    told = [
        {"hashValue": ONE, "feedbackValue": "Blocked", "tags": []},
        {"hashValue": ONE, "feedbackValue": "Loved", "tags": []},
        {"hashValue": 7, "feedbackValue": "Blocked"},
        "x",
    ]
    found, batch = records.read_feedback(json.dumps({"hashFeedbacks": told}).encode())
    assert [(one.value.hex(), one.verdict) for one in found] == [(ONE, "Blocked")]
    assert len(batch.refused) == 3
