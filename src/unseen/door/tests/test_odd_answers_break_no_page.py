"""Whatever a stranger types or sends, a page comes back that says what to do."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core import signing
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unseen.door.answers import Answers, Step
from unseen.door.visit import COOKIE
from unseen.intake.models import Message, Report

pytestmark = pytest.mark.django_db
VISIT = "v" * 32
KIND = {200, 302, 410, 413, 422, 429}
FIELDS = ("age", "go", "materials", "pasted", "keep", "may_share", "pin", "receipt", "do", "text", "who")
ODD = st.one_of(
    st.text(max_size=80),
    st.sampled_from(["", "\x00", "next", "back", "same", "me", "minor", "[]", "[[", "null", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "https://a.test/" + "x" * 3_000]),
    st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=5), lambda one: st.lists(one, max_size=3) | st.dictionaries(st.sampled_from(["kind", "pdq", "quality", "frames", "x"]), one, max_size=3), max_leaves=6).map(json.dumps),
)  # fmt: skip


def signed(purpose: str, facts: dict[str, Any]) -> str:
    return signing.dumps(facts, salt=f"{purpose}.{VISIT}", compress=True)


@pytest.mark.slow
@settings(max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from(["report", "case"]),
    step=st.one_of(st.sampled_from(list(Step)), st.text(max_size=5)),
    answers=st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=5),
    own=st.booleans(),
)
def test_odd_answers_break_no_page(path: str, step: str, answers: dict[str, str], *, own: bool) -> None:
    client = Client(raise_request_exception=True)
    client.cookies[COOKIE] = VISIT
    state = signed("report", Answers().facts()) if own else answers.get("text", "x")
    body = urlencode({**answers, "state": state, "step": step}, errors="surrogatepass")
    answer = client.post(f"/ko/door/{path}", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in KIND
    assert not Report.objects.exists()
    assert not Message.objects.exists()
