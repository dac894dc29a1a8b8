"""Writes what was measured: tables for people and two pictures."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import machine
from benchmarks.video.recall import EXPECTED_OTHERS, by_edit

ENGINES = {
    "keyframes": "#0b6e4f", "keyframes, query forms": "#3a9d76", "second": "#6bbf8a", "every frame": "#2a6f97",
    "dense, bank forms": "#61a5c2", "decode all (limit)": "#6c757d", "vpdq, 1 a second": "#b23a48",
    "vpdq, every frame": "#e08e45",
}  # fmt: skip
STYLE = (
    "<style>text{fill:#222}.line{stroke:#ddd}.back{fill:#fff}"
    "@media(prefers-color-scheme:dark){text{fill:#eee}.line{stroke:#444}.back{fill:#181818}}</style>"
)


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    (folder / "speed.svg").write_text(speed_picture(results["speed"]))
    (folder / "recall.svg").write_text(recall_picture(by_edit(results["copies"])))


def page(results: dict[str, Any]) -> str:
    head = [
        "# Films: speed, recall and times",
        "",
        "`make benchmark-video` measures this again; do not edit. Films and twins: the folder of media (`--media`).",
        "",
        machine.line(results),
        "",
    ]
    parts = (speed_part, recall_part, density_part, chance_part, limits_part)
    return "\n".join([*head, *(line for part in parts for line in part(results))]) + "\n"


def speed_part(results: dict[str, Any]) -> list[str]:
    engines = list(results["speed"][0]["cpu_s"])
    lines = [
        "## Speed: times real time on one core",
        "",
        "![speed by film and engine](speed.svg)",
        "",
        f"Processor time in the same run, the least of {results['rounds']} rounds. *Decode all* is what PyAV needs for the frames alone.",
        "*Keyframes* is the rate within a long film: `unseen` decodes a film of fewer than four keyframes whole, as with *second*.",
        "",
        f"| film | {' | '.join(engines)} | every frame / decode all | keyframes / vpdq 1 a second |",
        f"|---|{'---:|' * (len(engines) + 2)}",
    ]
    for each in results["speed"]:
        cpu = each["cpu_s"]
        cells = [f"{each['length_s'] / cpu[engine]:.1f}" for engine in engines]
        rival = cpu.get("vpdq, 1 a second")
        cells.append(f"{cpu['every frame'] / cpu['decode all (limit)']:.2f}")
        cells.append(f"{rival / cpu['keyframes']:.1f}" if rival else "not installed")
        lines.append(f"| {each['film']} | {' | '.join(cells)} |")
    return [*lines, ""]


def recall_part(results: dict[str, Any]) -> list[str]:
    copies, bank = results["copies"], results["bank"]
    minutes = sum(bank["length_s"].values()) / 60
    per_minute = sum(bank["rows"].values()) / minutes
    lines = [
        "## Recall by edit",
        "",
        "![share found by edit](recall.svg)",
        "",
        f"{len(bank['rows'])} films of {minutes:.1f} minutes in the bank. A minute of film has {per_minute:,.0f} rows (frames and edited forms):",
        f"{40 * per_minute / 1024:.0f} KiB of rows and {bank['labels_bytes'] / minutes / 1024:.1f} KiB of labels, without the index.",
        "Up to 12 s of each film are edited; a query has a frame a second and the first of each scene. *vpdq*: a frame a second on both sides,",
        "31 bits, quality 50, 80 % of the bank's frames (its own settings); *one frame*: a single frame of the bag within 31 bits.",
        "*Times* are the largest error of the four ends of the longest segment; *dim* copies have a stretch in which no frame",
        "reaches quality 50 (an empty road, a bare door), which PDQ cannot place.",
        "",
        "| edit | copies | found | vpdq | vpdq, one frame | times: median s | within 1 s | within 1 s, without dim | others found |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for edit, each in by_edit(copies).items():
        errors = [line["error_s"] for line in each if line["error_s"] is not None]
        bright = [line for line in each if not is_dim(line)]
        others = "-" if edit in EXPECTED_OTHERS else str(sum(bool(line["others"]) for line in each))
        lines.append(
            f"| {edit} | {len(each)} | {sum(line['found'] for line in each)} | {sum(line['vpdq'] for line in each)} |"
            f" {sum(line['vpdq_any'] for line in each)} | {np.median(errors) if errors else float('nan'):.2f} |"
            f" {sum(error <= 1 for error in errors)} |"
            f" {sum(line['error_s'] is not None and line['error_s'] <= 1 for line in bright)} of {len(bright)} | {others} |"
        )
    pairs = results["twins"]
    lines += [
        "",
        f"Twins (`video_pairs.csv`, those whose files are here): {sum(pair['found'] for pair in pairs)} of {len(pairs)} found.",
    ]
    missed = [pair["edited"] for pair in pairs if not pair["found"]]
    return [*lines, *([f"Missed: {', '.join(missed)}."] if missed else []), ""]


def is_dim(line: dict[str, Any]) -> bool:
    return bool(line["searchable_frames"] < 0.75 * line["seconds"])


def density_part(results: dict[str, Any]) -> list[str]:
    lines = [
        "## Density of the bank",
        "",
        "Copies trimmed by 0.4 to 3 s and encoded again, a frame a second: the share of their frames within 31 bits of a row.",
        "Whole frames only, no edited forms.",
        "",
        "| the bank keeps | rows a minute | frames met |",
        "|---|---:|---:|",
    ]
    lines += [
        f"| {each['density']} | {each['rows_a_minute']:,.0f} | {100 * each['frames_met']:.1f} % |"
        for each in results["density"]
    ]
    return [*lines, ""]


def chance_part(results: dict[str, Any]) -> list[str]:
    made, copies = results["chance"], results["copies"]
    plain = [line for line in copies if line["edit"] not in EXPECTED_OTHERS]
    wrong = [
        f"{line['film']} ({line['edit']}): {', '.join(line['others'])}" for line in plain if line["others"]
    ]
    return [
        "## What should match nothing",
        "",
        "| asked | how many | matched |",
        "|---|---:|---:|",
        f"| copies of one film against the other films | {len(plain)} | {len(wrong)} |",
        f"| unrelated pictures as slide shows of 20 | {made['slide_shows']} | {made['slide_shows_matched']} |",
        f"| unrelated pictures, one by one | {made['stills']} | {made['stills_matched']} |",
        f"| black, blank and title films | {made['blank_and_title_films']} | {made['blank_and_title_films_matched']} |",
        "",
        *([f"Wrong: {'; '.join(wrong)}.", ""] if wrong else []),
    ]


def limits_part(results: dict[str, Any]) -> list[str]:
    return [
        "## What limits each figure now",
        "",
        "- Every frame, a second, dense: decoding; the column *every frame / decode all* has the rest. The luma kernel reads each",
        "  pixel once (0.15 ms at 1080p), and a frame passes through some 0.1 ms of Python and NumPy.",
        "- Keyframes: decoding the keyframes (an H.264 keyframe costs several times an ordinary frame) and reading the packets.",
        "  Times real time grow with the distance of keyframes.",
        "- Recall: PDQ itself. A frame below quality 50 has no searchable fingerprint, so films of bare walls are found only by",
        "  their other scenes. A mirrored *and* cropped copy with a large logo needs local features (level deep).",
        "- Times: the query's one frame a second; crops are found by two bank frames a second, so an end may be missed by a frame or two.",
    ]


def speed_picture(speeds: list[dict[str, Any]]) -> str:
    """Times real time, logarithmic."""
    engines = [name for name in ENGINES if name in speeds[0]["cpu_s"]]
    height = 60 + len(speeds) * (18 * len(engines) + 34)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Times real time by film and engine, more is better</title>",
        STYLE,
        f'<rect class="back" width="760" height="{height}"/>',
    ]
    for power in range(4):
        at = 170 + 170 * power
        parts.append(f'<path class="line" d="M{at} 20V{height - 30}"/>')
        parts.append(f'<text x="{at}" y="{height - 12}" text-anchor="middle">{10**power} x</text>')
    top = 20
    for each in speeds:
        parts.append(f'<text x="10" y="{top + 12}" font-weight="bold">{each["film"]}</text>')
        top += 20
        for engine in engines:
            times = each["length_s"] / each["cpu_s"][engine]
            width = max(1.0, 170 * float(np.log10(max(times, 1.01))))
            parts.append(f'<text x="162" y="{top + 12}" text-anchor="end">{engine}</text>')
            parts.append(
                f'<rect x="170" y="{top + 2}" width="{width:.0f}" height="13" fill="{ENGINES[engine]}"/>'
            )
            parts.append(f'<text x="{175 + width:.0f}" y="{top + 13}">{times:.1f}</text>')
            top += 18
        top += 14
    return "\n".join([*parts, "</svg>"]) + "\n"


def recall_picture(edits: dict[str, list[dict[str, Any]]]) -> str:
    height = 50 + 30 * len(edits)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 {height}" font-family="sans-serif" font-size="12" role="img">',
        "<title>Share of copies found by edit, ours above vpdq</title>",
        STYLE,
        f'<rect class="back" width="760" height="{height}"/>',
        '<rect x="230" y="8" width="12" height="12" fill="#0b6e4f"/><text x="247" y="18">unseen</text>',
        '<rect x="320" y="8" width="12" height="12" fill="#b23a48"/><text x="337" y="18">vpdq, its own settings</text>',
    ]
    for number, (edit, each) in enumerate(edits.items()):
        top = 30 + 30 * number
        parts.append(f'<text x="222" y="{top + 16}" text-anchor="end">{edit}</text>')
        for row, (key, colour) in enumerate((("found", "#0b6e4f"), ("vpdq", "#b23a48"))):
            share = sum(line[key] for line in each) / len(each)
            parts.append(
                f'<rect x="230" y="{top + 2 + 11 * row}" width="{max(1, 460 * share):.0f}" height="10" fill="{colour}"/>'
            )
            parts.append(
                f'<text x="{235 + 460 * share:.0f}" y="{top + 11 + 11 * row}" font-size="10">{100 * share:.0f} %</text>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"
