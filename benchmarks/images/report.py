"""Writes what was measured: tables for people and a picture that reads well on light and on dark ground."""

from math import log10
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.images.engines import LIMIT, RIVAL

# Name, colour on light and on dark ground, dash.
LINES = (
    ("threatexchange", "#b23a48", "#ff8a94", ""),
    ("pdqhash + cv2", "#c2701c", "#f0a860", ""),
    ("perception + cv2", "#8a6d1d", "#d9bd6b", ""),
    ("unseen luma, NumPy only", "#5b4bb5", "#b3a7ff", "2 4"),
    ("unseen exact", "#0b6e4f", "#4fd3a5", ""),
    ("unseen luma", "#1f6fb2", "#6cb8f5", ""),
    ("unseen scaled", "#0e8a8a", "#5fdede", ""),
    (LIMIT, "#6c757d", "#9aa4ad", "6 4"),
)


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    (folder / "images.svg").write_text(picture(results))


def page(results: dict[str, Any]) -> str:
    parts = [
        "# Fingerprints of JPEG pictures",
        "",
        "`make benchmark-images` measures this again; do not edit. JPEG bytes to PDQ, one core, processor time: each engine",
        f"in turn on {len(results['photos'])} photographs (the largest at hand, brought to each size by Lanczos, so 4 and 12 megapixels are",
        "enlarged; quality 85, 4:2:0); the mean over the photographs of the median over rounds. Our figures are without the",
        "SHA-256 of the file and without the way to the sandboxed child and back, which are stated below.",
        "",
        machine.line(results),
        "",
        "![time by megapixels](images.svg)",
        "",
        *_times(results["sizes"]),
        "",
        *_parts(results["sizes"]),
        "",
        *_agreement(results["agreement"]),
        "",
        *_very_large(results["very_large"]),
        "",
        *_whole(results),
        "",
        *LIMITS,
    ]
    return "\n".join(parts) + "\n"


def _times(sizes: list[dict[str, Any]]) -> list[str]:
    head = " | ".join(f"{size['megapixels']:g} MP" for size in sizes)
    lines = [f"| milliseconds (times as fast as {RIVAL}) | {head} |", "|---|" + "---:|" * len(sizes)]
    for name in sizes[0]["ms"]:
        cells = [f"{size['ms'][name]:.2f} ({size['ms'][RIVAL] / size['ms'][name]:.1f})" for size in sizes]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _parts(sizes: list[dict[str, Any]]) -> list[str]:
    head = " | ".join(f"{size['megapixels']:g} MP" for size in sizes)
    lines = [
        "## Where our time goes",
        "",
        "Samples from rows in the cache, as the decoder leaves them.",
        "",
        f"| milliseconds | {head} |",
        "|---|" + "---:|" * len(sizes),
    ]
    for name in sizes[0]["parts_ms"]:
        cells = " | ".join(f"{size['parts_ms'][name]:.3f}" for size in sizes)
        lines.append(f"| {name} | {cells} |")
    for kind in ("grey", "RGB"):
        shares = [
            (size["parts_ms"][f"sample {kind}"] + size["parts_ms"]["bits, quality"])
            / size["parts_ms"]["grey decode, rows not kept"]
            for size in sizes
        ]
        cells = " | ".join(f"{share:.3f}" for share in shares)
        lines.append(f"| PDQ of {kind} pixels to bits, as a share of a grey decode | {cells} |")
    return lines


def _agreement(rows: list[dict[str, Any]]) -> list[str]:
    lines = ["## Bits apart", "", "Photographs of quality 50 or more.", ""]
    lines += ["| | pictures | median | mean | 99 % | most |", "|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        lines.append(
            f"| {row['name']} | {row['pictures']} | {row['median']:g} | {row['mean']:.2f} | {row['p99']:g} | {row['max']} |"
        )
    return lines


def _very_large(rows: list[dict[str, Any]]) -> list[str]:
    lines = [f"## One JPEG of 100 megapixels ({rows[0]['file_mib']:.1f} MiB)", ""]
    lines += ["| | seconds | MiB above a small picture |", "|---|---:|---:|"]
    return lines + [f"| {row['name']} | {row['processor_s']:.2f} | {row['memory_mib']:.0f} |" for row in rows]


