"""One engine on one large JPEG in a process of its own: seconds and the memory above what it needs for a small one."""

import json
import os
import sys
import time
from io import BytesIO
from pathlib import Path

from PIL import Image

Image.MAX_IMAGE_PIXELS = None


def main(name: str, path: str) -> None:
    from benchmarks.images.engines import engines
    from unseen.fingerprint.decode_picture import prepare

    prepare()
    engine = next(each for each in engines() if each.name == name)
    small = BytesIO()
    Image.linear_gradient("L").convert("RGB").save(small, "JPEG")
    engine.of(small.getvalue())
    before_kib = peak_kib()
    data = Path(path).read_bytes()
    begun, used = time.perf_counter(), time.process_time()
    value = engine.of(data)
    facts = {
        "name": name,
        "wall_s": time.perf_counter() - begun,
        "processor_s": time.process_time() - used,
        "memory_mib": (peak_kib() - before_kib) / 1024,
        "file_mib": len(data) / 2**20,
        "pdq": value,
    }
    os.write(1, json.dumps(facts).encode())


def peak_kib() -> int:
    """proc(5); getrusage would count what the parent had before it started us."""
    status = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in status if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
