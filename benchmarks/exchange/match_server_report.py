"""Writes what was measured of the match server, for people."""

from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import machine
from benchmarks.exchange.load import BATCH_FINGERPRINTS

SINGLE_TARGET = 10_000
SINGLE_P99_MS = 5.0
BATCH_TARGET = 30_000
TIMES_TARGET = 20


def write(results: dict[str, Any], file: Path) -> None:
    file.write_text(
        "\n".join([*_head(results), *_ours(results), *_beside(results), *_carriers(results)]) + "\n"
    )


def _head(results: dict[str, Any]) -> list[str]:
    return [
        "# The match server under load",
        "",
        "`make benchmark-match-server` measures this again; do not edit. One process on one core, wrk on the other with 16",
        f"connections ({results['seconds']} seconds each; batches of {BATCH_FINGERPRINTS:,} on 4). {results['entries']:,} fingerprints",
        f"({results['fingerprints']}; a tenth of the queries lies 0 to 40 bits from a row).",
        "Processor time is that of the server's processes; it says what a quiet core would bear.",
        "",
        machine.line(results),
        "",
    ]


def _ours(results: dict[str, Any]) -> list[str]:
    lines = [
        "| route | radius | a second | p50 ms | p99 ms | processor µs a request | target |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for name, each in results["ours"].items():
        route, radius = name.split(" ")
        if route == "batch":
            a_second = each["a_second"] * BATCH_FINGERPRINTS
            met = a_second >= BATCH_TARGET
            shown = f"`POST /v1/match`, fingerprints | {radius} | {a_second:,.0f}"
            target = f"{BATCH_TARGET:,} fingerprints a second"
        elif route == "beside":
            lines.append(
                f"| `GET /m/raw_lookup` while others send batches | {radius} | {each['a_second']:,.0f} | {each['p50_ms']:.2f} | {each['p99_ms']:.2f} | | |"
            )
            continue
        else:
            met = each["a_second"] >= SINGLE_TARGET and each["p99_ms"] < SINGLE_P99_MS
            shown = f"`GET /m/raw_lookup` | {radius} | {each['a_second']:,.0f}"
            target = f"{SINGLE_TARGET:,} a second, p99 under {SINGLE_P99_MS:.0f} ms"
        lines.append(
            f"| {shown} | {each['p50_ms']:.2f} | {each['p99_ms']:.2f} | {each['cpu_us']:,.0f} | "
            f"{target}: {'met' if met else 'missed'} |"
        )
    return lines


def _beside(results: dict[str, Any]) -> list[str]:
    if "hma" not in results:
        return ["", "HMA was not measured: give its source with `--hma`."]
    both = results["hma"]
    lines = [
        "",
        f"## Beside HMA ({both['version']}), `/m/raw_lookup`, the same entries, in turn on the same core",
        "",
        "HMA runs as its Dockerfile runs it: gunicorn with one worker, PostgreSQL (wherever there is room), its own index.",
        "",
        "| | a second | p50 ms | p99 ms | processor µs a request |",
        "|---|---:|---:|---:|---:|",
    ]
    for name in ("theirs", "ours"):
        middle = {key: median(each[key] for each in both[name]) for key in both[name][0]}
        shown = "HMA" if name == "theirs" else "unseen match-server"
        lines.append(
            f"| {shown} | {middle['a_second']:,.0f} | {middle['p50_ms']:.2f} | {middle['p99_ms']:.2f} | {middle['cpu_us']:,.0f} |"
        )
    times = [
        median(each[key] for each in both[one]) / median(each[key] for each in both[other])
        for key, one, other in (("a_second", "ours", "theirs"), ("cpu_us", "theirs", "ours"))
    ]
    same = both["answers"]
    return [
        *lines,
        "",
        (
            f"{times[0]:.0f} times as many a second, {times[1]:.0f} times less processor time; target {TIMES_TARGET} times: "
            f"{'met' if times[0] >= TIMES_TARGET else 'missed'}. Answers with distances: {same['same']} of {same['asked']} are the same "
            f"({same['hits']} hits)."
        ),
    ]


def _carriers(results: dict[str, Any]) -> list[str]:
    if not results["carriers"]:
        return []
    lines = [
        "",
        "## The same service on other servers",
        "",
        "| server | a second | p50 ms | p99 ms | processor µs a request |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, each in results["carriers"].items():
        lines.append(
            f"| {name} | {each['a_second']:,.0f} | {each['p50_ms']:.2f} | {each['p99_ms']:.2f} | {each['cpu_us']:,.0f} |"
        )
    return lines
