"""The data folder, the secret key in it and the centre's key: made once, readable by their owner only."""

import contextlib
import os
import secrets
from pathlib import Path

from unseen.config.options import OptionError, Options

KEY_FILE = "secret-key"
CENTRE_KEY_FILE = "centre-key"
CENTRE_KEY_BYTES = 32
_KEY_CURE = "put the centre's copy of it back: without it no case can be read."
KEY_BYTES = 48  # 384 bits: beyond guessing, and above Django's floor of 50 characters


def prepare(options: Options) -> None:
    """Make the data folder if it is missing; an existing one is left as it is."""
    try:
        options.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise OptionError(
            "UNSEEN_DATA_DIR",
            f"the folder {options.data_dir} cannot be made ({error.strerror}).",
            "name a folder that this account may write to.",
        ) from error


def secret_key(options: Options) -> str:
    """The key in force; the first start writes one. Two processes that start together agree on one key."""
    if options.secret_key:
        return options.secret_key.reveal()
    prepare(options)
    path = options.data_dir / KEY_FILE
    try:
        if not path.exists():
            _write_once(path, secrets.token_urlsafe(KEY_BYTES))
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise OptionError(
            "UNSEEN_DATA_DIR",
            f"the key file {path} cannot be read or written.",
            "let this account own the folder, or set UNSEEN_SECRET_KEY.",
        ) from error
    if len(key) < KEY_BYTES:
        raise OptionError(
            "UNSEEN_DATA_DIR",
            f"the key file {path} is damaged.",
            "delete that file; a new key is made and all staff log in again.",
        )
    return key


def centre_key(options: Options) -> bytes:
    """The 32 bytes that wrap all case keys; the first start writes them. A file that is damaged is never replaced."""
    path = centre_key_file(options)
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_once(path, secrets.token_hex(CENTRE_KEY_BYTES))
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except OSError as error:
        raise OptionError(
            "UNSEEN_KEY_FILE",
            f"the file {path} cannot be read or written ({error.strerror}).",
            "let this account own it, with mode 0600.",
        ) from error
    except ValueError as error:
        raise OptionError("UNSEEN_KEY_FILE", f"the file {path} is damaged.", _KEY_CURE) from error
    if len(key) != CENTRE_KEY_BYTES:
        raise OptionError("UNSEEN_KEY_FILE", f"the file {path} is damaged.", _KEY_CURE)
    return key


def centre_key_file(options: Options) -> Path:
    """Where the centre's key is."""
    return options.key_file or options.data_dir / CENTRE_KEY_FILE


def _write_once(path: Path, key: str) -> None:
    """A hard link either appears whole or not at all, and never replaces the key of a faster process."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(draft)
    draft.unlink()
