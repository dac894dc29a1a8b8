"""The verbs of the stories. Whatever a verb expects is asked of the small internet wherever that knows it better."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from tests.story.centre import Centre
from unseen.casework.models import Item
from unseen.casework.tests.rows import item_at
from unseen.discovery.actions import add_start_page
from unseen.domain.item import Outcome
from unseen.exchange.actions.peers import add_peer
from unseen.exchange.models import Peer
from unseen.exchange.pages import keys_told, page_after
from unseen.feed.follow import Followed, accept
from unseen.feed.lines import LineOperation, erased
from unseen.intake.actions import withdraw_report
from unseen.intake.queries import report_of
from unseen.journal.queries import first_broken_entry
from unseen.takedown.explain import explain
from unseen.takedown.models import Notice
from unseen.testing.internet.notice import ReceivedNotice
from unseen.testing.internet.truth import Copy


@dataclass
class StoryWorld:
    """A centre and the internet around it. A notice that arrived must be expected, or the story fails."""

    centre: Centre
    withdrawn_at: datetime | None = None
    told: list[ReceivedNotice] = field(default_factory=list)
    known: dict[str, int] = field(
        default_factory=dict
    )  # numbers of items whose place nobody can read any more

    # What people do

    def a_copy_of(self, material: str, *, on: str) -> Copy:
        return self.centre.copies(on, material)[-1]

    def the_return_of(self, material: str, *, on: str) -> Copy:
        return max(self.centre.copies(on, material), key=lambda copy: copy.appeared_at)

    def a_platform_reads_the_feed(self) -> None:
        add_peer("Platform Example", self.centre.now)

    def ana_reports(self, *materials: str, seen_at: Copy | None = None) -> str:
        photos = (self.centre.photo(material) for material in materials)
        return self.centre.report(*photos, locations=(seen_at.page_url,) if seen_at else ())

    def ana_withdraws(self, receipt: str) -> None:
        report = report_of(receipt)
        assert report is not None, "the receipt opens the report"
        self.known |= {item.location: item.pk for item in Item.objects.all()}
        assert withdraw_report(report, self.centre.now)
        self.withdrawn_at = self.centre.now

    def the_centre_sweeps(self, platform: str) -> None:
        for page in self.centre.internet.start_pages():
            if f"//{platform}.test" in page:
                add_start_page(page, self.centre.now)

    def one_tick_passes(self) -> None:
        self.centre.tick()

    def days_pass(self, days: float) -> None:
        self.centre.pass_time(days=days)

    # What is expected

    def expect_notice(self, *, to: str, about: Copy, rung: str, law: str) -> None:
        """Exactly this arrived there, once, and we know when, with proof, and until when an answer is due."""
        (arrived,) = [
            notice for notice in self._untold() if notice.party == to and about.page_url in notice.locations
        ]
        self.told.append(arrived)
        assert set(arrived.locations) == {about.page_url, about.media_url}
        row = Notice.objects.get(pk=arrived.notice_id)
        assert (row.rung, row.laws[0], row.state) == (rung, law, "sent")
        assert row.received_at == arrived.received_at
        assert row.proof is not None
        assert row.deadline_at is not None
        assert row.deadline_at > arrived.received_at

    def expect_no_further_notice(self) -> None:
        assert [(notice.party, notice.subject) for notice in self._untold()] == []

    def expect_still_open(self, copy: Copy) -> None:
        item = self._item(copy)
        assert item.outcome == ""
        assert item.due_at is not None

    def expect_outcome(self, copy: Copy, outcome: str, *, seen_gone_from: int = 0, round_: int = 1) -> None:
        item = self._item(copy)
        assert (item.outcome, item.round, item.question) == (outcome, round_, "")
        if outcome == Outcome.REMOVED:
            self.expect_truly_gone(copy)
            last = item.rechecks.latest("at", "pk")
            assert [finding.kind for finding in last.findings.all()] == ["gone"] * seen_gone_from

    def expect_truly_gone(self, copy: Copy) -> None:
        assert not self.centre.internet.truth.served_to_anyone(copy)

    def expect_told_as_return(self, again: Copy, *, of: Copy) -> None:
        item = self._item(again)
        assert item.came_back_from is not None
        assert item.came_back_from.pk == self._item(of).pk
        assert item.how != "full", "an edited copy is explained by its edit"

    def expect_the_life_of(self, copy: Copy, *, tells: list[str]) -> None:
        life = " ".join(line.words for line in explain(self._item(copy), self.centre.now).lines).lower()
        assert [words for words in tells if words.lower() not in life] == [], life

    def expect_only_fingerprints_were_kept_of(self, material: str) -> None:
        """No stretch of the picture, and no file name, in anything that the database holds."""
        picture, name = self.centre.photo(material).read_bytes(), self.centre.photo(material).name
        stretches = [picture[at : at + 48] for at in range(200, len(picture) - 48, 400)]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
                for value in (value for row in cursor.fetchall() for value in row):
                    kept = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert name.encode() not in kept or len(name) < 6
                    assert not any(stretch in kept for stretch in stretches)

    def expect_the_feed_to_take_back_everything(self) -> None:
        now, peer = self.centre.now, Peer.objects.get()
        state = Followed(peer.feed, tuple(keys_told(now)))
        _, lines = accept(state, page_after(peer, 0, now), int(now.timestamp()))
        adds = lines["operation"] == LineOperation.ADD
        added = [bytes(name) for name in lines["entry"][adds]]
        told = {bytes(name) for name in lines["entry"][lines["operation"] == LineOperation.WITHDRAW]}
        (canary,) = set(added) - told  # one stays in the list, as bait for who copies it
        assert len(told) >= 2
        assert list(erased(lines)[adds]) == [name != canary for name in added]

    def expect_nobody_looked_since_the_withdrawal(self) -> None:
        since = self.withdrawn_at
        assert since is not None
        assert [one for one in self.centre.internet.truth.requests() if one.at > since] == []

    def expect_nothing_else_was_touched(self) -> None:
        assert self.centre.internet.truth.bystanders_touched() == []
        self.expect_no_further_notice()

    def expect_the_journal_holds(self) -> None:
        assert first_broken_entry() is None

    def _untold(self) -> list[ReceivedNotice]:
        return [notice for notice in self.centre.internet.truth.notices() if notice not in self.told]

    def _item(self, copy: Copy) -> Item:
        number = self.known.get(copy.page_url)
        return item_at(copy.page_url) if number is None else Item.objects.get(pk=number)
