"""Hand-made lives of items, driven through the real actions: no network, no worker."""

import os
import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

from unseen.casework.actions import add_found_item, open_case
from unseen.casework.models import Case, Item
from unseen.domain.fingerprint import Fingerprint
from unseen.domain.item import ItemFacts, Outcome
from unseen.domain.match import Match
from unseen.domain.notice import Rung
from unseen.domain.recheck import Look, MediaSeen, PageSeen, conclude
from unseen.domain.report import AgeBand, MaterialKind, ReportDraft, ReportedMaterial
from unseen.domain.schedule import SendNotice, next_step
from unseen.intake.actions import receive_report
from unseen.intake.models import Report
from unseen.takedown import compose, queries
from unseen.takedown.actions import sending, steps, writing
from unseen.takedown.actions.steps import Plan
from unseen.takedown.channels.envelope import Delivered
from unseen.takedown.directory.directory import Directory
from unseen.takedown.directory.load import load_directory
from unseen.takedown.models import Notice

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
LOCATION = "http://prompt.test/p/1"
UP, GONE, UNSEEN = (
    (PageSeen.PRESENT, MediaSeen.MATCHING),
    (PageSeen.MISSING, MediaSeen.MISSING),
    (PageSeen.FAILED, MediaSeen.UNKNOWN),
)
VANTAGES = (("office", "KR", True), ("berlin", "DE", False), ("dallas", "US", False))

_PARTY = """
key = "{key}"
name = "{name}"
kind = "platform"
domains = ["{key}.test"]
country = "US"
laws = ["us-tida"]
channels = [{channel}]
languages = ["en"]
source = "made up for tests"
checked_on = 2026-11-01
confidence = "high"
"""


def small_directory() -> Directory:
    """Two made-up platforms, one reached by mail and one by a form; no shipped party, so nobody real is asked."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mail = '{kind = "email", address = "abuse@prompt.test"}'
        form = '{kind = "form", location = "https://formy.test/report"}'
        (folder / "prompt.toml").write_text(_PARTY.format(key="prompt", name="Prompt Pictures", channel=mail))
        (folder / "formy.toml").write_text(
            _PARTY.format(key="formy", name="Formy <b>Forum</b>", channel=form)
        )
        return load_directory([folder], shipped_parties=False)


def a_case(*locations: str, at: datetime = NOON) -> Case:
    """A case of one picture and these reported locations."""
    picture = ReportedMaterial(MaterialKind.IMAGE, (Fingerprint(os.urandom(32), 90),))
    receive_report(ReportDraft(AgeBand.ADULT, (picture,), locations), may_share=False, now=at)
    case = open_case(Report.objects.get(case__isnull=True), "KR", at)
    assert case is not None
    return case


def found_copy(case: Case, location: str, at: datetime = NOON) -> Item:
    """A copy that a scan found, mirrored."""
    material = case.materials.get()
    item = add_found_item(material, location, f"{location}.jpg", Match(str(material.pk), 12, "mirror"), at)
    assert item is not None
    return item


def _store(plan: Plan, at: datetime) -> None:
    assert steps.store_plans([plan], at) == [plan]


def step(item: Item, at: datetime) -> Item:
    """Take the next step that the domain decides, if it needs nothing from outside; a notice is written, not sent."""
    item, facts = _fresh(item)
    coming = next_step(facts, at)
    if isinstance(coming, SendNotice):
        write(item, coming.rung, at, coming.rule)
    else:
        plan = Plan(item, facts, at)
        steps.take_step(plan, coming, at)  # type: ignore[arg-type] # a test that gives another step is wrong
        _store(plan, at)
    return _fresh(item)[0]


def write(item: Item, rung: Rung, at: datetime, rule: str) -> None:
    """Write the notice of a rung."""
    item, facts = _fresh(item)
    addressee = queries.addressee_of(item, rung)
    assert addressee is not None
    signed = replace(settings.UNSEEN, signatory="Desk 4")
    composed = compose.compose(item, rung, addressee, queries.directory(), signed, at)
    plan = Plan(item, facts, at)
    writing.make_notice(plan, SendNotice(rung, rule), composed, at)
    _store(plan, at)


def deliver(item: Item, at: datetime) -> Notice:
    """Send the ready notice; the mail server takes it."""
    notice = Notice.objects.get(item=item, state="ready")
    assert sending.begin_sending(notice, at)
    sending.finish_sending(notice, Delivered("SMTP 250 Ok: queued as 4F1A"), at)
    return notice


def look(item: Item, seen: tuple[PageSeen, MediaSeen], at: datetime, rule: str = "routine look") -> Item:
    """Look from three vantages that all see the same."""
    item, facts = _fresh(item)
    looks = [Look(name, country, own, *seen) for name, country, own in VANTAGES]
    conclusion = conclude(looks, was_removed=facts.outcome is Outcome.REMOVED)
    plan = Plan(item, facts, at)
    steps.record_recheck(plan, looks, conclusion, None, rule, at)
    _store(plan, at)
    return _fresh(item)[0]


def removed_copy(location: str, case: Case | None = None, at: datetime = NOON) -> Item:
    """Found, written to, gone after four hours, and closed six hours later."""
    item = found_copy(case or a_case(at=at), location, at)
    item = step(item, at)
    item = step(item, at)
    deliver(item, at)
    look(item, GONE, at + 4 * HOUR)
    look(item, GONE, at + 10 * HOUR)
    return step(item, at + 10 * HOUR)


def _fresh(item: Item) -> tuple[Item, ItemFacts]:
    item = Item.objects.select_related("case__report", "material").get(pk=item.pk)
    return item, queries.facts_of(item)
