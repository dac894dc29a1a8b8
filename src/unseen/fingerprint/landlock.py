"""Landlock: the child may read the interpreter's own folders and nothing else on the disk. `landlock(7)`, Linux 5.13+."""

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same numbers on every processor
_ASK_VERSION, _BENEATH_PATH = 1, 1
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_RIGHTS_BY_VERSION = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}  # how many file rights the kernel knows


def restrict(readable: Iterable[Path]) -> str | None:
    """Confine this process for good (needs no-new-privileges); None when it holds, otherwise why it does not."""
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _ASK_VERSION)
    if version < 1:
        return "the kernel has no Landlock (Linux 5.13 or newer, enabled at boot)"
    rights = (1 << _RIGHTS_BY_VERSION[min(version, 5)]) - 1
    attributes = struct.pack("<Q", rights)
    ruleset = libc.syscall(_CREATE_RULESET, attributes, ctypes.c_size_t(len(attributes)), 0)
    if ruleset < 0:
        return f"no ruleset: {os.strerror(ctypes.get_errno())}"
    try:
        for folder in readable:
            _allow_reading(libc, ruleset, folder)
        if libc.syscall(_RESTRICT_SELF, ruleset, 0) != 0:
            return f"the kernel refused: {os.strerror(ctypes.get_errno())}"
    finally:
        os.close(ruleset)
    return None


def _allow_reading(libc: ctypes.CDLL, ruleset: int, folder: Path) -> None:
    if not folder.is_dir():
        return
    descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("<Qi", _READ_FILE | _READ_FOLDER, descriptor)
        libc.syscall(_ADD_RULE, ruleset, _BENEATH_PATH, rule, 0)
    finally:
        os.close(descriptor)
