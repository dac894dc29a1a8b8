"""Our PDQ gives the reference's bits: on its own pixels exactly, against published values within upstream's tolerance."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from unseen.fingerprint.pdq import bits, dihedral, quality, rows_blurred, sampled, spectrum, uncertain
from unseen.fingerprint.picture import Picture, pdq_of
from unseen.fingerprint.reference import exact_samples, exact_spectrum

FOLDER = Path(os.environ.get("PDQ_VECTORS", Path(__file__).parent))
# Upstream's own test allows 16 bits (pdq/python/pdqhashing/tests/pdq_test.py); decoders differ, not the arithmetic.
PUBLISHED_TOLERANCE_BITS = 16


def vectors(file: str, key: str) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = json.loads((FOLDER / file).read_text())[key]
    return entries


def picture(name: str) -> Picture:
    with Image.open(FOLDER / name) as image:
        return Picture(image.convert("RGB"))


ORACLE = vectors("pdq_oracle_pdqhash.json", "vectors")
PUBLISHED = [
    entry
    for entry in vectors("pdq_published.json", "published")
    if entry["transform"] == "original" and "absent from this" not in entry["note"]
]


@pytest.mark.parametrize("vector", ORACLE, ids=lambda vector: vector["file"])
def test_bits_and_quality_equal_the_reference(vector: dict[str, Any]) -> None:
    decoded = picture(vector["file"])
    assert hashlib.sha256(decoded.image.tobytes()).hexdigest() == vector["rgb_sha256"], "another decoder"
    answer = pdq_of(decoded)
    assert (answer.value.hex(), answer.quality) == (vector["pdq"], vector["quality"])


@pytest.mark.parametrize("vector", ORACLE, ids=lambda vector: vector["file"])
def test_the_reference_steps_and_the_eight_turned_forms_equal_the_reference(vector: dict[str, Any]) -> None:
    decoded = picture(vector["file"])
    samples = exact_samples(decoded.luma, decoded.height, decoded.width)
    coefficients = exact_spectrum(samples)
    assert (bits(coefficients).hex(), quality(samples)) == (vector["pdq"], vector["quality"])
    turned = {name: value.hex() for name, value in dihedral(coefficients).items()}
    assert turned == vector["dihedral_dct"]


@pytest.mark.parametrize("vector", ORACLE, ids=lambda vector: vector["file"])
def test_the_fast_sum_says_when_it_could_differ(vector: dict[str, Any]) -> None:
    decoded = picture(vector["file"])
    samples = sampled(rows_blurred(decoded.luma, 0, decoded.height), 0, decoded.width)
    coefficients = spectrum(samples)
    same = (bits(coefficients).hex(), quality(samples)) == (vector["pdq"], vector["quality"])
    assert same or uncertain(samples, coefficients, max(decoded.width, decoded.height))


@pytest.mark.parametrize("entry", PUBLISHED, ids=lambda entry: f"{entry['source']}:{entry['local']}")
def test_published_values_are_met_within_upstreams_tolerance(entry: dict[str, Any]) -> None:
    answer = pdq_of(picture(entry["local"]))
    distance = (int.from_bytes(answer.value) ^ int(entry["hash"], 16)).bit_count()
    assert distance <= PUBLISHED_TOLERANCE_BITS
    assert distance == entry["hamming_to_oracle"]
    assert entry["quality"] in (None, answer.quality)
