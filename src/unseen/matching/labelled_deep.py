"""The local features of a labelled bank: kept beside its rows when asked for, found by label, erased with it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from unseen.fingerprint.deep_model import Original, Query
from unseen.fingerprint.pool import Align
from unseen.matching import deep
from unseen.matching.bank import Verified
from unseen.matching.deep import DeepBank
from unseen.matching.files import BankError
from unseen.matching.labels import Entry


def keep(folder: Path, entries: Iterable[Entry], originals: Mapping[tuple[str, str], Original]) -> None:
    """Keep these originals (by label and digest) under their entries; those already kept are passed over."""
    bank = DeepBank.open(folder / deep.FOLDER)
    kept = bank.kept()
    new = [each for each in entries if (each.first_id, each.sha256) not in kept]
    named = [(each, originals.get((each.label, each.sha256))) for each in new]
    bank.add((each.first_id, each.sha256, found) for each, found in named if found is not None)


def forget(folder: Path, entries: Iterable[Entry]) -> None:
    """Erase what is kept of these entries."""
    if DeepBank.exists(folder / deep.FOLDER):
        DeepBank.open(folder / deep.FOLDER).remove({each.first_id for each in entries})


def verified(folder: Path) -> list[Verified]:
    """What a full check read; nothing where no local features are kept. Raises BankError at the first fault."""
    there = DeepBank.exists(folder / deep.FOLDER)
    return [DeepBank.open(folder / deep.FOLDER).verify()] if there else []


class DeepSearch:
    """Searches the local features of one labelled bank, from any thread."""

    def __init__(self, folder: Path) -> None:
        if not DeepBank.exists(folder / deep.FOLDER):
            raise BankError(
                f"{folder} keeps no local features: add its pictures again with `unseen bank add --deep`"
            )
        self._bank = DeepBank.open(folder / deep.FOLDER)

    def labels(self, query: Query, align: Align, entries: Callable[[], Sequence[Entry]]) -> dict[str, int]:
        """Each label that the query shows, with the distance in bits of its nearest part."""
        matches = self._bank.match(query, align)
        named = {(each.first_id, each.sha256): each.label for each in entries()} if matches else {}
        found: dict[str, int] = {}
        for match in matches:
            label = named.get((match.first_id, match.sha256))
            if label is not None:  # else it was removed meanwhile
                found.setdefault(label, match.distance_bits)
        return found
