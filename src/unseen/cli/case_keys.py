"""The file of case keys beside a backup: each key wrapped, so that it opens nothing without the centre's key.

One line a key: the report's id and the wrapped key in hex; the last line is the SHA-256 of all before it.
"""

import hashlib
import os
from pathlib import Path
from uuid import UUID

from unseen.keys.centre import opens

NAME = "unseen-case-keys"
_FIRST_LINE = "unseen case keys 1"


class KeysError(Exception):
    """What is wrong with which file, and the cure."""


def beside(archive: Path, named: Path | None) -> Path:
    """The file that was named, or the one beside the backup: always the same name, so that no older one stays."""
    return named or archive.with_name(NAME)


def write(path: Path) -> int:
    """Write the keys of the living database, and replace an older file whole. Returns how many. Raises OSError."""
    from unseen.keys.queries import all_wrapped

    fresh = path.with_name(path.name + ".new")
    digest, count = hashlib.sha256(), 0
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        lines = (f"{owner.hex} {wrapped.hex()}" for owner, wrapped in all_wrapped())
        for count, line in enumerate((_FIRST_LINE, *lines)):  # noqa: B007 - the number of the last line is the count
            digest.update(f"{line}\n".encode())
            file.write(f"{line}\n")
        file.write(digest.hexdigest() + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return count


def read(path: Path, centre_key: Path) -> list[tuple[UUID, bytes]]:
    """The keys in the file, if it is whole and the centre's key opens them. Raises KeysError, OSError and ValueError."""
    if not centre_key.is_file():
        raise KeysError(f"the centre's key is missing: put it back as {centre_key} (UNSEEN_KEY_FILE)")
    if not path.is_file():
        raise KeysError(f"there is no file of case keys at {path}: name it with --keys")
    *lines, digest = path.read_text(encoding="ascii").splitlines() or [""]
    whole = "".join(f"{line}\n" for line in lines)
    if lines[:1] != [_FIRST_LINE] or hashlib.sha256(whole.encode()).hexdigest() != digest:
        raise KeysError(f"{path} is no whole file of case keys: take the newest one")
    pairs = (line.split(" ") for line in lines[1:])
    found = [(UUID(hex=owner), bytes.fromhex(wrapped)) for owner, wrapped in pairs]
    secret = bytes.fromhex(centre_key.read_text(encoding="ascii").strip())
    if found and not opens(secret, *found[0]):
        raise KeysError(f"{centre_key} is not the key that wrapped these case keys: put the right one back")
    return found
