"""Times fingerprints of JPEG pictures side by side with the rivals: writes results.json, README.md and images.svg here.

One core, processor time; what else the machine does falls on all engines alike, because they take turns.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from PIL import Image

from benchmarks import machine
from benchmarks.images import measure, report
from unseen.fingerprint.decode_picture import prepare

FOLDER = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--media", type=Path, default=Path(os.environ.get("UNSEEN_MEDIA", "../shared/media")))
    parser.add_argument(
        "--sizes", default=",".join(str(each) for each in measure.SIZES_MP), help="megapixels"
    )
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    parser.add_argument(
        "--python",
        type=Path,
        default=Path(".venv/bin/python"),
        help="the project's; the rivals' venv lacks its decoders",
    )
    parser.add_argument("--note", default="", help="what else the machine did; stands beside the figures")
    parser.add_argument("--report-only", action="store_true", help="write README.md and the picture again")
    options = parser.parse_args()
    if options.report_only:
        report.write(json.loads((FOLDER / "results.json").read_text()), FOLDER)
        return
    if not (options.media / "images").is_dir():
        sys.exit(
            f"no photographs in {options.media / 'images'}: give their folder with --media or UNSEEN_MEDIA"
        )
    prepare()
    Image.MAX_IMAGE_PIXELS = None
    chosen = measure.photos(options.media)
    results = machine.facts(options.note) | {
        "photos": [path.name for path in chosen],
    }
    results |= measure.pool(chosen, options.python)
    os.sched_setaffinity(0, {options.core})
    results["sizes"] = [measure.times(chosen, float(each)) for each in options.sizes.split(",")]
    results["agreement"] = measure.agreement(options.media, chosen)
    results["very_large"] = measure.very_large(chosen[0], rivals=True)
    results["load_after"] = os.getloadavg()
    (FOLDER / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    report.write(results, FOLDER)


main()
