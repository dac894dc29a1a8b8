from dataclasses import replace

import pytest

from unseen.domain.item import ItemFacts, NoticeFacts, NoticeState, Stage
from unseen.domain.ladder import Need, Role, RungRule, order_of
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.domain.schedule import Ask, next_step
from unseen.domain.tests.strategies import NOW

SENT = NoticeFacts(Rung.PLATFORM, NoticeState.SENT, received_at=NOW)
FIRST = RungRule(Rung.PLATFORM, Role.PLATFORM)


def facts(rule: RungRule, **more: object) -> ItemFacts:
    last = RungRule(Rung.COUNSEL, Role.COUNSEL)
    ladder = (Rung.PLATFORM, rule.rung, Rung.COUNSEL)
    values = {"notices": (SENT,), "ladder": ladder, "rules": (FIRST, rule, last), **more}
    return ItemFacts(Stage.RECHECK, NOW, **values)  # type: ignore[arg-type] # as each test gives them


@pytest.mark.parametrize(
    ("need", "met", "unmet"),
    [
        (Need.NOT_REFUSED, {}, {"notices": (replace(SENT, refused_at=NOW),)}),
        (Need.RECEIPT_PROVEN, {}, {"notices": (NoticeFacts(Rung.PLATFORM, NoticeState.FAILED),)}),
        (Need.SEEN, {"last_finding": FindingKind.CLOAKED}, {"last_finding": FindingKind.UNKNOWN}),
    ],
)
def test_a_rung_is_left_out_until_its_need_is_met(
    need: Need, met: dict[str, object], unmet: dict[str, object]
) -> None:
    rule = RungRule(Rung.HOST, Role.HOST, frozenset({need}))
    assert facts(rule, **met).next_rung is Rung.HOST
    assert facts(rule, **unmet).next_rung is Rung.COUNSEL
    assert rule.conditions == (need.words,)


def test_a_rung_may_want_notices_before_it() -> None:
    rule = RungRule(Rung.REGISTRAR, Role.REGISTRAR, notices_before_min=2)
    host = replace(SENT, rung=Rung.PLATFORM)
    assert facts(rule).next_rung is Rung.COUNSEL
    assert facts(rule, notices=(SENT, host)).next_rung is Rung.REGISTRAR


def test_the_data_gives_the_order() -> None:
    host, registrar = RungRule(Rung.HOST, Role.HOST), RungRule(Rung.REGISTRAR, Role.REGISTRAR)
    ladder = (Rung.HOST, Rung.REGISTRAR)
    for rules in ((host, registrar), (registrar, host)):
        item = ItemFacts(Stage.NOTICE, NOW, ladder=ladder, rules=rules)
        assert item.next_rung is order_of(rules)[0]
        first = NoticeFacts(order_of(rules)[0], NoticeState.SENT)
        assert replace(item, notices=(first,)).next_rung is order_of(rules)[1]


def test_where_only_later_rungs_lead_to_somebody_a_person_is_asked_first() -> None:
    rule = RungRule(Rung.SEARCH, Role.SEARCH, notices_before_min=1)
    item = ItemFacts(Stage.NOTICE, NOW, matched=True, ladder=(Rung.SEARCH,), rules=(FIRST, rule))
    step = next_step(item, NOW)
    assert isinstance(step, Ask)
    assert "Who hosts it?" in step.question
