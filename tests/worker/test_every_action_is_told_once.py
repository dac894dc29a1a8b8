"""Every action that changes what people rely on writes one entry about each thing it changed, with the change."""

import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

import pytest
from django.db import transaction

from unseen.accounts.models import Approval, ApprovalKind, Staff
from unseen.casework import actions as casework
from unseen.casework.models import Item
from unseen.casework.tests.cases import a_case, an_item, found
from unseen.domain.feed import Verdict
from unseen.domain.item import Stage
from unseen.exchange.actions import entries, feedback, lists, peers, signing, verifying
from unseen.exchange.models import Dispute, FeedEntry, FeedLine, Peer, SigningKey, Verification
from unseen.exchange.names import names_of
from unseen.exchange.peers import actions as peer_lists
from unseen.exchange.peers.models import PeerEntry, Pushed, Quarantined
from unseen.exchange.peers.record import Batch, PeerKind, PeerRecord, Reason, Refused
from unseen.hashbank import actions as hashbank
from unseen.hashbank.models import BankEntry
from unseen.intake import actions as intake
from unseen.intake.models import Report
from unseen.intake.tests.reports import NOON, PAGE, a_report, row_counts
from unseen.journal import actions as journal
from unseen.journal.models import Entry
from unseen.journal.queries import first_broken_entry

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]
Act = Callable[[], object]
# What an action without an entry changes: no fact of anybody's matter.
SILENT = {
    "settle_report": "only its place in the queue",
    "mark_banked": "part of add_report, which tells it",
    "mark_unbanked": "part of remove_report, which tells it",
    "write_folder": "the folder only speeds up what the rows say",
    "rebuild_folder": "same",
    "know_content": "in memory; store tells it",
    "give_back": "only its place in the queue",
    "still_true": "it only locks and compares",
    "erase_items": "part of destroy_report: told once for all that goes",
    "erase": "same",
    "erase_entries": "part of destroy_report: told once for all that goes",
    "mark_cleared": "only what the database had left, of what destroy_report told",
    "store_all": "part of store, which is tested here",
    "make_due": "only its place in the queue",
    "mark_feed_due": "only its place in the queue",
    "mark_feed_done": "part of follow, which tells it",
    "set_state": "part of take and decide, which tell it",
    "is_first": "a nonce of a request, forgotten in minutes",
    "forget_nonces": "same",
    "append": "part of bring_up, which tells it",
    "fetch_begun": "only where a peer's next question begins",
    "pushed_done": "the end of pushed_begun, which tells it",
    "date_back": "part of bring_back, which tells it once for all",
}


def a_banked_report() -> Report:
    report = a_report(share=True)
    hashbank.add_report(report, NOON)
    return report


def a_told_peer() -> Peer:
    peers.add_peer("Platform Example", NOON)
    entries.follow(a_banked_report(), NOON)
    lists.bring_up(Peer.objects.get(), NOON)
    return Peer.objects.get()


def a_name(peer: Peer) -> bytes:
    return names_of(peer.secret, [FeedEntry.objects.get().pk])[0]


def a_dispute() -> Dispute:
    peer = a_told_peer()
    feedback.take(peer, a_name(peer), Verdict.NOT_NCII, NOON)
    return Dispute.objects.get()


def receive() -> Act:
    return a_report


def withdraw_report() -> Act:
    report = a_report()
    return lambda: intake.withdraw_report(report, NOON)


def destroy_report() -> Act:
    report = a_banked_report()
    intake.withdraw_report(report, NOON)
    hashbank.remove_report(report, NOON)
    return lambda: intake.destroy_report(report, NOON)


def consent() -> Act:
    report = a_report()
    return lambda: intake.consent(report, may_share=True, may_watch=False, may_tell_police=True, now=NOON)


def say() -> Act:
    report = a_report()
    return lambda: intake.say(report, "hello", False, NOON)


def add_report() -> Act:
    report = a_report()
    return lambda: hashbank.add_report(report, NOON)


def remove_report() -> Act:
    report = a_banked_report()
    return lambda: hashbank.remove_report(report, NOON)


def open_case() -> Act:
    report = a_report(locations=(PAGE, f"{PAGE}0"))
    return lambda: casework.open_case(report, "KR", NOON)


def add_found_item() -> Act:
    case = a_case()
    return lambda: found(case, PAGE)


def store() -> Act:
    item = an_item()
    before = item.facts((), ())
    after = replace(before, matched=True)

    def act() -> None:
        with transaction.atomic():
            casework.store(item, before, after, tag="item:thing:seen", rule="test", due_at=NOON, now=NOON)

    return act


def withdraw_case() -> Act:
    case = a_case(PAGE, f"{PAGE}0")
    return lambda: casework.withdraw_case(case, NOON)


def answer_question() -> Act:
    item = an_item()
    Item.objects.filter(pk=item.pk).update(stage=Stage.REVIEW, question="Is it?")
    staff = Staff.objects.create(username="bo")
    return lambda: casework.answer_question(item.pk, ours=True, staff=staff, now=NOON)


def follow() -> Act:
    report = a_banked_report()
    return lambda: entries.follow(report, NOON)


def bring_up() -> Act:
    peers.add_peer("Platform Example", NOON)
    entries.follow(a_banked_report(), NOON)
    return lambda: lists.bring_up(Peer.objects.get(), NOON)


