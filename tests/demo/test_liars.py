"""A platform that lies in a way that no recheck expects makes the demonstration fail, not pass."""

from pathlib import Path

import pytest

from tests.demo.running import run

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("liar", ["prompt", "silent", "redirector"])
def test_a_liar_makes_the_demonstration_fail(liar: str, tmp_path: Path) -> None:
    """It hides from our four vantages and serves everybody else: only the truth can tell, and the judge does."""
    ended = run(tmp_path, "--liar", liar)
    assert ended.code == 3, ended.said[-2_000:]
    assert ended.broken == [5]
    lied_to = [
        item for item in ended.result["items"] if item["outcome"] == "removed" and item["still_served"]
    ]
    assert lied_to, "the engine believed the liar, and the table shows who still gets it"
