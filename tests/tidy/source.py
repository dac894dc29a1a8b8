"""Python files as the tidy rules see them, and what a broken rule says."""

import ast
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "src" / "unseen"


@dataclass(frozen=True)
class Violation:
    where: str
    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.where}:{self.line}: {self.what}"


@dataclass(frozen=True)
class Source:
    """One file; `name` is its path below src/unseen with forward slashes, such as takedown/actions.py."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def stage(self) -> str:
        return self.name.split("/")[0]

    @property
    def is_test(self) -> bool:
        return "tests" in self.name.split("/")[:-1]

    def violation(self, node: ast.AST | int, what: str) -> Violation:
        return Violation(self.name, node if isinstance(node, int) else getattr(node, "lineno", 1), what)


@lru_cache(maxsize=1)
def sources() -> tuple[Source, ...]:
    """Every Python file below src/unseen; Django's generated migrations are not ours to tidy."""
    return tuple(source for source in with_migrations() if "/migrations/" not in source.name)


@lru_cache(maxsize=1)
def with_migrations() -> tuple[Source, ...]:
    paths = sorted(PACKAGE.rglob("*.py"))
    return tuple(Source(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8")) for path in paths)
