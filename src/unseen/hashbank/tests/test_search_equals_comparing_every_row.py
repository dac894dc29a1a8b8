import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unseen.domain.limits import QUALITY_MIN, RADIUS_BITS
from unseen.hashbank.models import BankEntry
from unseen.hashbank.queries import search
from unseen.hashbank.tests.banked import bits, work
from unseen.intake.actions import withdraw_report
from unseen.intake.models import Report, ReportedMaterial
from unseen.intake.tests.reports import NOON, a_report, picture

# Near each other and near the edge of the radius, so that some match and some do not.
near = st.sets(st.integers(0, 40), max_size=36).map(lambda places: sum(1 << 6 * place for place in places))
reported = st.tuples(st.lists(st.tuples(near, st.integers(45, 55)), min_size=1, max_size=3), st.booleans())


@pytest.mark.django_db
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(reported, max_size=3), st.lists(near, min_size=1, max_size=3))
def test_search_finds_what_comparing_every_row_finds(
    reports: list[tuple[list[tuple[int, int]], bool]], queries: list[int]
) -> None:
    for entries, withdrawn in reports:
        report = a_report(
            picture(*(bits(value, quality) for value, quality in entries), bits((1 << 256) - 1))
        )
        if withdrawn:
            withdraw_report(report, NOON)
    work()
    found = {match.material: match.distance_bits for match in search([bits(query) for query in queries])}
    assert found == by_hand(queries)
    for report in Report.objects.filter(withdrawn_at__isnull=True):  # the next example starts without these
        withdraw_report(report, NOON)
    work()
    assert not BankEntry.objects.filter(removed_at__isnull=True).exists()


def by_hand(queries: list[int]) -> dict[str, int]:
    """The nearest distance of each material within the radius, from the reports themselves."""
    nearest: dict[str, int] = {}
    for material in ReportedMaterial.objects.filter(report__withdrawn_at__isnull=True):
        rows = [row for row in material.fingerprints.all() if row.quality >= QUALITY_MIN]
        distances = [
            (int.from_bytes(bytes(row.pdq), "big") ^ query).bit_count() for row in rows for query in queries
        ]
        if min(distances) <= RADIUS_BITS:
            nearest[str(material.pk)] = min(distances)
    return nearest
