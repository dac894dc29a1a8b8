"""Times and agreement of fingerprints in the reporter's own browser: `python -m benchmarks.device`.

Wall time in the system's Chromium, from the choice of a file until the form may be sent; writes results.json and README.md.
"""

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks import machine
from benchmarks.device import measure, report

FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=Path(os.environ.get("UNSEEN_MEDIA", "../shared/media")))
    parser.add_argument("--rounds", type=int, default=5, help="of each file; each begins with a new page")
    parser.add_argument("--photos", type=int, default=200, help="photographs whose bits are compared")
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    options = parser.parse_args()
    if not (options.media / "videos").is_dir():
        parser.error(
            f"no films in {options.media / 'videos'}: give their folder with --media or UNSEEN_MEDIA"
        )
    results = machine.facts(options.note) | {"rounds": options.rounds}
    with tempfile.TemporaryDirectory(prefix="unseen-benchmark-") as folder:
        results |= measure.everything(options.media, Path(folder), options.rounds, options.photos)
    results["load_after"] = os.getloadavg()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    (FOLDER / "README.md").write_text(report.page(results))


main()
