"""Writes what was measured: tables for people and pictures, each with the machine and the date."""

from math import log10
from pathlib import Path
from typing import Any

from benchmarks import machine

COLOURS = {
    "unseen fast": "#0b6e4f", "unseen small": "#6bbf8a", "faiss flat": "#b23a48", "faiss multi-hash": "#e08e45",
    "threatexchange": "#8e5ea2", "faiss HNSW": "#6c757d", "usearch HNSW": "#adb5bd",
}  # fmt: skip
TARGETS = {100_000: 6, 1_000_000: 36, 10_000_000: 110}
LIMITS = """
## What limits each figure now

- **1 to 10,000 entries**: the call itself, about 3 µs: 2 µs are two system calls that see whether another process has
  written (`stat` of the manifest, `fstat` of the write-ahead file), the rest are the call from Python and its arrays.
  Up to 16,384 rows are compared one by one, 0.4 ns a row.
- **100 thousand**: 272 buckets of 16 tables, from the second and third level of the cache: 30 ns a bucket.
- **1 million**: 272 buckets of about 15 entries (240 bytes): 4 to 5 lines from main memory each, 15 µs in all; the
  third level holds where the buckets begin (4 MB).
- **10 million**: 2,116 buckets of 2 to 10 entries; each needs one line of where it begins (144 MB) and about 1.6 lines of entries
  from main memory, 25 to 35 ns a bucket with about ten misses under way at once. Large pages (the tables are
  copied into memory of the process) halve this: in a map of 4 KiB pages a random read costs 24 ns, in large pages 12 ns.
- **small layout**: each entry's row is fetched (15 ns from main memory), where the fast layout rules it out by 96 bits beside it.
- **wide radii**: from about 44 bits on the buckets of a look-up hold so many rows that comparing all is cheaper (0.4 ns a row);
  the cost model changes over there.
"""


def write(results: dict[str, Any], folder: Path) -> None:
    (folder / "README.md").write_text(page(results))
    random = [size for size in results["sizes"] if size["label"] == "random"]
    by_size = {
        name: [
            (size["entries"], each["p50_us"])
            for size in random
            for each in size["engines"]
            if each["name"] == name
        ]
        for name in COLOURS
    }
    (folder / "search.svg").write_text(picture("Time of one query by number of entries", "entries", by_size))
    by_radius = {
        name: [(max(1, line["radius_bits"]), line[name]) for line in results["sweep"]]
        for name in ("unseen fast", "unseen small", "faiss flat")
    }
    (folder / "radius.svg").write_text(
        picture("Time of one query by radius, 400,000 entries", "radius in bits", by_radius)
    )


