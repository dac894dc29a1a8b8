"""One worker of the benchmark: the product's own loop; only the network is ours. `python -m benchmarks.nation.work STATE`."""

import cProfile
import os
import pstats
import resource
import sys
import time
from pathlib import Path


def main(state: Path) -> None:
    """Until SIGTERM. The last line of the output is the peak of memory in bytes and the processor time in seconds."""
    from unseen.cli.setup_django import setup_django

    setup_django()
    from django.conf import settings

    from benchmarks.nation.outside import in_place
    from benchmarks.nation.platforms import Platforms
    from unseen.takedown.queries import directory
    from unseen.worker import Worker

    directory()
    profile = os.environ.get("NATION_PROFILE")
    with in_place(Platforms.open(state)):
        worker = Worker(settings.UNSEEN.worker_name, settings.UNSEEN.data_dir)
        if profile:
            profiler = cProfile.Profile(time.process_time)
            profiler.runcall(worker.run)
            with Path(profile).open("w") as out:
                pstats.Stats(profiler, stream=out).sort_stats("tottime").print_stats(70)
                pstats.Stats(profiler, stream=out).sort_stats("cumtime").print_stats(120)
        else:
            worker.run()
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(used.ru_maxrss * 1024, used.ru_utime + used.ru_stime, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
