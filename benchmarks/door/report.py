"""README.md from what was measured."""

import json
from pathlib import Path
from typing import Any

from benchmarks import machine

FOLDER = Path(__file__).parent
LOAD, FIRST_PAGE = FOLDER / "results.json", FOLDER / "first_page.json"
_LOAD = """# The door under load

Written by `make benchmark-door`: the last page of a report (two fingerprints, three places), sent to `unseen serve` on SQLite, \
the senders on the same machine; afterwards every receipt is typed and must show its own place.

Target: 200 reports a second accepted on two cores for a minute, 0 lost.

| | |
|---|---|
{rows}
"""
_FIRST_PAGE = """
# The first page on a slow phone

Target: under 60 KB with all its files; usable within 1 s on a phone of a quarter of this machine's speed with slow 4G.

{machine}

Chromium {browser}, median of {rounds} first visits of the Korean page from `unseen serve`, which compresses nothing: \
**{weight:.1f} KB** on the wire, headers included ({files}).

Milliseconds from the start of the visit. Once it is painted the page can be read and its buttons work, with or without \
scripts; then *Shift three times* works.

| profile | painted | scripts ready |
|---|---|---|
{rows}

The processor is four times slower (`Emulation.setCPUThrottlingRate`) and the network is slow
(`Network.emulateNetworkConditions`) with Lighthouse's values for *slow 4G*: 150 ms, 1.6 Mbit/s down, 750 kbit/s up. As Lighthouse
applies them in a browser, each request waits 562.5 ms (3.75 times as long, for the round trips that a new connection takes) at
nine tenths of the speed: two requests one after the other, the page and its style sheet, are then never under 1,125 ms, so the target cannot be met
there by a page whose policy allows no style inside the page itself. Name look-up and TLS are not counted.
"""


def write() -> None:
    """Each part stands there once it was measured."""
    parts = [_load(json.loads(LOAD.read_text()))] if LOAD.exists() else []
    if FIRST_PAGE.exists():
        parts.append(_first_page(json.loads(FIRST_PAGE.read_text())))
    (FOLDER / "README.md").write_text("".join(parts), encoding="utf-8")


def _load(result: dict[str, Any]) -> str:
    return _LOAD.format(
        rows="\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in result.items())
    )


def _first_page(result: dict[str, Any]) -> str:
    times = result["times_ms"].items()
    files = [f"{path.rsplit('/', 1)[-1]} {size / 1000:.1f}" for path, size in result["sizes_bytes"].items()]
    return _FIRST_PAGE.format(
        machine=machine.line(result),
        browser=result["browser"],
        rounds=result["rounds"],
        weight=result["weight_bytes"] / 1000,
        files=", ".join(files),
        rows="\n".join(f"| {name} | {ms['first_paint']} | {ms['scripts_ready']} |" for name, ms in times),
    )
