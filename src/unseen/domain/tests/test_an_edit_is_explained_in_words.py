import pytest

from unseen.domain.fingerprint import VARIANT_NAME
from unseen.domain.match import edit_words


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("full", "unedited"),
        ("mirror", "mirrored"),
        ("mirror+crop:5-0-0-2.5", "mirrored and cropped (left 5 %, bottom 2.5 %)"),
        ("border:black-0-11-0-11", "with a black border (top 11 %, bottom 11 %)"),
        ("border:white-square", "with a white border (to a square)"),
        ("turn:90", "turned by 90 degrees"),
        ("mirror+rotate:-3.5", "mirrored and turned by -3.5 degrees"),
        ("flip", "upside down in a mirror"),
        ("region", "in part"),
        ("frame", "frame"),
    ],
)
def test_an_edit_is_explained_in_words(how: str, words: str) -> None:
    assert edit_words(how) == words


@pytest.mark.parametrize(
    "name", ["holiday.jpg", "crop:left-6", "crop:100-0-0-0", "border:red-square", "turn:45", "region"]
)
def test_no_other_name_is_a_variant(name: str) -> None:
    assert not VARIANT_NAME.fullmatch(name)
