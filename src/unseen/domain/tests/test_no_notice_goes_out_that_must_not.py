from dataclasses import replace

import pytest
from hypothesis import given

from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.schedule import Close, Rest, SendNotice, next_step
from unseen.domain.tests.strategies import NOW, item_facts, often

pytestmark = pytest.mark.thorough


@often
@given(item_facts())
def test_after_withdrawal_an_item_is_closed_and_nothing_else(facts: ItemFacts) -> None:
    if facts.withdrawn_at is not None:
        step = next_step(facts, NOW)
        assert isinstance(step, Rest) or (isinstance(step, Close) and step.outcome is Outcome.WITHDRAWN)


@often
@given(item_facts((Stage.NOTICE, Stage.RECHECK)))
def test_a_rung_is_never_written_to_twice_in_a_round_nor_a_lower_one(facts: ItemFacts) -> None:
    step = next_step(facts, NOW)
    if isinstance(step, SendNotice):
        used = [list(Rung).index(notice.rung) for notice in facts.notices]
        assert list(Rung).index(step.rung) > max(used, default=-1)
        assert step.rung in facts.ladder


@often
@given(item_facts())
def test_no_notice_goes_out_before_it_is_accepted_or_while_it_seems_gone(facts: ItemFacts) -> None:
    if isinstance(next_step(facts, NOW), SendNotice):
        assert facts.stage in (Stage.NOTICE, Stage.RECHECK)
        assert facts.gone_since is None


@often
@given(item_facts((Stage.NOTICE,)))
def test_while_a_notice_is_on_its_way_or_uncertain_no_other_goes_out(facts: ItemFacts) -> None:
    busy = (NoticeState.READY, NoticeState.SENDING, NoticeState.UNCERTAIN)
    if facts.notice is not None and facts.notice.state in busy:
        assert not isinstance(next_step(facts, NOW), SendNotice)


def test_a_rung_with_two_addressees_is_taken_once_for_each() -> None:
    ladder = (Rung.PLATFORM, Rung.SEARCH, Rung.SEARCH, Rung.REGULATOR)
    sent, found = NoticeFacts(Rung.SEARCH, NoticeState.SENT), []
    facts = ItemFacts(
        Stage.NOTICE, NOW, ladder=ladder, notices=(NoticeFacts(Rung.PLATFORM, NoticeState.SENT),)
    )
    while facts.next_rung is not None:
        found.append(facts.next_rung)
        facts = replace(facts, notices=(*facts.notices, replace(sent, rung=facts.next_rung)))
    assert found == [Rung.SEARCH, Rung.SEARCH, Rung.REGULATOR]


def test_a_ladder_that_changes_on_the_way_goes_up_only() -> None:
    facts = ItemFacts(
        Stage.NOTICE,
        NOW,
        ladder=(Rung.PLATFORM, Rung.REGULATOR),
        notices=(NoticeFacts(Rung.HOST, NoticeState.SENT),),
    )
    assert facts.next_rung is Rung.REGULATOR
