"""A manifest or a line of labels whose checksum fits and whose facts lie is named; nothing outside the folder is read."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from unseen.fingerprint.model import ImageFingerprint
from unseen.matching import BankError
from unseen.matching.files import MANIFEST
from unseen.matching.labelled import Form, LabelledBank
from unseen.matching.labels import LABELS

ASKED = [Form("full", "a" * 64)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kept = LabelledBank.open(tmp_path / "bank")
    # Two writes: more than a small bank keeps in one place.
    for number in range(2):
        value = np.random.default_rng(number).bytes(32).hex()
        kept.add([(f"label {number}", ImageFingerprint(9, 9, f"{number:064x}", value, 99))])
    return tmp_path / "bank"


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"[]",
        b"not json",
        b"[" * 100_000,
        b'{"first_id": 1}',
        b'{"first_id": -1, "label": "a", "sha256": "b", "forms": ["full"]}',
        b'{"first_id": "1", "label": "a", "sha256": "b", "forms": ["full"]}',
        b'{"first_id": 1, "label": 7, "sha256": "b", "forms": ["full"]}',
        b'{"first_id": 1, "label": "a", "sha256": "b", "forms": [1]}',
        b'{"first_id": 18446744073709551615, "label": "a", "sha256": "b", "forms": ["full"]}',
    ],
)
def test_a_line_of_labels_that_lies_is_named_with_its_number(folder: Path, line: bytes) -> None:
    with (folder / LABELS).open("ab") as file:
        file.write(line + b"\t%08x\n" % zlib.crc32(line))
    with pytest.raises(BankError, match=r"labels.jsonl line 3 is no entry"):
        LabelledBank.open(folder).match(ASKED)


@pytest.mark.parametrize(
    "lie",
    [
        {"file": "../../etc/passwd"},
        {"file": "/etc/passwd"},
        {"file": 7},
        {"count": -1},
        {"count": 2**60},
        {"count": "1"},
        {"count": True},
        {"sha256": "z" * 64},
        {"sha256": None},
    ],
)
def test_a_manifest_that_lies_about_a_part_is_named(folder: Path, lie: dict[str, Any]) -> None:
    facts = json.loads((folder / MANIFEST).read_text().rpartition("}")[0] + "}")
    facts["parts"] = [{"file": "00000009.bank", "count": 1, "sha256": "0" * 64, **lie}]
    body = json.dumps(facts)
    (folder / MANIFEST).write_text(f"{body}\n{hashlib.sha256(body.encode()).hexdigest()}\n")
    with pytest.raises(BankError, match="no manifest of a bank"):
        LabelledBank.open(folder).match(ASKED)
