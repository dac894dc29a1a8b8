"""Times and recall of films beside vpdq: `python -m benchmarks.video`. Writes results.json, README.md and two pictures.

Processor time, one core, all engines in turn in the same run. About ten minutes on a quiet machine of two cores.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks import machine
from benchmarks.video import recall, report, speed

FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", default=os.environ.get("UNSEEN_MEDIA", "../shared/media"), type=Path)
    parser.add_argument("--rounds", type=int, default=3, help="of timing, of which the least counts")
    parser.add_argument("--films", type=int, default=20, help="how many films are edited")
    parser.add_argument("--pictures", type=int, default=1000, help="unrelated pictures asked")
    parser.add_argument("--work", type=Path, help="keep the edited copies here and use them again")
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    options = parser.parse_args()
    if not (options.media / "videos").is_dir():
        parser.error(
            f"no films at {options.media / 'videos'}: set UNSEEN_MEDIA or --media to the folder of media"
        )
    results = machine.facts(options.note)
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-") as folder:
        work = options.work or Path(folder)
        work.mkdir(parents=True, exist_ok=True)
        results["speed"] = speed.measure(options.media, work, options.rounds)
        results["rounds"] = options.rounds
        results |= recall.measure(options.media, work, options.films, options.pictures)
    results["load_after"] = os.getloadavg()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


main()
