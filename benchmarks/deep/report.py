"""Writes what was measured of the level deep: a page for people and a picture of the margins."""

import resource
from collections import Counter
from pathlib import Path
from typing import Any

from benchmarks import machine
from unseen.matching import deep

_STEP_BITS = 4
_TRUE, _CHANCE = "#0b6e4f", "#b23a48"


def resident_mb() -> int:
    """The most that this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    (folder / "margins.svg").write_text(picture(results["margins"]))


def page(results: dict[str, Any]) -> str:
    recall = {edit: hits / asked for edit, (hits, asked) in results["recall"].items()}
    asked = sum(count for _, count in results["recall"].values())
    mean = sum(recall.values()) / len(recall)
    ms = results["ms"]
    lines = [
        "# The level deep on pictures that were not used to tune it",
        "",
        "`make benchmark-deep` measures this again; do not edit. Edits are those of `benchmarks/robustness`; the table beside other engines is there.",
        "",
        machine.line(results),
        "",
        f"- **Recall** {mean:.3f}, the mean over {len(recall)} edits ({asked} copies of held-out photographs). Alone, without the levels below it.",
        (
            f"- **False matches** {len(results['wrong'])} of {results['unrelated']:,} unrelated pictures (as they are, then edited) and of the copies' other originals, "
            f"against a bank of {results['bank_pictures']:,} pictures."
        ),
        f"- **A query** takes {sum(ms.values()):.0f} ms of processor time: "
        + ", ".join(f"{step} {each:.0f}" for step, each in ms.items())
        + ". "
        f"What limits it: {2 * 800:,} exact searches within {deep.FEATURE_RADIUS_BITS} bits of {400 * results['bank_pictures']:,} rows.",
        (
            f"- **A picture in the bank** takes {results['bytes_a_picture'] / 1000:.0f} KB with its index and {results['add_ms']:.0f} ms. "
            f"This process held {results['resident_mb']} MB at most."
        ),
        "",
        "![bits of the second nearest part, true and chance fits](margins.svg)",
        "",
        (
            f"A fit counts when two parts and {deep.NEAR_SHARE_MIN:.0%} of the clear parts shown are within {deep.PART_RADIUS_BITS} bits "
            f"({deep.SURE_PART_RADIUS_BITS} where {deep.SURE_AGREEING} points agree)."
        ),
        "",
        "| edit | found | of |",
        "|---|---:|---:|",
    ]
    lines += [f"| {edit} | {hits} | {count} |" for edit, (hits, count) in sorted(results["recall"].items())]
    lines += ["", "## Lost", ""] + [f"- {name}: {edit}" for name, edit in results["lost"]]
    lines += ["", "## False matches", ""] + [
        f"- {name} ({edit}) as {other}" for name, edit, other in results["wrong"]
    ]
    lines += [
        "",
        "## Chance fits that came nearest (query, edit, original, points, bits of the second part)",
        "",
    ]
    chance = sorted((each for each in results["margins"] if not each[0]), key=lambda each: each[2])
    lines += [
        f"- {', '.join(names)}: {agreeing} points, {second} bits"
        for _, agreeing, second, *names in chance[:10]
    ]
    return "\n".join(lines).rstrip() + "\n"


def picture(margins: list[list[Any]]) -> str:
    """Two histograms over bits, each in shares of its own fits."""
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 340" font-family="sans-serif" font-size="13" role="img">',
        "<title>Bits of the second nearest part: true fits near zero, chance fits around 120</title>",
        '<rect width="720" height="340" fill="#fff"/>',
    ]
    limit = _across(deep.PART_RADIUS_BITS)
    parts.append(f'<path d="M{limit:.0f} 30V290" stroke="#888" stroke-dasharray="4 4"/>')
    parts.append(f'<text x="{limit + 5:.0f}" y="42">{deep.PART_RADIUS_BITS} bits</text>')
    for true, colour, name, at in ((1, _TRUE, "true fits", 70), (0, _CHANCE, "chance fits", 90)):
        bits = [second for kind, _, second, *_ in margins if kind == true and second < 256]
        bars = Counter(each // _STEP_BITS for each in bits)
        most = max(bars.values(), default=1)
        for step, count in sorted(bars.items()):
            height = 240 * count / most
            left, wide = _across(step * _STEP_BITS), _across(_STEP_BITS) - _across(0) - 1
            parts.append(
                f'<rect x="{left:.1f}" y="{290 - height:.1f}" width="{wide:.1f}" height="{height:.1f}" fill="{colour}" opacity="0.75"/>'
            )
        parts.append(f'<text x="560" y="{at}" fill="{colour}">{name} ({len(bits):,})</text>')
    parts += [
        f'<text x="{_across(bits_at):.0f}" y="308" text-anchor="middle">{bits_at}</text>'
        for bits_at in range(0, 161, 20)
    ]
    parts.append('<text x="360" y="330" text-anchor="middle">bits of the second nearest part</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _across(bits: int) -> float:
    return 60 + 600 * bits / 160
