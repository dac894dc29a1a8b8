"""A system-call filter for the decoding child, written by hand in classic BPF: what is not listed answers EPERM.

No sockets, no new programs or processes, no signals, no tracing, nothing opened for writing. `seccomp(2)`.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from unseen.fingerprint.syscalls import AARCH64, X86_64

_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ANSWER_ERROR, _KILL_PROCESS = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER_AT, _PROCESSOR_AT, _ARGUMENTS_AT = 0, 4, 16  # offsets in struct seccomp_data; little-endian low words
_X32_NUMBERS_FROM = 0x40000000
_SET_FILTER, _ALL_THREADS = 1, 1
_CLONE_THREAD = 0x00010000
_FIXED = {"openat", "clone", "clone3", "prlimit64"}


@dataclass(frozen=True, slots=True)
class _Processor:
    audit_number: int
    seccomp_call: int
    calls: Mapping[str, int]


_PROCESSORS = {
    "x86_64": _Processor(0xC000003E, 317, X86_64),
    "aarch64": _Processor(0xC00000B7, 277, AARCH64),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install() -> str | None:
    """Put the filter on this process for good; None when it holds, otherwise why it does not."""
    processor = _PROCESSORS.get(platform.machine())
    if processor is None or struct.calcsize("P") != 8:
        return f"no system-call table for the processor {platform.machine()}"
    code = b"".join(_instructions(processor))
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(processor.seccomp_call, _SET_FILTER, _ALL_THREADS, ctypes.byref(program)) != 0:
        return f"the kernel refused the filter: {os.strerror(ctypes.get_errno())}"
    return None


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)


def _answer(number: int) -> bytes:
    return _step(_RETURN, _ANSWER_ERROR | number)


def _instructions(processor: _Processor) -> list[bytes]:
    calls, allow = processor.calls, _step(_RETURN, _ALLOW)
    steps = [
        _step(_LOAD, _PROCESSOR_AT),
        _step(_JUMP_EQUAL, processor.audit_number, 1, 0),
        _step(_RETURN, _KILL_PROCESS),
        _step(_LOAD, _NUMBER_AT),
        _step(_JUMP_AT_LEAST, _X32_NUMBERS_FROM, 0, 1),
        _answer(errno.EPERM),
    ]
    for name, number in calls.items():
        if name not in _FIXED:
            steps += [_step(_JUMP_EQUAL, number, 0, 1), allow]
    # glibc tries clone3 first, whose flags a filter cannot see, and falls back to clone on ENOSYS.
    steps += [_step(_JUMP_EQUAL, calls["clone3"], 0, 1), _answer(errno.ENOSYS)]
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    steps += _only_if(calls["openat"], 2, _step(_JUMP_ANY_BIT, writing, 1, 0))
    steps += _only_if(calls["clone"], 0, _step(_JUMP_ANY_BIT, _CLONE_THREAD, 0, 1))
    steps += _own_limits(calls["prlimit64"])
    return [*steps, _answer(errno.EPERM)]


def _only_if(number: int, argument: int, test: bytes) -> list[bytes]:
    """Allow the call when `test` on its argument falls through; otherwise EPERM."""
    return [
        _step(_JUMP_EQUAL, number, 0, 4),
        _step(_LOAD, _ARGUMENTS_AT + 8 * argument),
        test,
        _step(_RETURN, _ALLOW),
        _answer(errno.EPERM),
    ]


def _own_limits(number: int) -> list[bytes]:
    """Limits are read, and only that of processor seconds is set: a child of root could raise the others again."""
    process, limit, new = (_ARGUMENTS_AT + 8 * argument for argument in range(3))
    return [
        _step(_JUMP_EQUAL, number, 0, 10),
        _step(_LOAD, process),
        _step(_JUMP_EQUAL, 0, 0, 7),
        _step(_LOAD, limit),
        _step(_JUMP_EQUAL, resource.RLIMIT_CPU, 4, 0),
        _step(_LOAD, new),
        _step(_JUMP_EQUAL, 0, 0, 3),
        _step(_LOAD, new + 4),
        _step(_JUMP_EQUAL, 0, 0, 1),
        _step(_RETURN, _ALLOW),
        _answer(errno.EPERM),
    ]
