import pytest

from unseen.domain import limits
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.report import AgeBand, BadReport, MaterialKind, ReportDraft, ReportedMaterial, check_report

SHARP = Fingerprint(bytes(32), quality=100)
BLANK = Fingerprint(bytes(32), quality=limits.QUALITY_MIN - 1)
PICTURE = ReportedMaterial(MaterialKind.IMAGE, (SHARP,))


def draft(materials: int = 1, locations: int = 1) -> ReportDraft:
    places = tuple(f"https://slow.example/p/{number}" for number in range(locations))
    return ReportDraft(AgeBand.UNKNOWN, (PICTURE,) * materials, places)


@pytest.mark.parametrize(
    "fine",
    [
        draft(),
        draft(materials=0),
        draft(locations=0),
        draft(limits.MATERIALS_PER_REPORT_MAX, limits.LOCATIONS_PER_REPORT_MAX),
    ],
)
def test_a_fine_report_is_taken_as_it_is(fine: ReportDraft) -> None:
    assert check_report(fine) is fine


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (draft(materials=0, locations=0), "the report is empty"),
        (draft(locations=10_000), "10000 locations are more than the 200"),
        (draft(materials=51), "51 materials are more than the 50"),
    ],
)
def test_a_bad_report_is_named_with_its_cure(bad: ReportDraft, words: str) -> None:
    with pytest.raises(BadReport, match=words):
        check_report(bad)


def test_a_material_that_is_blank_all_over_proves_nothing_and_is_named_by_its_number() -> None:
    blank = ReportedMaterial(MaterialKind.VIDEO, (BLANK, BLANK))
    with pytest.raises(BadReport, match="material 2 has no fingerprint of quality 50"):
        check_report(ReportDraft(AgeBand.ADULT, (PICTURE, blank), ()))


def test_one_sharp_frame_among_blank_ones_is_enough() -> None:
    film = ReportedMaterial(MaterialKind.VIDEO, (BLANK, SHARP, BLANK))
    check_report(ReportDraft(AgeBand.ADULT, (film,), ()))


def test_a_film_of_too_many_frames_is_refused() -> None:
    film = ReportedMaterial(MaterialKind.VIDEO, (SHARP,) * (limits.FINGERPRINTS_PER_MATERIAL_MAX + 1))
    with pytest.raises(BadReport, match="fingerprints of material 1"):
        check_report(ReportDraft(AgeBand.ADULT, (film,), ()))
