"""README.md and nation.svg from results.json."""

from pathlib import Path
from typing import Any

from benchmarks import machine

NAMES = {"postgres": "PostgreSQL", "sqlite": "SQLite"}
COLOURS = {"postgres": "#0b6e4f", "sqlite": "#b23a48"}
MARKS = (100_000, 300_000, 1_000_000)


def write(results: dict[str, Any], folder: Path) -> None:
    """The page and its picture."""
    (folder / "README.md").write_text(page(results))
    (folder / "nation.svg").write_text(picture(results))


def page(results: dict[str, Any]) -> str:
    """The page for people."""
    lines = [
        "# A nation's items through the real tables and the real worker",
        "",
        "`make benchmark-nation`; `BENCHMARK_ARGS=\"--items 100000 --note 'quiet machine'\"` for less. "
        + machine.line(results),
        "",
        (
            "Items come in day by day (the rate and the platforms stand below), most at a few of the platforms. The clock moves an hour at a time; "
            "`unseen`'s own worker processes do all that is due: cases, notices, sends, looks from three vantages, outcomes, later "
            "looks. In memory are only the network (a channel, a looker) and the recognition of a picture (it has benchmarks of its "
            "own: images, search). Reports are inserted directly, since Argon2 alone costs 50 ms each; that is not counted. The "
            "database is durable: fsync is on."
        ),
        "",
        (
            "**An item step** is one decision of `next_step`, or one delivery, that was stored with its journal entry: accepted, "
            "asked, closed, reopened, rechecked, notice made, delivered, failed. They are counted from the journal. A wait is not "
            "counted, nor is what a batch, a report or a case writes. The time is what the workers took from each move of the clock "
            "until all had nothing left."
        ),
        "",
        "![steps a second as the tables grow](nation.svg)",
        "",
        "| database | workers | items | steps | steps a second | since the line before | database | bytes an item | a worker's memory |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for database, run in results["runs"].items():
        lines += _rows(database, run)
    lines += ["", *_ends(results), *_due_work(results)]
    return "\n".join(lines) + "\n"


def _rows(database: str, run: dict[str, Any]) -> list[str]:
    rows, before = [], {"steps": 0, "busy_s": 0.0}
    for mark in _marks(run):
        since = _rate(mark["steps"] - before["steps"], mark["busy_s"] - before["busy_s"])
        size = mark["database_bytes"]
        rows.append(
            f"| {NAMES[database]} | {run['workers']} | {mark['items']:,} | {mark['steps']:,} | "
            f"{_rate(mark['steps'], mark['busy_s'])} | {since} | {size / 1e9:.2f} GB | {size / mark['items']:,.0f} | "
            f"{mark['memory_bytes'] / 1e6:.0f} MB |"
        )
        before = mark
    return rows


def _marks(run: dict[str, Any]) -> list[dict[str, Any]]:
    """The first mark at each size that was reached, and the end."""
    marks = run["marks"]
    reached = [next((mark for mark in marks if mark["items"] >= size), None) for size in MARKS]
    found = [mark for mark in reached if mark is not None]
    return found if found and found[-1] is marks[-1] else [*found, marks[-1]]


def _rate(steps: int, busy_s: float) -> str:
    return f"{steps / busy_s:,.0f}" if busy_s else "-"


def _ends(results: dict[str, Any]) -> list[str]:
    lines = []
    for database, run in results["runs"].items():
        ends = ", ".join(f"{count:,} {end}" for end, count in run["ends"].items())
        broken = "whole" if run["first_broken_entry"] is None else f"broken at {run['first_broken_entry']}"
        cpu = ", ".join(f"{cpu_s:,.0f} s" for cpu_s in run["worker_cpu_s"])
        cost_ms = 1_000 * sum(run["worker_cpu_s"]) / max(1, sum(run["steps"].values()))
        lines += [
            (
                f"{NAMES[database]}: {ends}. {run['letters_sent']:,} letters stored as sent, {run['letters_arrived']:,} arrived, "
                f"{run['letters_doubled']} of them twice. The journal is {broken}. {run['platforms']:,} platforms, "
                f"{run['a_day']:,} items a simulated day. Processor time of the workers: {cpu}, which is {cost_ms:.1f} ms a step."
            ),
            "",
        ]
    return lines


def _due_work(results: dict[str, Any]) -> list[str]:
    lines: list[str] = []
    for database, due in results["due_work"].items():
        lines += [
            f"## Finding due work among {due['items']:,} open items, {NAMES[database]}",
            "",
            "Target: under 5 ms. One in a hundred is due now. Claiming writes the lease and commits, so that it waits for the disk.",
            "",
            "| | p50 ms | p99 ms |",
            "|---|---:|---:|",
        ]
        lines += [
            f"| {name} | {times['p50_ms']:.2f} | {times['p99_ms']:.2f} |"
            for name, times in due.items()
            if isinstance(times, dict)
        ]
        lines += ["", "```", str(due["plan"]), "```", ""]
    return lines


def picture(results: dict[str, Any]) -> str:
    """Steps a second of each simulated day over the items reported so far."""
    curves = {name: _curve(run) for name, run in results["runs"].items()}
    across_max = max((x for curve in curves.values() for x, _ in curve), default=1.0)
    up_max = max((y for curve in curves.values() for _, y in curve), default=1.0) * 1.1
    title = "Item steps a second while the tables grow"
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 380" font-family="sans-serif" font-size="13" role="img">',
        f'<title>{title}, higher is better</title><rect width="720" height="380" fill="#fff"/>',
        f'<text x="80" y="24" font-weight="bold">{title} (higher is better)</text>',
        f'<text x="360" y="370" text-anchor="middle">items reported so far, up to {across_max:,.0f}</text>',
    ]
    for part in range(5):
        y = 330 - 280 * part / 4
        parts.append(f'<path d="M80 {y:.0f}H600" stroke="#ddd"/>')
        parts.append(f'<text x="72" y="{y + 4:.0f}" text-anchor="end">{up_max * part / 4:,.0f}</text>')
    for name, curve in curves.items():
        drawn = [(80 + 520 * x / across_max, 330 - 280 * y / up_max) for x, y in curve]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn)
        if drawn:
            colour, (x, y) = COLOURS[name], drawn[-1]
            parts.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>')
            parts.append(f'<text x="{x + 8:.0f}" y="{y + 4:.0f}" fill="{colour}">{NAMES[name]}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def _curve(run: dict[str, Any]) -> list[tuple[float, float]]:
    """While items come in; a day of a small run may have next to nothing to do."""
    points, before = [], {"items": 0, "steps": 0, "busy_s": 0.0}
    for mark in run["marks"]:
        if mark["items"] > before["items"] and mark["busy_s"] > before["busy_s"]:
            rate = (mark["steps"] - before["steps"]) / (mark["busy_s"] - before["busy_s"])
            points.append((float(mark["items"]), rate))
        before = mark
    return points
