"""What the schema says is what the server does, whatever it is asked (schemathesis makes the questions)."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import ignored_auth

from unseen.exchange.tests.peer import PeerReader

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES_MAX = 40


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """As Django's own test client does: a request of this test must not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_answer_is_one_that_the_schema_names() -> None:
    peer = PeerReader()
    schema = schemathesis.openapi.from_wsgi("/exchange/v1/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert {operation.label for operation in operations} == {
        "GET /exchange/v1/page",
        "POST /exchange/v1/feedback",
    }
    for operation in operations:

        @settings(
            max_examples=EXAMPLES_MAX,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), known=st.booleans())
        def ask(case: "Case[Any]", known: bool) -> None:
            answer = case.call(headers={"X-Unseen-Key": peer.key if known else "unseen_nobody"})
            assert answer.status_code != 401 or not known
            case.validate_response(answer, excluded_checks=[ignored_auth])  # we put our own key in

        ask()
