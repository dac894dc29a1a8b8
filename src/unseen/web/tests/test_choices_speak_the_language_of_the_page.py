"""What the models offer to choose is said in the language of the page, not in that of the start."""

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from unseen.accounts.models import Approval, ApprovalKind, Role, Staff
from unseen.casework.models import Answer, AnswerKind, LookReason, LookTaken
from unseen.statistics.numbers import Taken
from unseen.takedown.directory.party import CHANNEL_WORDS, ChannelKind
from unseen.web.templatetags.desk import channel_words


@pytest.mark.parametrize("kind", [Role, ApprovalKind, AnswerKind, LookReason])
def test_every_choice_has_its_own_words_in_both_languages(kind: type[Role]) -> None:
    with override("en"):
        english = {str(label) for label in kind.labels}
    with override("ko"):
        korean = {str(label) for label in kind.labels}
    assert len(english) == len(korean) == len(kind.values)
    assert all(words.isascii() for words in english)
    assert not any(words.isascii() for words in korean)


def test_a_row_says_what_was_chosen() -> None:
    with override("ko"):
        assert Staff(role=Role.INTAKE).get_role_display() == "접수 담당"
        assert Approval(kind=ApprovalKind.RENEW).get_kind_display() == "키 분실 뒤 새로 시작"
        assert Answer(kind=AnswerKind.WENT_OUT).get_kind_display() == "발송됨"
        assert LookTaken(reason=LookReason.FAULT).get_reason_display() == "이상한 점이 있어서"


def test_a_route_is_said_in_words() -> None:
    rows = [Taken("platform_final email", removed=3, hours_median=2.0, hours_p90=4.0)]
    with override("ko"):
        page = render_to_string("statistics/taken.html", {"rows": rows, "id": "route", "words": "경로별"})
    assert "두 번째 요청, 전자우편" in page
    assert "platform_final" not in page


def test_a_channel_is_said_in_the_language_of_the_page() -> None:
    with override("en"):
        assert channel_words(ChannelKind.FORM) == CHANNEL_WORDS[ChannelKind.FORM] == "their form"
    with override("ko"):
        assert channel_words(ChannelKind.FORM) == "상대의 양식"
        assert channel_words("carrier pigeon") == "carrier pigeon"
