"""Fingerprints at known distances, and the bank brought up to date."""

from django.conf import settings

from unseen.domain.fingerprint import Fingerprint
from unseen.hashbank import due, queries
from unseen.hashbank.models import BankEntry
from unseen.intake.tests.reports import NOON
from unseen.matching import Bank

WORKER = "one"
FAR = (1 << 256) - 1  # as far from 0 as can be


def bits(value: int, quality: int = 90, variant: str = "full") -> Fingerprint:
    """The fingerprint with exactly the bits of this number."""
    return Fingerprint(value.to_bytes(32, "big"), quality, variant)


def work() -> int:
    """One round of the bank's due work, and then what is left of it."""
    done = due.do_due(NOON, WORKER)
    assert due.do_due(NOON, WORKER) == 0
    return done


def found(value: int) -> list[tuple[str, int]]:
    """(material, distance) of every match."""
    return [(match.material, match.distance_bits) for match in queries.search([bits(value)])]


def shown() -> set[int]:
    """The ids in the folder."""
    return {int(one) for one in Bank.open(settings.UNSEEN.data_dir / "bank").ids()}


def living() -> set[int]:
    """The ids that the folder should hold."""
    return set(BankEntry.objects.filter(removed_at__isnull=True).values_list("pk", flat=True))
