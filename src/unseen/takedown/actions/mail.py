"""Writes about replies: a mail is kept as evidence once, and told to the notice that it answers."""

import hashlib
import re
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from unseen.casework.actions import make_due
from unseen.domain.item import NoticeState
from unseen.evidence.actions import keep, keep_nothing
from unseen.journal import actions as journal
from unseen.keys import queries as keys
from unseen.keys.centre import NOBODY, own_key
from unseen.takedown.actions.batches import key_on_the_wire, named_by
from unseen.takedown.actions.sending import lock_items, mark_failed
from unseen.takedown.kept_mail import kept
from unseen.takedown.models import Notice, Reply
from unseen.takedown.replies import About, ReplyKind, read_reply

# A later edition adds a number to the id; anything else behind a UUID is none of ours.
_KEY = re.compile(
    r"(?P<id>[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})(?:-(?P<edition>\d{1,5})(?!\d))?"
)


def record_reply(raw: bytes, now: datetime, file: str = "") -> Reply | None:
    """Store one mail. None when it was stored before (a worker was killed between storing and marking).

    `file`: its name in the mailbox, so that it can be removed there when its person withdraws.
    """
    digest = digest_of(raw)
    if Reply.objects.filter(digest=digest).exists():
        return None
    try:
        with transaction.atomic():
            return _store(raw, digest, now, file)
    except IntegrityError:
        return None  # another worker stored it just now


def digest_of(raw: bytes) -> str:
    """Tells one mail from another; who has no key of ours cannot ask whether we have a certain mail."""
    return own_key().mark(hashlib.sha256(raw).hexdigest())


def is_wanted(raw: bytes) -> bool:
    """Whether the mailbox may keep a stored mail: not where it came after the person withdrew."""
    return Reply.objects.filter(digest=digest_of(raw)).exclude(file="").exists()


def _store(raw: bytes, digest: str, now: datetime, file: str) -> Reply:
    reply = read_reply(raw)
    notice, edition = _notice_of(reply.about)
    report = NOBODY if notice is None else notice.report_key
    late = report != NOBODY and not keys.lives(report)
    row = Reply.objects.create(
        digest=digest,
        notice=notice,
        kind=reply.kind,
        received_at=now,
        exhibit=keep_nothing("reply", now) if late else keep("reply", kept(raw), report, now),
        file="" if late else file,
    )
    if notice is not None:
        # What they say about a notice they say about all that this edition named. A send that ends now waits, or we for it.
        key = notice.key_of(edition)
        for one in lock_items(named_by(notice, edition)):
            _tell(one, reply.kind, key, now)
    return row


def _notice_of(about: About) -> tuple[Notice | None, int]:
    """The notice that a mail names by any of its ids, and which edition of it."""
    known = Notice.objects.select_related("item__case")
    for text in (about.notice_id, *(one.partition("@")[0] for one in about.message_ids)):
        key = _KEY.match(text or "")
        found = known.filter(pk=uuid.UUID(key["id"])).first() if key else None
        if key is not None and found is not None:
            return found, int(key["edition"] or 0)
    return None, 0


def _tell(notice: Notice, kind: ReplyKind, key: str, now: datetime) -> None:
    """What the reply means for the notice. A claim is only noted: the next recheck says whether it is true.

    A bounce of an edition under another `key` than the one that counts now fails nothing: it went out anew since.
    """
    make_due(notice.item_id, now)  # item, notice, journal: one lock order for everybody
    notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
    journal.write(
        "item:reply:read",
        journal.about("item", notice.item_id),
        now,
        notice=notice.pk,
        kind=kind,
        rung=notice.rung,
    )
    in_hand = notice.state in (NoticeState.SENT, NoticeState.SENDING)
    if kind is ReplyKind.BOUNCED and in_hand and key == key_on_the_wire(notice):
        mark_failed(notice, "a bounce came back", now)
    elif kind is ReplyKind.REFUSED:
        Notice.objects.filter(pk=notice.pk, refused_at__isnull=True).update(refused_at=now)
    elif kind is ReplyKind.SAYS_REMOVED:
        Notice.objects.filter(pk=notice.pk, says_removed_at__isnull=True).update(says_removed_at=now)
