import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from unseen.casework import actions as casework
from unseen.casework import desk_actions
from unseen.casework.models import Item
from unseen.domain import schedule
from unseen.domain.item import NoticeState, Outcome, Stage
from unseen.domain.notice import Rung
from unseen.domain.recheck import FindingKind
from unseen.takedown import queries
from unseen.takedown.actions import batches, mail, sending, steps, writing
from unseen.takedown.channels.envelope import CannotTell
from unseen.takedown.directory.party import CHANNEL_WORDS, ChannelKind
from unseen.takedown.explain import explain
from unseen.takedown.explain_next import next_of
from unseen.takedown.explain_places import decided_in
from unseen.takedown.explain_rules import explained
from unseen.takedown.explain_words import (
    CONCLUSION_WORDS,
    FINDING_WORDS,
    OUTCOME_WORDS,
    REPLY_WORDS,
    RESULT_WORDS,
    RUNG_SHORT_WORDS,
    SENTENCES,
    STAGE_WORDS,
)
from unseen.takedown.models import Notice
from unseen.takedown.replies import ReplyKind
from unseen.takedown.tests.lives import (
    GONE,
    HOUR,
    LOCATION,
    NOON,
    UNSEEN,
    UP,
    a_case,
    deliver,
    found_copy,
    look,
    removed_copy,
    small_directory,
    step,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def made_up_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = small_directory()
    monkeypatch.setattr(queries, "directory", lambda: directory)


def test_a_removal_is_told_in_order_with_rule_and_place() -> None:
    item = removed_copy(LOCATION)
    life = explain(item, NOON + 11 * HOUR)
    told = [(line.words, line.decided_in) for line in life.lines]
    assert told == [
        (
            ("Our search found a copy here. It matches the material, mirrored: 12 of 256 bits differ."),
            "casework/actions.py: _add_items",
        ),
        ("Accepted: a notice may go out.", "domain/schedule.py: first_look"),
        (
            (
                "We wrote to Prompt Pictures (first notice to the platform, by e-mail) under TAKE IT DOWN Act "
                "(USA), 47 U.S.C. § 223a."
            ),
            "domain/schedule.py: first_notice",
        ),
        (
            (
                "The mail server took it at 2026-11-23 12:00 UTC. An answer is due by 2026-11-25 12:00 UTC: "
                "48 hours by law (TAKE IT DOWN Act (USA), 47 U.S.C. § 223a, "
                f"version of {queries.directory().law('us-tida').version})."
            ),
            "takedown/actions/sending.py: _delivered_one",
        ),
        (
            "We looked from 3 vantages. Together they say: gone.",
            "takedown/actions/steps.py: record_recheck",
        ),
        ("Closed, outcome: removed.", "domain/schedule.py: gone"),
    ]
    assert (life.lines[4].times, life.lines[4].until) == (2, NOON + 10 * HOUR)
    assert [one.vantage for one in life.lines[4].findings] == ["berlin", "dallas", "office"]
    assert {one.words for one in life.lines[4].findings} == {"gone"}
    assert (life.platform, life.location, life.stage, life.outcome) == (
        "Prompt Pictures",
        LOCATION,
        "closed",
        "removed",
    )


def test_what_is_next_says_when_and_why() -> None:
    item = removed_copy(LOCATION)
    Item.objects.filter(pk=item.pk).update(due_at=None)
    coming = next_of([Item.objects.select_related("case__report").get()], NOON + 11 * HOUR)[item.pk]
    planned = NOON + 10 * HOUR + 24 * HOUR
    assert coming.at is not None
    assert planned <= coming.at <= planned + 6 * HOUR  # only the centre knows when exactly
    assert (coming.words, coming.because) == ("we look at the place again", "we keep watching")
    assert coming.decided_in == "domain/schedule.py: when_closed"


def test_next_for_many_items_is_the_domains_own_decision() -> None:
    case = a_case("http://unknown.test/x")
    told = case.items.get()
    written = step(step(found_copy(case, LOCATION), NOON), NOON)
    removed = removed_copy("http://prompt.test/p/2", case)
    items = list(Item.objects.select_related("case__report").order_by("pk"))
    coming = next_of(items, NOON + 11 * HOUR)
    assert {item.pk for item in items} == {told.pk, written.pk, removed.pk} == set(coming)
    assert coming[written.pk].words == "the notice goes out"
    for item in (told, removed):
        decision = schedule.next_step(queries.facts_of(item), NOON + 11 * HOUR)
        assert coming[item.pk].because == decision.rule


def test_next_costs_one_query_however_many_items(django_assert_num_queries: object) -> None:
    case = a_case()
    for number in range(5):
        found_copy(case, f"http://prompt.test/p/{number}")
    items = list(Item.objects.select_related("case__report"))
    with django_assert_num_queries(1):  # type: ignore[operator] # pytest-django's fixture
        next_of(items, NOON)


def test_a_reply_is_a_claim_that_is_checked() -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    notice = deliver(item, NOON)
    raw = f"Message-ID: <r@prompt.test>\nIn-Reply-To: <{notice.pk}@centre.example>\nSubject: Re: removed\n\nThe content has been removed.\n"
    mail.record_reply(raw.encode(), NOON + HOUR)
    life = explain(Item.objects.select_related("case__report").get(), NOON + HOUR)
    assert life.lines[-1].words == (
        "An answer came to the first notice to the platform: they say that it is removed. "
        "We check it before we believe it."
    )
    assert life.next.because == "they answered: is it so?"


def test_an_uncertain_notice_says_that_it_is_not_sent_again() -> None:
    item = step(step(found_copy(a_case(), LOCATION), NOON), NOON)
    notice = Notice.objects.get()
    assert sending.begin_sending(notice, NOON)
    sending.finish_look_up(notice, CannotTell("no archive"), NOON + HOUR)
    item = step(item, NOON + HOUR)
    life = explain(item, NOON + HOUR)
    assert [line.tag for line in life.lines[-2:]] == ["notice:send:doubted", "item:person:asked"]
    assert "not sent again" in life.lines[-2].words
    assert life.question
    assert Notice.objects.get().state == NoticeState.UNCERTAIN


def test_a_look_that_sees_nothing_is_not_called_gone() -> None:
    item = a_case(LOCATION).items.get()
    item = look(item, UNSEEN, NOON, "first look at a reported location")
    life = explain(item, NOON)
    assert life.lines[-1].words == "We looked from 3 vantages. Together they say: not known."
    assert life.lines[-1].decided_in == "domain/schedule.py: first_look"
    assert look(item, UP, NOON + HOUR).last_finding == "still_up"
    assert look(item, GONE, NOON + 2 * HOUR).last_finding == "gone"


def test_every_rule_of_the_schedule_has_its_function() -> None:
    rules = set(_rules())
    assert len(rules) > 20
    assert {rule: decided_in(rule, "") for rule in rules if not decided_in(rule, "")} == {}
    assert rules - explained() == set()
    assert decided_in("they refused", "") == "domain/schedule.py: they_answered"
    assert (
        decided_in("they refused; the ladder has no further rung", "") == "domain/schedule.py: they_answered"
    )
    assert decided_in("no such rule", "no:such:tag") == ""


def _rules() -> Iterator[str]:
    """Every text that the schedule gives as a rule: the last argument of a step, or of what makes one."""
    steps_made = {
        "Accept",
        "SendNotice",
        "Recheck",
        "Wait",
        "Ask",
        "Close",
        "Reopen",
        "Rest",
        "_look_at",
        "_next_rung",
    }
    for call in ast.walk(ast.parse(inspect.getsource(schedule))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in steps_made:
            rule = call.args[-1]
            if isinstance(rule, ast.Constant):
                yield str(rule.value)


def test_every_entry_that_is_written_about_an_item_or_a_notice_has_words_and_a_place() -> None:
    written = {
        tag
        for module in (casework, desk_actions, steps, sending, writing, batches, mail)
        for tag in _tags(module)
    }
    assert written == set(SENTENCES)
    assert [tag for tag in written if not decided_in("", tag)] == []


def _tags(module: object) -> Iterator[str]:
    for node in ast.walk(ast.parse(inspect.getsource(module))):  # type: ignore[arg-type] # a module
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            parts = node.value.split(":")
            if len(parts) == 3 and parts[0] in ("item", "notice") and all(part.isalpha() for part in parts):
                yield node.value


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (STAGE_WORDS, Stage),
        (OUTCOME_WORDS, Outcome),
        (FINDING_WORDS, FindingKind),
        (CONCLUSION_WORDS, FindingKind),
        (REPLY_WORDS, ReplyKind),
        (CHANNEL_WORDS, ChannelKind),
        (RUNG_SHORT_WORDS, Rung),
    ],
)
def test_every_kind_has_a_word(words: dict[str, str], kinds: list[str]) -> None:
    assert set(words) == set(kinds)


def test_every_result_of_a_try_has_words() -> None:
    results = set(re.findall(r'_later\((?:[^()"]|\([^()]*\))*"([^"]+)"', inspect.getsource(sending)))
    assert len(results) >= 4
    assert results - set(RESULT_WORDS) == {"uncertain"}  # that one has an entry of its own