def add_peer() -> Act:
    signing.rotate(NOON, at_once=True)
    return lambda: peers.add_peer("Platform Example", NOON)


def revoke_peer() -> Act:
    peer = a_told_peer()
    return lambda: peers.revoke_peer(peer, NOON)


def rotate() -> Act:
    return lambda: signing.rotate(NOON)


def keep_signing() -> Act:
    return lambda: signing.keep_signing(NOON)


def take() -> Act:
    peer = a_told_peer()
    return lambda: feedback.take(peer, a_name(peer), Verdict.DISPUTED, NOON)


def decide() -> Act:
    dispute, staff = a_dispute(), Staff.objects.create(username="bo")
    return lambda: feedback.decide(dispute, upheld=False, staff=staff, now=NOON)


def ask_for() -> Act:
    case, staff = a_case(), Staff.objects.create(username="bo")
    material = case.materials.get()
    return lambda: verifying.ask_for(material, ApprovalKind.VERIFY, "", staff, NOON)


def settle() -> Act:
    ask_for()()
    Approval.objects.update(allowed=True, decided_at=NOON, decided_by=Staff.objects.create(username="cy"))
    return lambda: verifying.settle(Verification.objects.get(), NOON)


def take_in() -> Act:
    record = PeerRecord("theirs", PeerKind.PDQ, b"x" * 32)
    aside = Refused("other", Reason.MALFORMED, "00" * 32)
    return lambda: peer_lists.take_in("Peer Example", Batch((record,), (aside,)), NOON)


def pushed_begun() -> Act:
    peer = a_told_peer()
    return lambda: peer_lists.pushed_begun(peer, "BANK", "name", NOON)


def pushed_disabled() -> Act:
    row = peer_lists.pushed_begun(a_told_peer(), "BANK", "name", NOON)
    return lambda: peer_lists.pushed_disabled(row, NOON)


def pushed_forgotten() -> Act:
    row = peer_lists.pushed_begun(a_told_peer(), "BANK", "name", NOON)
    return lambda: peer_lists.pushed_forgotten(row.peer, "BANK", NOON)


# The action as prepared, and the kinds of subjects that it tells about.
ACTIONS: dict[str, tuple[Callable[[], Act], list[str]]] = {
    "receive_report": (receive, ["report"]),
    "withdraw_report": (withdraw_report, ["report"]),
    "destroy_report": (destroy_report, ["report"]),
    "consent": (consent, ["report"]),
    "say": (say, ["report"]),
    "add_report": (add_report, ["report"]),
    "remove_report": (remove_report, ["report"]),
    "open_case": (open_case, ["case", "item", "item"]),
    "add_found_item": (add_found_item, ["item"]),
    "store": (store, ["item"]),
    "withdraw_case": (withdraw_case, ["case", "item", "item"]),
    "answer_question": (answer_question, ["item"]),
    "follow": (follow, ["feed"]),
    "bring_up": (bring_up, ["peer"]),
    "add_peer": (add_peer, ["peer"]),
    "revoke_peer": (revoke_peer, ["peer"]),
    "rotate": (rotate, ["feed"]),
    "keep_signing": (keep_signing, ["feed"]),
    "take": (take, ["feed_entry"]),
    "decide": (decide, ["feed_entry"]),
    "ask_for": (ask_for, ["approval"]),
    "settle": (settle, ["report"]),
    "take_in": (take_in, ["peer_source"]),
    "pushed_begun": (pushed_begun, ["peer"]),
    "pushed_disabled": (pushed_disabled, ["peer"]),
    "pushed_forgotten": (pushed_forgotten, ["peer"]),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_it_writes_one_entry_about_each_thing_that_it_changed(name: str) -> None:
    prepare, kinds = ACTIONS[name]
    act = prepare()
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    act()
    told = Counter(Entry.objects.filter(pk__gt=last).values_list("subject_kind", "subject_id"))
    assert sorted(kind for kind, _ in told.elements()) == kinds
    assert set(told.values()) == {1}
    assert first_broken_entry() is None


@pytest.mark.parametrize("name", ACTIONS)
def test_when_the_entry_cannot_be_written_nothing_is_changed(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = ACTIONS[name][0]()
    before = row_counts(), everything()

    def full(*args: object, **data: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(journal, "write_all", full)
    with pytest.raises(OSError, match="the disk is full"):
        act()
    assert (row_counts(), everything()) == before


def everything() -> list[object]:
    """The rows that an action may change in place."""
    feed = (FeedEntry, FeedLine, Dispute, Verification, SigningKey, Peer, PeerEntry, Pushed, Quarantined)
    return [
        row
        for model in (Report, Item, BankEntry, *feed)
        for row in model._default_manager.order_by("pk").values()
    ]


@pytest.mark.parametrize(
    "stage", [intake, hashbank, casework, entries, lists, peers, signing, feedback, verifying, peer_lists]
)
def test_every_action_is_tested_here_or_says_why_it_is_silent(stage: ModuleType) -> None:
    public = {
        name
        for name, function in inspect.getmembers(stage, inspect.isfunction)
        if function.__module__ == stage.__name__ and not name.startswith("_")
    }
    assert public <= ACTIONS.keys() | SILENT.keys()