def _whole(results: dict[str, Any]) -> list[str]:
    trip, cores = results["round_trip"], results["all_cores"]
    return [
        "## The whole way, sandbox included",
        "",
        f"One picture at a time through the sandboxed child, wall time: {trip['tiny_ms']:.2f} ms for a tiny file (the way there and",
        f"back), {trip['one_megapixel_ms']:.2f} ms for one megapixel (exact, SHA-256 included).",
        "",
        f"A folder of {cores['pictures']} pictures of one megapixel with {cores['children']} children:",
        f"{cores['pictures_a_second']:.0f} pictures a second, {cores['processors_used']:.2f} processors used,",
        f"{100 * cores['parent_share']:.0f} % of that time by the parent.",
    ]


LIMITS = (
    "## What limits each figure now",
    "",
    "- **Luma:** the decoder (the limit's own row also keeps the whole plane). Sampling and bits are a tenth of it; most of a grey",
    "  decode is Huffman decoding, one bit after another, which no reader of JPEG can skip.",
    "- **Exact:** the decoder again, which must also reconstruct, enlarge and convert two planes of colour; sampling RGB reads four",
    "  bytes a pixel instead of one.",
    "- **Scaled:** Huffman decoding alone; the transform is nearly gone.",
    "- **NumPy only:** Pillow's decode, then a copy of each strip as float32 and a matrix product that multiplies zeros, too.",
    "- **A few pictures in a hundred** (exact way only) have two coefficients so near the median that rounding decides a bit: they",
    "  repeat the reference's own float32 steps, which costs a second decode and more. The medians do not show them.",
    "- **Pool:** the children's decoding; the parent opens files, hands over descriptors and reads small answers.",
)


def picture(results: dict[str, Any]) -> str:
    """Time by megapixels, both axes logarithmic."""
    sizes = results["sizes"]
    low, high = log10(sizes[0]["megapixels"]), log10(sizes[-1]["megapixels"]) or 1

    def across(megapixels: float) -> float:
        return 84 + 400 * (log10(megapixels) - low) / max(high - low, 1e-9)

    def down(time_ms: float) -> float:
        return 320 - 100 * log10(time_ms)

    light = "".join(f".c{n}{{stroke:{line[1]}}}.t{n}{{fill:{line[1]}}}" for n, line in enumerate(LINES))
    dark = "".join(f".c{n}{{stroke:{line[2]}}}.t{n}{{fill:{line[2]}}}" for n, line in enumerate(LINES))
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 400" font-family="sans-serif" font-size="13" role="img">',
        "<title>JPEG bytes to fingerprint: time by megapixels, lower is better</title>",
        f"<style>.g{{stroke:#ddd}}.x{{fill:#333}}.b{{fill:#fff}}{light}",
        f"@media (prefers-color-scheme:dark){{.g{{stroke:#333b45}}.x{{fill:#c9d1d9}}.b{{fill:#0d1117}}{dark}}}</style>",
        '<rect class="b" width="720" height="400" rx="6"/>',
        '<text class="x" x="84" y="22" font-weight="600">JPEG bytes to fingerprint, one core (lower is better)</text>',
    ]
    for time_ms in (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500):
        at = down(time_ms)
        if 34 < at < 356:
            parts.append(
                f'<path class="g" d="M84 {at:.0f}H484"/><text class="x" x="76" y="{at + 4:.0f}" text-anchor="end">{time_ms:g} ms</text>'
            )
    parts += [
        f'<text class="x" x="{across(size["megapixels"]):.0f}" y="366" text-anchor="middle">{size["megapixels"]:g}</text>'
        for size in sizes
    ]
    parts.append('<text class="x" x="284" y="388" text-anchor="middle">megapixels</text>')
    ends = sorted((down(sizes[-1]["ms"][line[0]]), number) for number, line in enumerate(LINES))
    label = 0.0
    for end, number in ends:
        name, _, _, dash = LINES[number]
        points = [(across(size["megapixels"]), down(size["ms"][name])) for size in sizes]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<path class="c{number}" d="M{path}" fill="none" stroke-width="2.5"{dashes}/>')
        parts += [f'<circle class="t{number}" cx="{x:.1f}" cy="{y:.1f}" r="3.2"/>' for x, y in points]
        label = max(end + 4, label + 16)
        parts.append(f'<text class="t{number}" x="{points[-1][0] + 10:.0f}" y="{label:.0f}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
