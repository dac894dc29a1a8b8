"""Where in the code a rule stands. Read from the code itself, so that the answer cannot go out of date."""

import ast
import inspect
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from unseen.casework import actions as casework
from unseen.casework import desk_actions
from unseen.domain import schedule
from unseen.takedown.actions import batches, mail, sending, steps, writing

_PACKAGE = Path(schedule.__file__).parent.parent
# A rule of the schedule is named there and nowhere else; everything else is named by whoever writes the entry.
_RULES = (schedule,)
_WRITERS = (casework, desk_actions, steps, writing, sending, batches, mail)


def decided_in(rule: str, tag: str) -> str:
    """The file and function that decided, as `domain/schedule.py: deadline_passed`; empty for what nobody wrote."""
    decided_by = _named_in(_RULES).get(rule.partition("; ")[0]) if rule else None
    return decided_by or _named_in(_WRITERS).get(tag, "")


@lru_cache(maxsize=2)
def _named_in(modules: tuple[ModuleType, ...]) -> dict[str, str]:
    """Every literal text of these modules and the function in which it stands first."""
    found: dict[str, str] = {}
    for module in modules:
        file = Path(inspect.getfile(module)).relative_to(_PACKAGE).as_posix()
        for function in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(function, ast.FunctionDef):
                for text in _texts(function):
                    found.setdefault(text, f"{file}: {function.name}")
    return found


def _texts(function: ast.FunctionDef) -> Iterator[str]:
    docstring = ast.get_docstring(function, clean=False)
    for node in ast.walk(function):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value != docstring:
            yield node.value
