"""Writes what was measured: a table for people and a picture, each with the machine and the date."""

import datetime as dt
import os
import platform
from math import log10
from pathlib import Path
from typing import Any

COLOURS = {
    "unseen fast": "#0b6e4f", "unseen small": "#6bbf8a", "faiss flat": "#b23a48", "faiss multi-hash": "#e08e45",
    "faiss HNSW": "#6c757d", "usearch HNSW": "#adb5bd",
}  # fmt: skip


def machine(note: str) -> dict[str, Any]:
    model = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    )
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": model.partition(": ")[2],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_before": os.getloadavg(),
        "note": note,
    }


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    (folder / "search.svg").write_text(picture(results))


def page(results: dict[str, Any]) -> str:
    load = f"load {results['load_before'][0]:.1f} before, {results['load_after'][0]:.1f} after"
    lines = [
        "# Search: one query within 31 bits",
        "",
        "`make benchmark-search` measures this again; do not edit. One core, the call from Python included; all engines in",
        "turn in short rounds on the same rows and queries (random; a tenth of the queries 0 to 40 bits from a row).",
        "",
        f"{results['date']}, {results['processor']}, {results['cores']} cores, kernels {results['kernels']}, {load}. {results['note']}",
        "",
        "![time of one query by number of entries](search.svg)",
        "",
        "| entries | engine | p50 µs | p99 µs | times faster than flat | µs a query in a batch | recall | build s | bytes an entry |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in results["sizes"]:
        flat = next(each for each in size["engines"] if each["name"] == "faiss flat")
        for each in size["engines"]:
            memory = f"{each['bytes_an_entry']:.0f}" if each["bytes_an_entry"] else "-"
            lines.append(
                f"| {size['entries']:,} | {each['name']} | {each['p50_us']:.1f} | {each['p99_us']:.1f} |"
                f" {flat['p50_us'] / each['p50_us']:.1f} | {each['batch_us']:.1f} | {each['recall']:.3f} |"
                f" {each['build_s']:.1f} | {memory} |"
            )
    return "\n".join(lines) + "\n"


def picture(results: dict[str, Any]) -> str:
    """p50 by entries, both axes logarithmic."""
    sizes = [size["entries"] for size in results["sizes"]]
    low, high = log10(min(sizes)), max(log10(max(sizes)), log10(min(sizes)) + 1)

    def across(entries: int) -> float:
        return 90 + 430 * (log10(entries) - low) / (high - low)

    def down(time_us: float) -> float:
        return 360 - 62 * log10(time_us)

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420" font-family="sans-serif" font-size="13" role="img">',
        "<title>Time of one query by number of entries, lower is better</title>",
        '<rect width="720" height="420" fill="#fff"/>',
    ]
    for power, label in enumerate(("1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms")):
        at = down(10**power)
        parts.append(
            f'<path d="M90 {at:.0f}H520" stroke="#ddd"/><text x="82" y="{at + 4:.0f}" text-anchor="end">{label}</text>'
        )
    parts += [f'<text x="{across(each):.0f}" y="390" text-anchor="middle">{each:,}</text>' for each in sizes]
    parts.append('<text x="305" y="412" text-anchor="middle">entries</text>')
    ends: list[float] = []
    for name, colour in COLOURS.items():
        points = [
            (across(size["entries"]), down(each["p50_us"]))
            for size in results["sizes"]
            for each in size["engines"]
            if each["name"] == name
        ]
        if not points:
            continue
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in points]
        label = points[-1][1] + 4
        while any(abs(label - other) < 15 for other in ends):
            label += 3
        ends.append(label)
        parts.append(f'<text x="{points[-1][0] + 10:.0f}" y="{label:.0f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"
