"""On what machine and in what company figures were measured: a part of every results.json and a line of every page."""

import datetime as dt
import os
import platform
from pathlib import Path
from typing import Any

from unseen.native import kernels_name


def facts(note: str) -> dict[str, Any]:
    """Before measuring; add `load_after` at the end."""
    model = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")
    )
    return {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "processor": model.partition(": ")[2],
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "kernels": kernels_name(),
        "load_before": os.getloadavg(),
        "note": note,
    }


def line(results: dict[str, Any]) -> str:
    """For people."""
    after = f", {results['load_after'][0]:.1f} after" if "load_after" in results else ""
    return (
        f"{results['date']}, {results['processor']}, {results['cores']} cores, Python {results['python']}, "
        f"kernels {results['kernels']}, load {results['load_before'][0]:.1f} before{after}. {results['note']}"
    ).strip()
