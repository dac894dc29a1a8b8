"""Promises 2 and 10 at the platforms: withdrawals reach every replica after faults, and one that is cut off stops acting."""

from pathlib import Path

import pytest

from tests.faults.replicas import GONE_WITHIN_S, run

pytestmark = pytest.mark.thorough

LEASE_S = 12


def test_three_replicas_heal_and_stop_acting_at_their_lease(tmp_path: Path) -> None:
    gone, acted = run(tmp_path, count=3, speed=20.0, chaos_s=4.0, seed=2, lease_s=LEASE_S)
    assert (
        gone[-1] < GONE_WITHIN_S / 20 + 20
    )  # sped up twenty times; processes may have to start on a busy machine
    assert len(acted) == 3
    assert acted[-1] < LEASE_S + 6
