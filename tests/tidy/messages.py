"""Every sentence that the code or a template asks a translation for, and what the catalogues say.

`python -m tests.tidy.messages` prints those without Korean, stage by stage, as they would stand in its catalogue.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import polib

from tests.tidy.source import PACKAGE, REPOSITORY, Source, with_migrations
from unseen.config.languages import catalogues

_NUMBERED = {"ngettext", "ngettext_lazy"}
_CALLS = {"gettext", "gettext_lazy", "gettext_noop", "_", *_NUMBERED}
_TEXT = r"""u?("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')"""
_IN_TEMPLATE = re.compile(rf"\b(gettext|ngettext|_)\({_TEXT}(?:, {_TEXT}, count)?\)")
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|\{[a-z_]+\}")


@dataclass(frozen=True)
class Message:
    """One sentence, and where it stands; `plural` is its form for many, if it counts something."""

    where: str
    text: str
    plural: str = ""

    @property
    def stage(self) -> str:
        """The stage whose catalogue should hold it."""
        return self.where.split("/")[0]


@lru_cache(maxsize=1)
def messages() -> tuple[Message, ...]:
    """Of the whole package."""
    found = [message for source in with_migrations() for message in in_code(source)]
    for path in sorted(PACKAGE.rglob("*.html")):
        found += in_template(str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8"))
    return tuple(found)


def in_code(source: Source) -> Iterator[Message]:
    """Calls of gettext and its relatives with plain texts."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            texts = [one.value for one in node.args if isinstance(one, ast.Constant)]
            words = [one for one in texts if isinstance(one, str)]
            if words:
                yield Message(source.name, *words[: 2 if node.func.id in _NUMBERED else 1])


def in_template(name: str, text: str) -> Iterator[Message]:
    """Tags that translate, read as Django's own makemessages reads them."""
    from django.utils.translation.template import templatize

    for found in _IN_TEMPLATE.finditer(templatize(text)):
        words = [ast.literal_eval(part) for part in found.groups()[1:] if part is not None]
        yield Message(name, *(one.replace("%%", "%") if "%(" not in one else one for one in words))


@lru_cache(maxsize=1)
def translations() -> dict[Path, polib.POFile]:
    """Each Korean catalogue, read."""
    return {path: polib.pofile(str(path)) for path in catalogues() if path.parent.parent.name == "ko"}


def translated() -> set[str]:
    """Every sentence that some Korean catalogue holds, whole."""
    return {entry.msgid for file in translations().values() for entry in file if _is_whole(entry)}


def _is_whole(entry: polib.POEntry) -> bool:
    words = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    return not entry.obsolete and not entry.fuzzy and bool(words) and all(words)


def placeholders_differ(entry: polib.POEntry) -> bool:
    """Whether a translation names other values than the sentence does: such a page breaks when it is shown."""
    wanted = set(_PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
    words = entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]
    return any(set(_PLACEHOLDER.findall(one)) != wanted for one in words)


def missing() -> list[Message]:
    """Sentences without Korean, each once."""
    known = translated()
    return list({one.text: one for one in messages() if one.text not in known}.values())


if __name__ == "__main__":
    for message in sorted(missing(), key=lambda one: (one.stage, one.where)):
        entry = polib.POEntry(msgid=message.text, msgid_plural=message.plural, msgstr="")
        if message.plural:
            entry.msgstr_plural = {0: ""}
        print(f"# src/{PACKAGE.relative_to(REPOSITORY / 'src')}/{message.where}\n{entry}")