def page(results: dict[str, Any]) -> str:
    lines = [
        "# Search: one query within 31 bits",
        "",
        "`make benchmark-search` measures this again; do not edit. One core, the call from Python included; all engines in",
        "turn in short rounds on the same rows and queries (random, or of photographs: random crops, those of the queries from",
        "other photographs; a tenth of the queries lies 0 to 40 bits from a row). Banks are warm (`Bank.warm`).",
        "",
        machine.line(results),
        "",
        "![time of one query by number of entries](search.svg)",
        "",
        *_targets(results),
        "",
        "| entries | engine | p50 µs | p99 µs | times faster than flat | µs a query in a batch of 1,000 | recall | build s | bytes an entry |",
        "|---:|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in results["sizes"]:
        lines += [_engine_line(size, each) for each in size["engines"]]
    return "\n".join([*lines, *_batch_lines(results), *_fresh_lines(results), *_sweep_lines(results), LIMITS])


def _named(size: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in size["engines"] if each["name"] == name)


def _targets(results: dict[str, Any]) -> list[str]:
    lines = ["| entries | times faster than faiss flat | target |", "|---:|---:|---:|"]
    for size in results["sizes"]:
        if size["label"] == "random" and size["entries"] in TARGETS:
            ratio = _named(size, "faiss flat")["p50_us"] / _named(size, "unseen fast")["p50_us"]
            lines.append(f"| {size['entries']:,} | {ratio:.1f} | {TARGETS[size['entries']]} |")
    return lines


def _engine_line(size: dict[str, Any], each: dict[str, Any]) -> str:
    flat = _named(size, "faiss flat")["p50_us"]
    memory = f"{each['bytes_an_entry']:.0f}" if each["bytes_an_entry"] and size["entries"] >= 10_000 else "-"
    recall = "-" if each["recall"] is None else f"{each['recall']:.3f}"
    kind = "" if size["label"] == "random" else f" ({size['label']})"
    return (
        f"| {size['entries']:,}{kind} | {each['name']} | {each['p50_us']:.1f} | {each['p99_us']:.1f} |"
        f" {flat / each['p50_us']:.1f} | {each['batch_us']:.1f} | {recall} | {each['build_s']:.1f} | {memory} |"
    )


def _batch_lines(results: dict[str, Any]) -> list[str]:
    lines = [
        "",
        "## A batch of 1,000 queries on one core and on all",
        "",
        "| entries | layout | µs a query, one core | all cores | times |",
        "|---:|---|---:|---:|---:|",
    ]
    for size in results["sizes"]:
        for each in size["engines"]:
            if "batch_one_core_us" in each:
                one, every = each["batch_one_core_us"], each["batch_all_cores_us"]
                lines.append(
                    f"| {size['entries']:,} | {each['name']} | {one:.2f} | {every:.2f} | {one / every:.2f} |"
                )
    return lines


def _fresh_lines(results: dict[str, Any]) -> list[str]:
    lines = [
        "",
        "## A new process: open, first queries, memory",
        "",
        "Files from the disk or from the system's cache. Early: the first 1,000 queries after the first one, while pages are checked",
        "and tables copied. Memory in MB (10^6 bytes) of the whole process, Python and NumPy (about 35 MB) included.",
        "",
        "| entries | layout | files from | open ms | first query ms | early p50 / p99 µs | RSS then | warm s | p50 / p99 µs warm | RSS warm | RSS most |",
        "|---:|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for size in results["sizes"]:
        for each in size["engines"]:
            for where, fresh in each.get("fresh", {}).items():
                lines.append(
                    f"| {size['entries']:,} | {each['name']} | {where} | {fresh['open_ms']:.1f} | {fresh['first_ms']:.2f} |"
                    f" {fresh['early_p50_us']:.0f} / {fresh['early_p99_us']:.0f} | {fresh['rss_mb']:.0f} | {fresh['warm_s']:.2f} |"
                    f" {fresh['p50_us']:.1f} / {fresh['p99_us']:.1f} | {fresh['warm_rss_mb']:.0f} | {fresh['peak_rss_mb']:.0f} |"
                )
    return lines


def _sweep_lines(results: dict[str, Any]) -> list[str]:
    lines = [
        "",
        "## One query by radius, 400,000 random entries, p50 µs",
        "",
        "![time of one query by radius](radius.svg)",
        "",
        "| radius bits | faiss flat | unseen fast | in a batch | unseen small | in a batch |",
        "|---:|---:|---:|---:|---:|---:|",
    ]
    lines += [
        f"| {line['radius_bits']} | {line['faiss flat']:.0f} | {line['unseen fast']:.1f} | {line['unseen fast, batch']:.1f} |"
        f" {line['unseen small']:.1f} | {line['unseen small, batch']:.1f} |"
        for line in results["sweep"]
    ]
    return lines


def picture(title: str, across_words: str, series: dict[str, list[tuple[int, float]]]) -> str:
    """Microseconds by `series`, both axes logarithmic."""
    places = sorted({at for points in series.values() for at, _ in points})
    low, high = log10(places[0]), max(log10(places[-1]), log10(places[0]) + 1)

    def across(at: int) -> float:
        return 90 + 430 * (log10(at) - low) / (high - low)

    def down(time_us: float) -> float:
        return 360 - 62 * log10(max(time_us, 0.5))

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 420" font-family="sans-serif" font-size="13" role="img">',
        f"<title>{title}, lower is better</title>",
        '<rect width="720" height="420" fill="#fff"/>',
    ]
    for power, label in enumerate(("1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms")):
        at = down(10**power)
        parts.append(
            f'<path d="M90 {at:.0f}H520" stroke="#ddd"/><text x="82" y="{at + 4:.0f}" text-anchor="end">{label}</text>'
        )
    written = -100.0
    for each in places:
        if across(each) - written > 45:
            written = across(each)
            parts.append(f'<text x="{written:.0f}" y="390" text-anchor="middle">{_short(each)}</text>')
    parts.append(f'<text x="305" y="412" text-anchor="middle">{across_words}</text>')
    parts.append(f'<text x="90" y="24" font-weight="bold">{title} (lower is better)</text>')
    ends: list[tuple[float, float]] = []
    drawable = {name: points for name, points in series.items() if points}
    for name, points in sorted(
        drawable.items(), key=lambda each: -each[1][-1][1]
    ):  # labels from the top down
        colour = COLOURS[name]
        drawn = [(across(at), down(time_us)) for at, time_us in points]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)
        parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in drawn]
        place, label = drawn[-1][0], drawn[-1][1] + 4
        while any(place == other and abs(label - taken) < 15 for other, taken in ends):
            label += 3
        ends.append((place, label))
        words = f'<text x="{place + 10:.0f}" y="{label:.0f}" fill="{colour}" stroke="#fff" stroke-width="4" paint-order="stroke">'
        parts.append(f"{words}{name}</text>")
    return "\n".join([*parts, "</svg>"]) + "\n"


def _short(count: int) -> str:
    """10,000,000 as 10 M."""
    if count >= 1_000_000:
        return f"{count / 1_000_000:g} M"
    return f"{count / 1_000:g} k" if count >= 1_000 else str(count)
