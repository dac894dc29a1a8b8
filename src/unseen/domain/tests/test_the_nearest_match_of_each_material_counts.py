import pytest
from hypothesis import given
from hypothesis import strategies as st

from unseen.domain.limits import RADIUS_BITS
from unseen.domain.match import Match, edit_words, nearest

matches = st.lists(
    st.builds(Match, st.sampled_from("abc"), st.integers(0, RADIUS_BITS), st.sampled_from(("full", "mirror")))
)


@given(matches)
def test_each_material_is_named_once_with_its_nearest_match(found: list[Match]) -> None:
    best = nearest(found)
    assert {match.material for match in best} == {match.material for match in found}
    assert len({match.material for match in best}) == len(best)
    for match in best:
        assert match in found
        assert match.distance_bits == min(
            other.distance_bits for other in found if other.material == match.material
        )
    assert [match.distance_bits for match in best] == sorted(match.distance_bits for match in best)


def test_31_bits_are_a_match_and_32_are_a_mistake() -> None:
    assert nearest([Match("a", 31)])
    with pytest.raises(ValueError, match="32 bits lies outside the radius of 31"):
        nearest([Match("a", 32)])


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("full", "unedited"),
        ("mirror+crop:5-0-0-5", "mirrored and cropped (left 5 %, bottom 5 %)"),
        ("border:black-square", "with a black border (to a square)"),
        ("trim", "without its border"),
    ],
)
def test_an_edit_is_told_in_words(how: str, words: str) -> None:
    assert edit_words(how) == words
