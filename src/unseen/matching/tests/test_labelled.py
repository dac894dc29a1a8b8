"""Labels: one match a label with the edit that explains it; a damaged side file is named; removal forgets the words."""

import hashlib
import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from unseen.fingerprint import Frame, ImageFingerprint, Variant, VideoFingerprint
from unseen.matching import BankError
from unseen.matching.labelled import Form, LabelledBank, LabelMatch, explained, forms_of
from unseen.matching.labels import LABELS


def pdq(number: int, bits_off: int = 0) -> str:
    """Values far apart for different numbers; `bits_off` of the lowest bits turned."""
    value = int.from_bytes(hashlib.sha256(bytes([number])).digest())
    return f"{value ^ ((1 << bits_off) - 1):064x}"


def image(number: int, *variants: str) -> ImageFingerprint:
    forms = tuple(
        Variant(name, pdq(number + 10 * place, 0), 90) for place, name in enumerate(variants, start=1)
    )
    return ImageFingerprint(100, 100, f"{number:064x}", pdq(number), 100, forms)


VIDEO = VideoFingerprint(
    2.0, "f" * 64, (Frame(0.0, pdq(7), 100), Frame(1.0, pdq(7, 3), 100), Frame(2.0, pdq(8), 12))
)


@pytest.fixture
def bank(tmp_path: Path) -> LabelledBank:
    made = LabelledBank.open(tmp_path)
    made.add([("barn", image(1, "mirror", "crop:6-0-0-0")), ("film", VIDEO)])
    return made


def test_a_label_matches_once_by_its_nearest_form(bank: LabelledBank) -> None:
    assert bank.match([Form("full", pdq(1, 2))]) == [LabelMatch("barn", 2, "full", ())]
    assert bank.match([Form("full", pdq(21, 5))]) == [LabelMatch("barn", 5, "crop:6-0-0-0", ())]
    assert bank.match([Form("full", pdq(5))]) == []


def test_many_threads_ask_one_bank_while_it_grows(bank: LabelledBank) -> None:
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(bank.match, [Form("full", pdq(1, 2))]) for _ in range(200)]
        for number in range(40, 50):
            bank.add([(f"more {number}", image(number))])
    assert {tuple(each.result()) for each in asked} == {(LabelMatch("barn", 2, "full", ()),)}
    assert [match.label for match in bank.match([Form("full", pdq(49))])] == ["more 49"]


def test_a_video_matches_with_the_querys_seconds(bank: LabelledBank) -> None:
    frames = [Form("frame", pdq(7, 1), 12.0), Form("frame", pdq(7, 4), 13.0), Form("frame", pdq(4), 14.0)]
    (match,) = bank.match(frames)
    assert (match.label, match.distance_bits, match.how, match.at_s) == ("film", 1, "frame", (12.0, 13.0))
    (segment,) = match.segments
    assert (segment.from_s, segment.bank_from_s, segment.speed) == (12.0, 0.0, 1.0)


def test_a_film_kept_before_times_were_written_still_matches(tmp_path: Path) -> None:
    kept = LabelledBank.open(tmp_path)
    kept.add([("film", VIDEO)])
    facts = {"first_id": 1, "label": "film", "sha256": "f" * 64, "forms": ["frame", "frame"]}
    line = json.dumps(facts, separators=(",", ":")).encode()
    (tmp_path / LABELS).write_bytes(line + b"\t%08x\n" % zlib.crc32(line))
    frames = [Form("frame", pdq(7, 1), 12.0), Form("frame", pdq(4), 14.0)]
    assert kept.match(frames) == [LabelMatch("film", 1, "frame", (12.0,))]


def test_what_is_too_flat_to_search_is_not_kept(bank: LabelledBank) -> None:
    assert [form.pdq for form in forms_of(VIDEO)] == [pdq(7), pdq(7, 3)]
    assert bank.match([Form("full", pdq(8))]) == []


def test_adding_the_same_again_adds_nothing(bank: LabelledBank) -> None:
    assert bank.add([("barn", image(1, "mirror", "crop:6-0-0-0"))]) == 0
    assert bank.add([("other", image(1))]) == 1
    assert [match.label for match in bank.match([Form("full", pdq(1))])] == ["barn", "other"]


def test_removing_a_label_forgets_its_words_too(bank: LabelledBank, tmp_path: Path) -> None:
    assert bank.remove("barn") == 1
    assert bank.remove("barn") == 0
    assert bank.match([Form("full", pdq(1))]) == []
    assert not [path for path in tmp_path.iterdir() if b"barn" in path.read_bytes()]
    assert bank.add([("barn", image(2))]) == 1
    assert bank.match([Form("full", pdq(2))])[0].label == "barn"


def test_a_damaged_line_is_named_and_an_unfinished_one_forgotten(bank: LabelledBank, tmp_path: Path) -> None:
    path = tmp_path / LABELS
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"first_id": 9')
    assert len(bank.entries()) == 2
    assert bank.add([("new", image(3))]) == 1
    assert len(bank.entries()) == 3
    path.write_bytes(path.read_bytes().replace(b"barn", b"born"))
    with pytest.raises(BankError, match=r"labels.jsonl line 1 is damaged .*: restore"):
        bank.entries()


@pytest.mark.parametrize(
    ("kept", "asked", "how"),
    [
        ("full", "full", "full"),
        ("mirror", "full", "mirror"),
        ("full", "mirror", "mirror"),
        ("mirror", "mirror", "full"),
        ("mirror+crop:0-3-0-0", "full", "mirror+crop:0-3-0-0"),
        ("mirror+crop:0-3-0-0", "mirror", "crop:0-3-0-0"),
        ("crop:0-3-0-0", "mirror", "mirror+crop:0-3-0-0"),
        ("full", "content:0", "region"),
        ("mirror", "mirror+content:0", "region"),
        ("frame", "full", "frame"),
        ("full", "frame+mirror", "frame"),
    ],
)
def test_how_a_pair_of_forms_explains_a_match(kept: str, asked: str, how: str) -> None:
    assert explained(kept, asked) == how


def test_labels_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    empty = LabelledBank.open(tmp_path)
    (tmp_path / "labels.jsonl").mkdir()
    with pytest.raises(BankError, match=r"labels\.jsonl cannot be read"):
        empty.entries()
