"""Our own replica before the kit: `unseen conformance "python -m unseen.conformance.replica"`. An example to copy.

It reads one question a line from its standard input and answers each with one line.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from unseen.replica import Replica
from unseen.replica.ask import Asking
from unseen.replica.clock import system_instant
from unseen.replica.follow import Follower
from unseen.replica.invitation import read_invitation
from unseen.replica.peer import begin, read_peer


def main() -> None:
    folder = Path()
    for line in sys.stdin:
        question = json.loads(line)
        if question["ask"] == "begin":
            folder = Path(question["folder"])
        sys.stdout.write(json.dumps(_answer(question, folder)) + "\n")
        sys.stdout.flush()


def _answer(question: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    if question["ask"] == "begin":
        if question["invitation"] is not None:
            begin(folder, read_invitation(json.dumps(question["invitation"]).encode()))
        return {}
    if question["ask"] == "follow":
        return _followed(folder)
    replica = Replica.open(folder)
    found = replica.match if question["kind"] == "pdq" else replica.match_sha256
    matches = found(question["value"])
    return {"matches": [{"entry": one.entry, "action": one.action.name.lower()} for one in matches]}


def _followed(folder: Path) -> dict[str, Any]:
    with Asking(read_peer(folder)) as asking:
        follower = Follower(folder, asking, system_instant)
        try:
            follower.turn()
            return {"lines": follower.store.state.size, "problem": follower.health.trouble or None}
        finally:
            follower.close()


if __name__ == "__main__":
    main()
