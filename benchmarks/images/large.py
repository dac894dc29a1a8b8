"""One engine on one large JPEG in a process of its own: seconds and the memory above what it needs for a small one."""

import json
import os
import resource
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
    before_bytes = int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
    data = Path(path).read_bytes()
    begun, used = time.perf_counter(), time.process_time()
    value = engine.of(data)
    facts = {
        "name": name,
        "wall_s": time.perf_counter() - begun,
        "processor_s": time.process_time() - used,
        "memory_mib": (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before_bytes) / 2**20,
        "file_mib": len(data) / 2**20,
        "pdq": value,
    }
    os.write(1, json.dumps(facts).encode())


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
