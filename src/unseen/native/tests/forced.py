"""Runs a test as with UNSEEN_NATIVE set, without a process of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import pytest

import unseen.native
from unseen.native import NativeError, chosen

INSTRUCTION_SETS = ("scalar", "avx2", "avx512")


@contextmanager
def kernels_forced(wanted: str) -> Iterator[ModuleType | None]:
    """The module, or None for `off`. The test is skipped where this machine has not got it."""
    try:
        module = chosen(wanted)
    except NativeError as why:
        pytest.skip(str(why))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unseen.native, "_MODULE", module)
        yield module
    chosen("")
