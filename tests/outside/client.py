"""The `threatexchange` client as it comes from the package index, in a venv of its own, driven by its own command."""

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
FOLDER = REPOSITORY / "build" / "threatexchange"
NO_KEYS: dict[str, str] = {}


def made_client() -> Path:
    """The folder of its programs; made the first time, which takes half a minute."""
    made = subprocess.run(
        ["bash", "scripts/outside_clients.sh"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    return FOLDER / "bin"


@dataclass
class Client:
    """One installation with a state of its own, as a platform would run it."""

    programs: Path
    state: Path
    keys: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """`threatexchange WORDS`."""
        return self._started([str(self.programs / "threatexchange"), *map(str, words)])

    def ok(self, *words: str | Path) -> str:
        """The same, and it must go well; what it printed."""
        ran = self.run(*words)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def python(self, code: str, *words: str) -> str:
        """A few lines that use the client as a library."""
        ran = self._started([str(self.programs / "python"), "-c", code, *words])
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def _started(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.state),
            "TX_STATEDIR": str(self.state),
            **self.keys,
        }
        return subprocess.run(
            words, env=environment, capture_output=True, text=True, check=False, timeout=120
        )
