"""What the schema says is what the server does, whatever it is asked (schemathesis makes the questions)."""

import json
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
from schemathesis.specs.openapi.checks import positive_data_acceptance

from unseen.exchange.peers.stopncii.tests.platform import Platform
from unseen.exchange.tests.peer import work
from unseen.exchange.tests.test_a_list_says_what_it_may import many
from unseen.intake.tests.reports import a_report, picture

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES_MAX = 60
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=70),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["hashRecords", "hashFeedbacks", "hashValue", "signalType", "feedbackValue"]),
            inner,
        )
    ),
    max_leaves=12,
)


@pytest.fixture(autouse=True)
def connection_stays() -> Iterator[None]:
    """As Django's own test client does: a request of this test must not close the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_every_answer_is_one_that_the_schema_names(monkeypatch: pytest.MonkeyPatch) -> None:
    platform = Platform(monkeypatch)
    a_report(picture(*many(3)), share=True)
    work()
    schema = schemathesis.openapi.from_wsgi("/v1/openapi.json", get_wsgi_application())
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    assert len(operations) == 3
    for operation in operations:

        @settings(
            max_examples=EXAMPLES_MAX,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), body=ANYTHING)
        def ask(case: "Case[Any]", body: object) -> None:
            if case.method == "POST":
                case.body, case.media_type = json.dumps(body).encode(), "application/json"
            answer = case.call(headers=platform.headers)
            # What a token and a record look like is StopNCII's, and stands in no schema: those are refused with 400.
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])

        ask()
