"""Run the demonstration as its users do, and read what it wrote down."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Ended:
    """How one run ended."""

    code: int
    ending: str
    result: dict[str, Any]
    said: str

    @property
    def broken(self) -> list[int]:
        """The promises that a judge says were broken."""
        return [verdict["promise"] for verdict in self.result["verdicts"] if not verdict["holds"]]


def run(out: Path, *options: str) -> Ended:
    """`unseen demo` with these options; its page and figures go to `out`."""
    command = [
        sys.executable,
        "-c",
        "from unseen.cli import main; main()",
        "demo",
        "--out",
        str(out),
        *options,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    facts = out / "result.json"
    result: dict[str, Any] = json.loads(facts.read_text()) if facts.is_file() else {"verdicts": []}
    return Ended(done.returncode, result.get("ending", ""), result, done.stdout + done.stderr)
