"""The house rules that a machine can check: each takes one file and yields what breaks it."""

import ast
import io
import re
import tokenize
from collections.abc import Callable, Iterator

from tests.tidy.source import Source, Violation

FILE_LINES_MAX = 450
FUNCTION_LINES_MAX = 60

# Who may ask what time it is. Everything else is told, so that a year can be simulated in a second.
READS_THE_CLOCK = ("worker.py", "views.py", "api.py", "clock.py", "web/access.py")
READS_THE_CLOCK_BELOW = ("cli/", "testing/", "demo/")
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.time_ns",
    "timezone.now", "timezone.localtime", "timezone.localdate", "clock.now",
}  # fmt: skip

# Who may read the environment: options come from one place.
# native: kernels are chosen when they are imported, also by a program that uses `unseen.matching` alone.
READS_THE_ENVIRONMENT = ("config/settings.py", "config/wsgi.py", "native/", "cli/", "testing/", "demo/")

DJANGO_STAGES = {
    "accounts", "keys", "journal", "evidence", "intake", "hashbank", "casework", "takedown", "discovery", "exchange",
    "destruction", "statistics", "door", "web", "worker.py", "cli", "demo", "leases.py", "bulk.py",
}  # fmt: skip
# leases.py is the queue itself: taking a row is its one conditional write, for all stages.
MAY_WRITE_ROWS = ("actions.py", "leases.py")
WRITES = {
    "create",
    "bulk_create",
    "get_or_create",
    "update_or_create",
    "update",
    "bulk_update",
    "delete",
    "save",
}
QUERYSET_STEPS = {
    "objects",
    "filter",
    "exclude",
    "all",
    "select_for_update",
    "order_by",
    "select_related",
    "annotate",
}

Rule = Callable[[Source], Iterator[Violation]]


def no_clock_reads(source: Source) -> Iterator[Violation]:
    """The domain never asks the time: pass `now`."""
    if (
        source.name.endswith(READS_THE_CLOCK)
        or source.name.startswith(READS_THE_CLOCK_BELOW)
        or source.is_test
    ):
        return
    clock_names = _imported_as(source, "unseen.clock", {"now", "clock"})
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and ".".join(_dotted(node)[-2:]) in CLOCKS:
            yield source.violation(
                node, f"reads the clock ({'.'.join(_dotted(node))}); take `now` as a parameter"
            )
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in clock_names:
            yield source.violation(node, "reads the clock; take `now` as a parameter")


def no_broad_except(source: Source) -> Iterator[Violation]:
    """Expected trouble is a named error; anything else crashes, and the worker's outer loop records it."""
    if source.name == "worker.py":
        return
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.ExceptHandler):
            continue
        caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        if any(kind is None or _dotted(kind)[-1:] in (["Exception"], ["BaseException"]) for kind in caught):
            yield source.violation(node, "catches everything; name the errors that you expect")


def no_long_function(source: Source) -> Iterator[Violation]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield source.violation(
                    node, f"{node.name} has {lines} lines; {FUNCTION_LINES_MAX} fit on a screen"
                )


def no_long_file(source: Source) -> Iterator[Violation]:
    lines = source.text.count("\n")
    if lines > FILE_LINES_MAX:
        yield source.violation(1, f"{lines} lines; {FILE_LINES_MAX} is the most. One idea per file")


def writes_rows_in_actions_only(source: Source) -> Iterator[Violation]:
    """Every write has a verb for a name, one transaction and one journal entry; that is what actions.py is."""
    if source.stage not in DJANGO_STAGES or source.is_test or _may_write(source.name):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes_a_row(node):
            yield source.violation(node, f".{node.func.attr}() of a row outside actions.py")


def _may_write(name: str) -> bool:
    """A stage with many writes keeps them in a folder of that name."""
    return name.endswith(MAY_WRITE_ROWS) or "/actions/" in name


def _writes_a_row(call: ast.Call) -> bool:
    """Only .save() and .delete() of rows look like this; .update() and .create() also belong to other types."""
    assert isinstance(call.func, ast.Attribute)
    if call.func.attr not in WRITES:
        return False
    if call.func.attr == "save":
        return not call.args and {word.arg for word in call.keywords} <= {
            "update_fields",
            "force_insert",
            "using",
        }
    if call.func.attr == "delete" and not call.args and not call.keywords:
        return True
    return bool(QUERYSET_STEPS & set(_chain(call.func.value)))


def no_environment_reads(source: Source) -> Iterator[Violation]:
    """Options are typed, listed and checked in one place."""
    if source.is_test or source.name.startswith(READS_THE_ENVIRONMENT):
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and _dotted(node)[:2] in (["os", "environ"], ["os", "getenv"]):
            yield source.violation(node, "reads the environment; add an option to config/option_table.py")


def no_promises_to_finish_later(source: Source) -> Iterator[Violation]:
    for comment, line in _comments(source):
        if re.search(r"\b(TODO|FIXME|XXX|HACK)\b", comment):
            yield source.violation(line, "work left for later; do it, or write an issue")


def every_exception_to_a_rule_has_a_reason(source: Source) -> Iterator[Violation]:
    """A bare noqa or type: ignore says that something is wrong and not why it must be."""
    for comment, line in _comments(source):
        if re.search(r"#\s*noqa", comment) and not re.search(
            r"#\s*noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* *[-#] *\w", comment
        ):
            yield source.violation(line, "noqa without a code and a reason: `# noqa: CODE - reason`")
        # In a test the reason is always the same: a fake stands in for something else.
        if source.is_test:
            continue
        if re.search(r"#\s*type:\s*ignore", comment) and not re.search(
            r"#\s*type: ignore\[[a-z, -]+\] *[-#] *\w", comment
        ):
            yield source.violation(
                line, "type: ignore without a code and a reason: `# type: ignore[code] # reason`"
            )


def no_em_dash(source: Source) -> Iterator[Violation]:
    for number, line in enumerate(source.text.splitlines(), start=1):
        if "\N{EM DASH}" in line:
            yield source.violation(number, "an em dash; use a comma, a colon or a full stop")


RULES: tuple[Rule, ...] = (
    no_clock_reads,
    no_broad_except,
    no_long_function,
    no_long_file,
    writes_rows_in_actions_only,
    no_environment_reads,
    no_promises_to_finish_later,
    every_exception_to_a_rule_has_a_reason,
    no_em_dash,
)


def _dotted(node: ast.AST) -> list[str]:
    """`a.b.c` as ["a", "b", "c"]; what is not a plain name counts as "?"."""
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value), node.attr]
    return [node.id] if isinstance(node, ast.Name) else ["?"]


def _chain(node: ast.AST) -> Iterator[str]:
    """All attribute names in `a.objects.filter(...).exclude(...)`, calls included."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        if isinstance(node, ast.Attribute):
            yield node.attr
        node = node.func if isinstance(node, ast.Call) else node.value


def _imported_as(source: Source, module: str, names: set[str]) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
        if alias.name in names
    }


def _comments(source: Source) -> Iterator[tuple[str, int]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.string, token.start[0]
