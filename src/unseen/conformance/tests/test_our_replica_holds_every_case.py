"""The kit against our own replica, as a command in a process of its own that is killed without warning."""

import sys
from contextlib import closing

import pytest

from unseen.conformance.consumer import consumer_of
from unseen.conformance.run import run


@pytest.mark.slow
def test_our_replica_holds_every_case() -> None:
    with closing(consumer_of(f"{sys.executable} -m unseen.conformance.replica")) as replica:
        results = list(run(replica))
    assert [(one.case, one.why) for one in results if not one.held] == []


def test_the_replica_matches_and_lets_go_what_is_withdrawn() -> None:
    with closing(consumer_of(f"{sys.executable} -m unseen.conformance.replica")) as replica:
        (result,) = run(replica, ["a withdrawal is honoured"])
    assert result.held, result.why
