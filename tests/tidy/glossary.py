"""Reads docs/glossary.md and finds words that it forbids: in names, templates and documents."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from tests.tidy.source import PACKAGE, REPOSITORY, Source, Violation

GLOSSARY = REPOSITORY / "docs" / "glossary.md"
EVERYWHERE = {"porn"}

# Names that hold a forbidden word and must keep it. Each says whose word it is.
FOREIGN_NAMES = {
    "user_agent": "the HTTP header's own name (RFC 9110, 10.1.5)",
    "useragent": "the HTTP header's own name (RFC 9110, 10.1.5)",
    "hashes": "parameter of the public Bank.add, fixed by the design's public face",
    "__hash__": "Python's own method",
    "auth_user_model": "Django's setting",
    "is_user": "Django",
    "get_user": "Django's log-in view asks the form for it",
    "username_field": "Django's attribute",
}
# Compounds of the field, and words in which the letters mean something else.
ALLOWED_IN_NAMES = ("hash_bank", "hash_feed", "hash_exchange", "user_agent", "user_content")
ALLOWED_IN_PROSE = (
    r"hash (bank|feed|exchange|list)s?",
    r"user agents?",
    r"scoreboards?",
    r"user_agent",
    r"\*(hash|user|porn)\*",  # the word itself is the subject
)


@dataclass(frozen=True)
class Term:
    term: str
    lives_in: str
    name: str
    """Empty: sentences use the term, and no name does."""
    do_not_say: tuple[str, ...]


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    return tuple(parsed(GLOSSARY.read_text(encoding="utf-8")))


def parsed(text: str) -> Iterator[Term]:
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for row in rows[1:]:
        term, _, lives_in, do_not_say = (cell.strip() for cell in row.strip().strip("|").split("|"))
        words = tuple(word for word in do_not_say.split(", ") if word)
        place, _, how = lives_in.partition(" ")
        for one in term.split(", "):
            name = "" if how == "in words" else how.removeprefix("as ").strip("`") or one
            yield Term(one, place.strip("`"), name, words)


def forbidden() -> frozenset[str]:
    return frozenset(EVERYWHERE | {word for term in terms() for word in term.do_not_say})


def names_with_forbidden_words(source: Source) -> Iterator[Violation]:
    """Names that we choose: files, functions, classes, parameters, variables, fields. Names we only call are not ours."""
    file_name = source.name.removesuffix(".py")
    for part in file_name.split("/"):
        yield from (source.violation(1, f"file name: {word}") for word in _words_in_name(part))
    for node, name in _chosen_names(source.tree):
        for word in _words_in_name(name):
            yield source.violation(node, f"{name}: say what docs/glossary.md says for '{word}'")


def _chosen_names(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node, node.name
        elif isinstance(node, ast.arg):
            yield node, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node, node.id
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, node.attr


def _words_in_name(name: str) -> Iterator[str]:
    if name.lower() in FOREIGN_NAMES:
        return
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    for allowed in ALLOWED_IN_NAMES:
        snake = snake.replace(allowed, "")
    yield from _forbidden_among(re.split(r"[_\W0-9]+", snake))


def prose_with_forbidden_words(text: str) -> Iterator[str]:
    """Forbidden words in Markdown or in a template; code, addresses, tags and template expressions are left out."""
    for pattern in (
        r"```.*?```",
        r"`[^`]*`",
        r"\]\([^)]*\)",
        r"<[^>]*>",
        r"\{\{.*?\}\}",
        r"\{%.*?%\}",
        r"\{#.*?#\}",
    ):
        text = re.sub(pattern, " ", text, flags=re.DOTALL)
    text = text.lower()
    for allowed in ALLOWED_IN_PROSE:
        text = re.sub(allowed, " ", text)
    yield from _forbidden_among(re.findall(r"[a-z]+", text))


def _forbidden_among(words: list[str]) -> Iterator[str]:
    bad = forbidden()
    for word in words:
        singular = {word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ed")}
        if singular & bad:
            yield word


def lives_there(term: Term) -> bool:
    """Whether the term's name is (part of) a name in its file, or in a file of its folder."""
    place = PACKAGE / term.lives_in
    files = (
        [place] if place.is_file() else [path for path in place.rglob("*.py") if "tests" not in path.parts]
    )
    if not term.name:
        return any(term.term in path.read_text(encoding="utf-8").lower() for path in files)
    wanted = re.sub(r"\W+", "_", term.name.lower())
    return wanted == place.stem or any(wanted in _all_names(path) for path in files)


def _all_names(path: Path) -> str:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [name for _, name in _chosen_names(tree)]
    # A member's value or a table's name is a name too; a sentence is not.
    names += [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+", node.value)
    ]
    names += [path.stem]
    return "\n".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower().replace(" ", "_") for name in names)
