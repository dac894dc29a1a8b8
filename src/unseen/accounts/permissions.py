"""Who may open which page: one literal table of routes and roles. What has no row is open to nobody."""

from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType

from unseen.accounts.models import Role


class Reach(Enum):
    """How far a role reaches on a route."""

    ALL = "all cases"
    OWN = "own cases and those that nobody took on"


_EVERYBODY: Mapping[Role, Reach] = MappingProxyType(dict.fromkeys(Role, Reach.ALL))
_READ_CASES: Mapping[Role, Reach] = MappingProxyType(
    {Role.INTAKE: Reach.OWN, Role.CASEWORKER: Reach.OWN, Role.REVIEWER: Reach.ALL}
)
_WORK_ON_CASES: Mapping[Role, Reach] = MappingProxyType(
    {Role.CASEWORKER: Reach.OWN, Role.REVIEWER: Reach.ALL}
)
_NUMBERS: Mapping[Role, Reach] = MappingProxyType(
    {
        Role.INTAKE: Reach.ALL,
        Role.CASEWORKER: Reach.ALL,
        Role.REVIEWER: Reach.ALL,
        Role.PUBLISHER: Reach.ALL,
        Role.AUDITOR: Reach.ALL,
    }
)
_ADMINISTRATOR: Mapping[Role, Reach] = MappingProxyType({Role.ADMINISTRATOR: Reach.ALL})
_AUDITOR: Mapping[Role, Reach] = MappingProxyType({Role.AUDITOR: Reach.ALL})

# No log-in at all. Nothing behind these tells anything about a case to somebody who has no receipt or key of it.
PUBLIC = frozenset(
    {
        *("login", "logout", "passkey-asked", "passkey-login", "enrol", "verify", "language"),
        # The door has a lock of its own: the receipt.
        *("door", "door_report", "door_receipt", "door_case", "door_away", "door_pack", "door_help"),
    }
)
# The API asks for keys and receipts, route by route.
PUBLIC_NAMESPACES = frozenset({"api-1", "exchange-1", "stopncii-1"})

TABLE: Mapping[str, Mapping[Role, Reach]] = MappingProxyType(
    {
        "home": _EVERYBODY,
        "account": _EVERYBODY,
        "passkey-begin": _EVERYBODY,
        "passkey-add": _EVERYBODY,
        "passkey-remove": _EVERYBODY,
        "today": _READ_CASES,
        "live": _READ_CASES,
        "items": _READ_CASES,
        "item": _READ_CASES,
        "preview": _READ_CASES,
        "case": _READ_CASES,
        "search": _READ_CASES,
        "take-case": _WORK_ON_CASES,
        "say": _WORK_ON_CASES,
        "answer": _WORK_ON_CASES,
        "answers": _WORK_ON_CASES,
        "undo": _WORK_ON_CASES,
        "sent": _WORK_ON_CASES,
        "task": _WORK_ON_CASES,
        "look": _WORK_ON_CASES,
        "ask-looks": _WORK_ON_CASES,
        "disputes": _WORK_ON_CASES,
        "dispute": _WORK_ON_CASES,
        "verify-material": _WORK_ON_CASES,
        "platforms": _NUMBERS,
        "platform": _NUMBERS,
        "numbers": _NUMBERS,
        "journal": _AUDITOR,
        "staff": _ADMINISTRATOR,
        "staff-ask": _ADMINISTRATOR,
        "approvals": MappingProxyType({Role.REVIEWER: Reach.ALL, Role.ADMINISTRATOR: Reach.ALL}),
        "decide": MappingProxyType({Role.REVIEWER: Reach.ALL, Role.ADMINISTRATOR: Reach.ALL}),
    }
)


def reach_of(role: str, route: str) -> Reach | None:
    """How far this role reaches on this route; None: not at all."""
    return TABLE.get(route, {}).get(Role(role)) if role in Role.values else None
