"""HMA's banks as this server shows them: one for each action that the centre recommends."""

from unseen.feed.lines import LineAction
from unseen.match_server.source import Lease
from unseen.match_server.wire import Answer, Refused, as_json

BANKS = {
    LineAction.BLOCK: "UNSEEN_BLOCK",
    LineAction.REMOVE_AND_REVIEW: "UNSEEN_REMOVE_AND_REVIEW",
    LineAction.REVIEW: "UNSEEN_REVIEW",
}
NAMES = tuple(BANKS.get(LineAction(number), "") for number in range(len(LineAction)))
"""By the number of the action."""


def banks(lease: Lease) -> Answer:
    """`GET /c/banks`. After the lease only the bank for review matches; the others say so by a ratio of 0."""
    return as_json([_bank(action, lease) for action in BANKS])


def bank(name: str, lease: Lease) -> Answer:
    """`GET /c/bank/<name>`. Raises Refused."""
    for action, known in BANKS.items():
        if known == name:
            return as_json(_bank(action, lease))
    raise Refused(404, f"bank '{name}' not found")


def _bank(action: LineAction, lease: Lease) -> dict[str, object]:
    matches = lease.may_act or action is LineAction.REVIEW
    return {"name": BANKS[action], "matching_enabled_ratio": 1.0 if matches else 0.0}
