"""The catalogues of translations: people write `.po` files, Django reads `.mo` files, and `make setup` makes these from those.

Only the `.po` files are kept in the repository. polib is plain Python, so a bare machine needs no gettext programs.
"""

from collections.abc import Iterator
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent
_CATALOGUES = "*/locale/*/LC_MESSAGES/django.po"


def catalogues(folder: Path = PACKAGE) -> Iterator[Path]:
    """Every `.po` file of the stages below `folder`, in order."""
    yield from sorted(folder.glob(_CATALOGUES))


def stale(folder: Path = PACKAGE) -> Iterator[Path]:
    """The `.po` files whose `.mo` file is absent or older."""
    for written in catalogues(folder):
        made = written.with_suffix(".mo")
        if not made.exists() or made.stat().st_mtime_ns < written.stat().st_mtime_ns:
            yield written


def compile_catalogues(folder: Path = PACKAGE) -> list[Path]:
    """Make the `.mo` files that are absent or old; returns them.

    Raises OSError, also for a `.po` file that cannot be read: its message names file and line.
    """
    made = []
    for written in stale(folder):
        target = written.with_suffix(".mo")
        half = target.with_suffix(".mo.half")
        polib.pofile(str(written)).save_as_mofile(str(half))
        half.replace(target)  # whoever starts meanwhile reads the old one or the new one, never half of one
        made.append(target)
    return made


if __name__ == "__main__":
    compile_catalogues()
