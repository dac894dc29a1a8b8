"""The C++ kernels where they are installed and wanted; without them NumPy gives the same answers.

`UNSEEN_NATIVE` forces a choice: `off`, `scalar`, `avx2` or `avx512`. Unset: the best that the processor has.
"""

import os
from importlib import import_module
from types import ModuleType

_INTERFACE = 4  # what this package expects of unseen_native; another number is left alone


class NativeError(Exception):
    """UNSEEN_NATIVE asks for what this machine does not have; the message says what to set."""


def kernels() -> ModuleType | None:
    """The extension module `unseen_native` (functions as in native/src/module.cpp), or None: use NumPy."""
    return _MODULE


def kernels_name() -> str:
    """`avx512`, `avx2`, `scalar` or `numpy`."""
    return str(_MODULE.kernels()) if _MODULE else "numpy"


def chosen(wanted: str) -> ModuleType | None:
    """The module set to what UNSEEN_NATIVE says. Raises NativeError."""
    if wanted == "off":
        return None
    if wanted not in ("", "scalar", "avx2", "avx512"):
        raise NativeError(f"UNSEEN_NATIVE is {wanted!r}: set it to off, scalar, avx2 or avx512, or unset it")
    module = _installed()
    if module is None:
        if wanted:
            raise NativeError(
                f"UNSEEN_NATIVE is {wanted!r} but the kernels are not installed: run `make native`"
            )
        return None
    if not module.force(wanted):
        raise NativeError(f"UNSEEN_NATIVE is {wanted!r}, which this processor does not have: unset it")
    return module


def _installed() -> ModuleType | None:
    try:
        module = import_module("unseen_native")
    except ImportError:
        return None
    return module if module.INTERFACE == _INTERFACE else None


_MODULE = chosen(os.environ.get("UNSEEN_NATIVE", ""))
