"""NumPy and the kernels answer the golden vectors; `browser/test/golden.test.ts` asks TypeScript the same."""

import json
from typing import Any

import pytest

from tests.vectors.golden import FILE, made, picture, pixels
from unseen import native
from unseen.fingerprint.pdq import dct_matrix
from unseen.fingerprint.picture import pdq_of

pytestmark = pytest.mark.thorough

GOLDEN: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(params=["numpy", "kernels"])
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "numpy":
        monkeypatch.setattr(native, "_MODULE", None)
    elif native.kernels() is None:
        pytest.skip("the kernels are not installed: make native")


@pytest.mark.usefixtures("_each_way")
@pytest.mark.parametrize(
    "vector",
    GOLDEN["vectors"],
    ids=lambda vector: f"{vector['width']}x{vector['height']}-{vector['orientation']}",
)
def test_the_golden_vectors_are_met(vector: dict[str, Any]) -> None:
    size = (vector["width"], vector["height"], vector["seed"])
    assert int(pixels(*size).sum()) == vector["sum"]
    answer = pdq_of(picture(*size, vector["orientation"]))
    assert (answer.value.hex(), answer.quality) == (vector["pdq"], vector["quality"])


def test_the_matrix_is_that_of_the_file() -> None:
    assert dct_matrix().tobytes().hex() == GOLDEN["dct_matrix"]


def test_the_file_is_what_its_command_writes() -> None:
    assert made() == GOLDEN
