"""Which files a stage has, and which modules nobody uses."""

import ast
import re
from collections.abc import Iterable, Iterator

from tests.tidy.source import Source

STAGE_FILES = ("models.py", "actions.py", "queries.py", "views.py", "due.py")
STAGES = (
    "accounts", "journal", "evidence", "intake", "hashbank", "casework", "takedown", "discovery", "exchange",
    "statistics",
)  # fmt: skip

# Reached by their name or by Django, not by an import.
ENTRANCES = (
    r"^cli/__init__\.py$",  # the `unseen` command
    r"^__main__\.py$",
    r"(^|/)(apps|models|views|admin)\.py$",  # Django loads them
    r"(^|/)migrations/\w+\.py$",
    r"(^|/)templatetags/\w+\.py$",
    r"(^|/)__init__\.py$",
    r"^config/(settings|urls|wsgi|checks|log_lines)\.py$",  # named in settings, or by gunicorn
)


def missing_files(names: Iterable[str], optional: dict[str, dict[str, str]]) -> Iterator[str]:
    """Files that a stage should have and has not; `optional` maps stage and file to the reason why not."""
    present = set(names)
    for stage in STAGES:
        for file in STAGE_FILES:
            excused = file in optional.get(stage, {})
            # A stage with much of one kind keeps it in a folder of that name.
            there = (
                f"{stage}/{file}" in present or f"{stage}/{file.removesuffix('.py')}/__init__.py" in present
            )
            if not there and not excused:
                yield f"{stage}/{file} is missing"
            if there and excused:
                yield f"{stage}/{file} exists: take its excuse out of the list"
        if not any(name.startswith(f"{stage}/tests/test_") for name in present):
            yield f"{stage}/tests has no test"


def orphans(sources: Iterable[Source]) -> Iterator[str]:
    """Modules that no other module imports or names: what nobody uses is deleted."""
    everything = tuple(sources)
    used: dict[str, set[str]] = {source.name: set(_mentions(source)) for source in everything}
    for source in everything:
        if source.is_test or any(re.search(pattern, source.name) for pattern in ENTRANCES):
            continue
        if 'if __name__ == "__main__":' in source.text:
            continue
        module = "unseen." + source.name.removesuffix(".py").replace("/", ".")
        if not any(
            module in names for name, names in used.items() if name != source.name and not _is_test(name)
        ):
            yield f"{source.name} is imported by nobody"


def _is_test(name: str) -> bool:
    return "/tests/" in name


def _mentions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value.startswith("unseen.")
        ):
            yield node.value
            yield node.value.rpartition(".")[0]
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and source.name == "cli/__init__.py"
        ):
            yield f"unseen.cli.{node.value}"  # the table of commands names their modules
