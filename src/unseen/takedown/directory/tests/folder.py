"""Write a centre's own folder of parties for a test."""

from pathlib import Path

PLATFORM = """
key = "prompt"
name = "Prompt Pictures"
kind = "platform"
domains = ["prompt.test"]
country = "US"
laws = ["us-tida", "eu-dsa-16"]
host = "prompt-hosting"
channels = [
    {kind = "api", endpoint = "http://prompt.test:8001/notices"},
    {kind = "email", address = "abuse@prompt.test"},
]
languages = ["ko", "en"]
source = "the small internet"
checked_on = 2026-11-01
confidence = "high"
"""
HOST = """
key = "prompt-hosting"
name = "Prompt Hosting"
kind = "host"
domains = ["hosting.test"]
country = "US"
laws = ["us-tida"]
channels = [{kind = "email", address = "abuse@hosting.test"}]
languages = ["fr"]
source = "the small internet"
checked_on = 2026-11-01
confidence = "high"
"""
REGULATOR = """
key = "kr-regulator"
name = "Regulator"
kind = "regulator"
domains = ["regulator.test"]
country = "KR"
laws = ["kr-tba-22-5"]
channels = [{kind = "email", address = "desk@regulator.test"}]
languages = ["ko"]
regulates = ["KR"]
source = "the small internet"
checked_on = 2026-11-01
confidence = "high"
"""


def write(folder: Path, **files: str) -> Path:
    """A folder with these files, `platforms/` below it; the name is the file's."""
    (folder / "platforms").mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / "platforms" / f"{name}.toml").write_text(text, "utf-8")
    return folder
