"""The way through the sandboxed children: one picture at a time, and a folder on all cores. Prints JSON."""

import json
import os
import sys
import time
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from unseen.fingerprint import DecoderPool

PICTURES = 100
Facts = dict[str, Any]


def main(folder: Path) -> None:
    """`folder` holds pictures of one megapixel."""
    paths = [str(path) for path in sorted(folder.iterdir())]
    facts = {"all_cores": all_cores((paths * PICTURES)[:PICTURES])}
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    facts["round_trip"] = round_trip(paths[0])
    sys.stdout.write(json.dumps(facts))


def round_trip(path: str) -> Facts:
    """Wall time on one core: a tiny file shows the way there and back, one megapixel the whole."""
    tiny = BytesIO()
    with Image.open(path) as image:
        image.resize((96, 72)).save(tiny, "JPEG")
    taken = {}
    with DecoderPool(1) as pool:
        for name, source in (("tiny_ms", tiny.getvalue()), ("one_megapixel_ms", path)):
            pool.fingerprint(source)
            values = []
            for _ in range(200 if name == "tiny_ms" else 40):
                begun = time.perf_counter()
                pool.fingerprint(source)
                values.append(1000 * (time.perf_counter() - begun))
            taken[name] = float(np.median(values))
    return taken


def all_cores(paths: list[str]) -> Facts:
    """Pictures a second through the pool, and who used the processors."""
    with DecoderPool() as pool:
        list(pool.fingerprint_all(paths[: 4 * pool.children]))  # the children start
        children = _children()
        used, mine, begun = _used_s(children), time.process_time(), time.perf_counter()
        list(pool.fingerprint_all(paths))
        wall_s = time.perf_counter() - begun
        parent_s, child_s = time.process_time() - mine, _used_s(children) - used
    return {
        "pictures": len(paths),
        "children": len(children),
        "wall_s": wall_s,
        "pictures_a_second": len(paths) / wall_s,
        "processors_used": (parent_s + child_s) / wall_s,
        "parent_share": parent_s / (parent_s + child_s),
    }


def _children() -> list[int]:
    """proc(5): they were started by one of our threads."""
    tasks = Path("/proc/self/task").iterdir()
    return [int(each) for task in tasks for each in (task / "children").read_text().split()]


def _used_s(processes: list[int]) -> float:
    """Processor seconds; proc(5), fields 14 and 15 of stat."""
    ticks = os.sysconf("SC_CLK_TCK")
    texts = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in processes]
    return sum((int(text[11]) + int(text[12])) / ticks for text in texts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
