"""The sample media that ship are the ones whose licences are listed, and no two of them can be taken for each other."""

import csv
import hashlib
from itertools import combinations

import numpy as np
import pytest

from unseen.domain.limits import REGIONS_RADIUS_BITS
from unseen.fingerprint import Ask, DecoderPool, Forms, ImageFingerprint
from unseen.testing.media import FOLDER as MEDIA
from unseen.testing.media import LICENCES, PHOTOS, VIDEOS


def test_every_file_is_listed_with_its_licence_and_digest() -> None:
    with LICENCES.open(newline="") as file:
        listed = list(csv.DictReader(file))
    files = {str(path.relative_to(MEDIA)) for path in (*PHOTOS, *VIDEOS)}
    assert {row["file"] for row in listed} == files
    for row in listed:
        assert row["licence"]
        assert hashlib.sha256((MEDIA / row["file"]).read_bytes()).hexdigest() == row["sha256"]


@pytest.mark.slow
def test_no_two_photographs_are_alike_even_mirrored_or_cropped(pool: DecoderPool) -> None:
    kept = {}
    for path in PHOTOS:
        answer = pool.fingerprint(path, Ask(forms=Forms.BANK))
        assert isinstance(answer, ImageFingerprint)
        forms = [bytes.fromhex(pdq) for pdq in (answer.pdq, *(form.pdq for form in answer.variants))]
        kept[path.name] = np.frombuffer(b"".join(forms), np.uint64).reshape(-1, 4)
    for (one, first), (other, second) in combinations(kept.items(), 2):
        nearest = np.bitwise_count(first[:, None] ^ second[None]).sum(axis=2).min()
        assert nearest > REGIONS_RADIUS_BITS + 20, (one, other)
