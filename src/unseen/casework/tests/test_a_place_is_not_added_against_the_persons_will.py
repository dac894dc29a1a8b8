import pytest

from unseen.casework.models import Item
from unseen.casework.tests.cases import a_case, found
from unseen.intake.actions import consent
from unseen.intake.tests.reports import NOON, PAGE

pytestmark = pytest.mark.django_db


def test_without_the_consent_to_watch_no_copy_becomes_an_item() -> None:
    case = a_case()
    consent(case.report, may_share=False, may_watch=False, may_tell_police=False, now=NOON)
    assert found(case, PAGE) is None
    assert not Item.objects.exists()
    consent(case.report, may_share=False, may_watch=True, may_tell_police=False, now=NOON)
    assert found(case, PAGE) is not None
