"""Poisoning: who reports harmless and empty fingerprints must get none of them acted on.

`python -m benchmarks.exchange.poisoning ../shared/media --harmless 100000 --empty 1000`: crops and edits of ordinary photographs
and empty fingerprints go through the real report intake, the bank and the feed, into the list of a peer that takes everything.
"""

import argparse
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageEnhance, ImageFilter, ImageOps

from unseen.domain.fingerprint import Fingerprint
from unseen.fingerprint.picture import Picture, pdq_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SIDE_PIXELS = 192
A_REPORT = 50  # as many pictures as one report may hold


def main() -> None:
    """Print what became of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("media", type=Path)
    parser.add_argument("--harmless", type=int, default=100_000)
    parser.add_argument("--empty", type=int, default=1_000)
    asked = parser.parse_args()
    photographs = sorted((asked.media / "images").glob("*.jpg")) + sorted(
        (asked.media / "unrelated").glob("*.jpg")
    )
    began = time.monotonic()
    harmless = list(edits(photographs, asked.harmless))
    print(f"{len(harmless)} edits of {len(photographs)} photographs in {time.monotonic() - began:.0f} s")
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"UNSEEN_DATA_DIR": folder, "DJANGO_SETTINGS_MODULE": "unseen.config.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for name, found in (("harmless", harmless), ("empty", list(empty(asked.empty)))):
            print(f"{name}: {poison(found, name)} ({time.monotonic() - began:.0f} s)")


def poison(fingerprints: Sequence[Fingerprint], name: str) -> str:
    """What a peer's list says of them, in words. The last value is how many may be acted on without a person."""
    from unseen.domain.feed import LineAction
    from unseen.exchange import due
    from unseen.exchange.actions.peers import add_peer
    from unseen.exchange.models import FeedEntry, Peer
    from unseen.exchange.queries import frontier_of, lines_of
    from unseen.feed.lines import read_lines
    from unseen.hashbank import due as bank

    before = set(FeedEntry.objects.values_list("pk", flat=True))
    taken = _report(fingerprints)
    add_peer(name, NOW)
    while bank.do_due(NOW, "one") + due.do_due(NOW, "one"):
        pass
    peer = Peer.objects.get(name=name)
    lines = read_lines(lines_of(peer, 0, frontier_of(peer).size), 0)
    actions = Counter(LineAction(action).name for action in lines["action"])
    fed = FeedEntry.objects.exclude(pk__in=before).count()
    acted = sum(actions[one.name] for one in LineAction if one > LineAction.REVIEW)
    return (
        f"{len(fingerprints)} submitted, {taken} taken by the intake, {fed} in the feed, actionable: {acted}"
    )


def _report(fingerprints: Sequence[Fingerprint]) -> int:
    """File them all, as many reports as it takes; how many were taken."""
    from unseen.domain.report import (
        AgeBand,
        BadReport,
        MaterialKind,
        ReportDraft,
        ReportedMaterial,
        check_report,
    )
    from unseen.intake.actions import receive_report

    taken = 0
    for first in range(0, len(fingerprints), A_REPORT):
        materials = []
        for one in fingerprints[first : first + A_REPORT]:
            material = ReportedMaterial(MaterialKind.IMAGE, (one,))
            try:
                check_report(ReportDraft(AgeBand.ADULT, (material,), ()))
            except BadReport:
                continue
            materials.append(material)
        if materials:
            draft = check_report(ReportDraft(AgeBand.ADULT, tuple(materials), ()))
            receive_report(draft, may_share=True, now=NOW)
            taken += len(materials)
    return taken


def edits(photographs: Sequence[Path], count: int) -> Iterator[Fingerprint]:
    """Crops, mirrors, greys, blurs and other lights of them, as evenly as can be."""
    luck = random.Random(20)
    each, more = divmod(count, len(photographs))
    for number, path in enumerate(photographs):
        with Image.open(path) as opened:
            image = opened.convert("RGB")
        for _ in range(each + (number < more)):
            made = pdq_of(Picture(_edited(image, luck)))
            yield Fingerprint(made.value, made.quality)


def _edited(image: Image.Image, luck: random.Random) -> Image.Image:
    width, height = image.size
    share = luck.uniform(0.4, 1)
    left, top = luck.uniform(0, width * (1 - share)), luck.uniform(0, height * (1 - share))
    box = (left, top, left + width * share, top + height * share)
    made = image.resize((SIDE_PIXELS, SIDE_PIXELS), box=box)
    if luck.random() < 0.3:
        made = ImageOps.mirror(made)
    if luck.random() < 0.2:
        made = ImageOps.grayscale(made).convert("RGB")
    if luck.random() < 0.2:
        made = made.filter(ImageFilter.GaussianBlur(luck.uniform(0.5, 3)))
    return ImageEnhance.Brightness(made).enhance(luck.uniform(0.6, 1.4))


def empty(count: int) -> Iterator[Fingerprint]:
    """Blanks, single bits, halves, stripes and repeated rows that claim the best quality, some bits off."""
    luck = random.Random(21)
    for number in range(count):
        row = luck.randbytes(2)
        base = (
            bytes(32),
            b"\xff" * 32,
            bytes(16) + b"\xff" * 16,
            row * 16,
            (row + luck.randbytes(2)) * 8,
            luck.randbytes(4) + bytes(28),
            bytes(luck.getrandbits(8) & luck.getrandbits(8) & luck.getrandbits(8) for _ in range(32)),
            b"\xaa\xaa\x55\x55" * 8,
        )[number % 8]
        off = sum(1 << luck.randrange(256) for _ in range(luck.randrange(3)))
        value = (int.from_bytes(base, "big") ^ off) % (1 << 256)
        yield Fingerprint(value.to_bytes(32, "big"), 100)


if __name__ == "__main__":
    main()
