"""What cannot work is named when a process starts, not when a notice fails to go out."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each start is a process of its own


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize(
    ("option", "value", "named"),
    [
        ("UNSEEN_DIRECTORY", "/nosuch", "UNSEEN_DIRECTORY: /nosuch"),
        ("UNSEEN_CLOCK", "file:/nosuch/clock", "Unset UNSEEN_CLOCK"),
        ("UNSEEN_SMTP", "mail.example", "UNSEEN_SMTP"),
        ("UNSEEN_SMPT", "smtp://mail.example:25", "did you mean UNSEEN_SMTP"),
    ],
)
def test_a_wrong_option_stops_the_start(
    command: str, option: str, value: str, named: str, tmp_path: Path
) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"UNSEEN_DATA_DIR": str(tmp_path / "data"), option: value}
    words = [sys.executable, "-c", "from unseen.cli import main; main()", command]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert named in done.stderr
    assert "Traceback" not in done.stderr
