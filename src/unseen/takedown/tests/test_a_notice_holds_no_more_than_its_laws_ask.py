"""The organisation sends, a reference stands for the matter, and a name stands only where a law asks for a signature."""

from dataclasses import replace

import pytest
from django.conf import settings

from unseen.domain.notice import Element, Rung
from unseen.takedown import compose, queries
from unseen.takedown.directory.party import Addressee, ChannelKind
from unseen.takedown.tests.lives import LOCATION, NOON, a_case, found_copy, small_directory

pytestmark = pytest.mark.django_db
STAFF = "Kim Haneul, head of removal"


@pytest.mark.parametrize(
    "law_id", ["us-tida", "eu-dsa-16", "host-abuse", "kr-tba-22-5", "regulator-complaint"]
)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_member_of_staff_is_named_only_where_a_law_asks_for_a_signature(
    law_id: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)
    item = found_copy(a_case(), LOCATION)
    addressee = Addressee("prompt", "Prompt", ChannelKind.EMAIL, "abuse@prompt.test", (law_id,), language)
    options = replace(settings.UNSEEN, signatory=STAFF)
    text = compose.compose(item, Rung.PLATFORM, addressee, directory, options, NOON).text
    asked = Element.SIGNATURE in directory.law(law_id).elements
    assert (STAFF in text.body) is asked
    assert options.organisation in text.body
    for secret in (item.case.reference, str(item.case_id), str(item.material_id)):
        assert secret not in text.body + text.subject
