from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from unseen.casework.models import Item
from unseen.casework.tests.cases import an_item
from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind

pytestmark = pytest.mark.thorough

times = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone
maybe = st.none() | times
count = st.integers(0, 32_767)  # what the columns hold
facts_of_any_kind = st.builds(
    ItemFacts,
    stage=st.sampled_from(Stage),
    opened_at=times,
    round=count,
    matched=st.booleans(),
    outcome=st.none() | st.sampled_from(Outcome),
    closed_at=maybe,
    withdrawn_at=maybe,
    last_recheck_at=maybe,
    last_finding=st.none() | st.sampled_from(FindingKind),
    gone_since=maybe,
    unknown_in_a_row=count,
    rechecks_since_closing=count,
    look_not_before=maybe,
    question=st.text(max_size=300),
    ladder=st.lists(st.sampled_from(Rung), unique=True).map(tuple),
    notices=st.lists(
        st.builds(NoticeFacts, rung=st.sampled_from(Rung), state=st.sampled_from(NoticeState)), max_size=2
    ).map(tuple),
)


@settings(max_examples=120, deadline=None)
@given(facts_of_any_kind)
def test_what_the_domain_decided_is_what_the_row_says(facts: ItemFacts) -> None:
    item = Item()
    item.absorb(facts)
    assert item.facts(facts.ladder, facts.notices) == facts


@pytest.mark.django_db
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(facts_of_any_kind.filter(lambda facts: "\x00" not in facts.question))
def test_and_what_the_database_gives_back(facts: ItemFacts) -> None:
    item = an_item()
    item.absorb(facts)
    if facts.stage is not Stage.CLOSED:
        item.outcome = ""
    elif not facts.outcome or facts.closed_at is None or facts.last_recheck_at is None:
        return
    item.save()
    stored = Item.objects.get(pk=item.pk)
    assert stored.facts((), ()) == item.facts((), ())
