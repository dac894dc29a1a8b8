import pytest

from unseen.door.tests.visitor import Visitor
from unseen.intake.models import Report
from unseen.intake.queries import report_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "ko"])
def test_without_javascript_a_report_goes_in_and_is_withdrawn(language: str) -> None:
    visitor = Visitor(language)
    receipt = visitor.report("Look: https://platform.test/p/1, and www.platform.test/p/2!", may_watch="on")
    report = Report.objects.get()
    assert sorted(one.text for one in report.locations.all()) == [
        "https://platform.test/p/1",
        "https://www.platform.test/p/2",
    ]
    assert (report.may_share, report.may_watch, report.may_tell_police) == (False, True, False)
    assert report_of(receipt.text) == report
    another = Visitor(language)
    assert "platform.test" in another.come_back(receipt).html
    another.post("/case", do="stop")
    assert Report.objects.get().withdrawn_at is None
    another.post("/case", do="stop-sure")
    assert Report.objects.get().withdrawn_at is not None
