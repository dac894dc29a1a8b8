"""Writes about replies: a mail is kept as evidence once, and told to the notice that it answers."""

import hashlib
import uuid
from datetime import datetime

from django.db import IntegrityError, transaction

from unseen.casework.actions import make_due
from unseen.domain.item import NoticeState
from unseen.evidence.actions import keep
from unseen.journal import actions as journal
from unseen.takedown.actions.sending import lock_all, mark_failed
from unseen.takedown.kept_mail import kept
from unseen.takedown.models import Notice, Reply
from unseen.takedown.replies import About, ReplyKind, read_reply

UUID_CHARACTERS = 36


def record_reply(raw: bytes, now: datetime) -> Reply | None:
    """Store one mail. None when it was stored before (a worker was killed between storing and marking)."""
    digest = hashlib.sha256(raw).hexdigest()
    if Reply.objects.filter(digest=digest).exists():
        return None
    try:
        with transaction.atomic():
            return _store(raw, digest, now)
    except IntegrityError:
        return None  # another worker stored it just now


def _store(raw: bytes, digest: str, now: datetime) -> Reply:
    reply = read_reply(raw)
    notice = _notice_of(reply.about)
    row = Reply.objects.create(
        digest=digest,
        notice=notice,
        kind=reply.kind,
        received_at=now,
        exhibit=keep("reply", kept(raw), now),
    )
    if notice is not None:
        # What they say about a notice they say about all that it carried. A send that ends now waits, or we for it.
        for one in lock_all(notice):
            _tell(one, reply.kind, now)
    return row


def _notice_of(about: About) -> Notice | None:
    ids = [about.notice_id, *(one.partition("@")[0] for one in about.message_ids)]
    for text in ids:
        try:
            # A later edition adds a number to the id; anything else behind a UUID is none of ours.
            found = Notice.objects.filter(pk=uuid.UUID(text[:UUID_CHARACTERS])).first() if text else None
        except ValueError:
            found = None
        if found is not None:
            return found
    return None


def _tell(notice: Notice, kind: ReplyKind, now: datetime) -> None:
    """What the reply means for the notice. A claim is only noted: the next recheck says whether it is true."""
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
    if kind is ReplyKind.BOUNCED and notice.state in (NoticeState.SENT, NoticeState.SENDING):
        mark_failed(notice, "a bounce came back", now)
    elif kind is ReplyKind.REFUSED:
        Notice.objects.filter(pk=notice.pk, refused_at__isnull=True).update(refused_at=now)
    elif kind is ReplyKind.SAYS_REMOVED:
        Notice.objects.filter(pk=notice.pk, says_removed_at__isnull=True).update(says_removed_at=now)
