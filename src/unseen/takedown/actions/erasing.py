"""After withdrawal: sends that are stopped, and what notices, places and mails say of a person."""

from datetime import datetime

from django.conf import settings
from django.db import transaction

from unseen.casework import actions as casework
from unseen.casework.models import Case, Item
from unseen.discovery import actions as discovery
from unseen.domain.item import NoticeState
from unseen.journal import actions as journal
from unseen.keys.box import EMPTY
from unseen.takedown import mailbox
from unseen.takedown.actions.sending import stop
from unseen.takedown.models import Notice, Place, Reply
from unseen.takedown.queries import directory

ERASED_HOST = "erased.invalid"  # RFC 2606: nobody can ever have it


def stop_sends(case: Case, now: datetime, *, give_up: bool) -> None:
    """What waits to be sent never goes out. `give_up`: what nobody saw finish is not looked up any more either."""
    with transaction.atomic():
        notices = Notice.objects.filter(item__case=case)
        for notice in notices.filter(state=NoticeState.READY):
            stop(notice, now)
        if give_up:
            under_way = notices.filter(state=NoticeState.SENDING)
            for notice in under_way:
                journal.write(
                    "notice:send:doubted", journal.about("notice", notice.pk), now, item=notice.item_id
                )
            under_way.update(state=NoticeState.UNCERTAIN, due_at=None, lease_by="", lease_until=None)


def remove_mails(case: Case) -> None:
    """The mails that answered its notices, in the mailbox. Raises OSError."""
    inbox = settings.UNSEEN.inbox
    if inbox is not None:
        files = Reply.objects.filter(notice__item__case=case).exclude(file="")
        mailbox.remove(inbox, files.values_list("file", flat=True))


def erase(case: Case) -> None:
    """Texts, places and hosts of one case. States, times and laws stay: they count for platforms. In a transaction."""
    hosts = set(Item.objects.filter(case=case).values_list("host", flat=True))
    notices = Notice.objects.filter(item__case=case)
    notices.update(subject=EMPTY, body=EMPTY, particulars=EMPTY)
    Reply.objects.filter(notice__item__case=case).update(file="")
    Place.objects.filter(item__case=case).delete()
    casework.erase_items(case, kept_host)
    for host in hosts:
        if not Item.objects.filter(host=host).exists():
            discovery.forget_host(host)


def kept_host(host: str) -> str:
    """Of a platform that the directory describes, its first domain; of any other site nothing: its name may name somebody."""
    party = directory().party_for(host)
    return party.domains[0] if party.known and party.domains else ERASED_HOST
