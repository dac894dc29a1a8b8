"""Writes what was measured: a table for people and a heat map, each with the machine and the date."""

from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.robustness.edits import EDITS, kinds

ROW, COLUMN, LEFT, TOP = 18, 92, 220, 96


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    (folder / "robustness.svg").write_text(picture(results))


def page(results: dict[str, Any]) -> str:
    engines = list(results["engines"])
    lines = [
        "# Robustness: which edited copies are found",
        "",
        "`make benchmark-robustness` measures this again; do not edit (the words at the end are in `words.md`). Each of",
        f"{results['pictures']} photographs that nothing was tuned on is edited in {len(EDITS)} ways (`edits.py`: AugLy's transforms where",
        f"it has them; every random choice from a seed), saved as JPEG and searched for in a bank of {results['bank_pictures']:,} photographs.",
        "",
        machine.line(results),
        "",
        "![recall by edit and engine](robustness.svg)",
        "",
        "| | " + " | ".join(engines) + " |",
        "|---|" + "---:|" * len(engines),
        row("**mean recall**", [f"**{results['engines'][each]['mean']:.3f}**" for each in engines]),
        row("unrelated queries that matched", [false_share(results, each) for each in engines]),
        row(
            "bank entries a picture",
            [f"{results['bank'][each]['entries_a_picture']:.0f}" for each in engines],
        ),
        row("ms to bank a picture", [f"{results['bank'][each]['ms_a_picture']:.1f}" for each in engines]),
        row("ms a query, decoded", [f"{results['engines'][each]['ms_a_query']:.1f}" for each in engines]),
    ]
    for kind, edits in kinds():
        lines.append(row(f"*{kind}*", [""] * len(engines)))
        lines += [row(edit.name, recalls(results, edit.name)) for edit in edits]
    words = (Path(__file__).parent / "words.md").read_text()
    return "\n".join([*lines, "", words.strip()]) + "\n"


def recalls(results: dict[str, Any], edit: str) -> list[str]:
    return [f"{engine['recall'][edit]:.2f}" for engine in results["engines"].values()]


def row(name: str, cells: list[str]) -> str:
    return f"| {name} | " + " | ".join(cells) + " |"


def false_share(results: dict[str, Any], engine: str) -> str:
    facts = results["false_matches"][engine]
    return f"{len({query for query, *_ in facts['pairs']})} of {facts['queries']:,}"


def picture(results: dict[str, Any]) -> str:
    """Recall by edit and engine: the fuller the cell, the more copies are found; figures in every cell."""
    engines = list(results["engines"])
    width, height = LEFT + COLUMN * len(engines) + 20, TOP + ROW * (len(EDITS) + 1) + 20
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Recall of edited copies by edit and engine</title>",
        f'<rect width="{width}" height="{height}" fill="#fff"/>',  # a ground of its own: readable on a dark page too
    ]
    for place, name in enumerate(engines):
        x = LEFT + COLUMN * place + COLUMN / 2
        for line, word in enumerate(name.split(", " if ", " in name else " ")):
            parts.append(
                f'<text x="{x:.0f}" y="{TOP - 44 + 14 * line}" text-anchor="middle" fill="#222">{word}</text>'
            )
    rows = [("mean", {each: results["engines"][each]["mean"] for each in engines})]
    rows += [
        (edit.name, {each: results["engines"][each]["recall"][edit.name] for each in engines})
        for edit in EDITS
    ]
    for line, (name, shares) in enumerate(rows):
        y = TOP + ROW * line
        weight = ' font-weight="bold"' if not line else ""
        parts.append(f'<text x="{LEFT - 8}" y="{y + 13}" text-anchor="end" fill="#222"{weight}>{name}</text>')
        for place, engine in enumerate(engines):
            share = shares[engine]
            ink = "#fff" if share > 0.55 else "#222"
            x = LEFT + COLUMN * place
            parts.append(
                f'<rect x="{x + 1}" y="{y + 1}" width="{COLUMN - 2}" height="{ROW - 2}" fill="{shade(share)}"/>'
                f'<text x="{x + COLUMN / 2:.0f}" y="{y + 13}" text-anchor="middle" fill="{ink}"{weight}>{share:.2f}</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def shade(share: float) -> str:
    """From light grey to dark green."""
    light, dark = (238, 238, 238), (11, 94, 67)
    return "#" + "".join(
        f"{round(low + (high - low) * share):02x}" for low, high in zip(light, dark, strict=True)
    )
