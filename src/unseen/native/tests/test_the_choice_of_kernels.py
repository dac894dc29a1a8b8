"""UNSEEN_NATIVE is obeyed, or refused with what to do; without kernels everything falls back to NumPy."""

import sys
from types import SimpleNamespace

import pytest

from unseen.native import NativeError, chosen, kernels, kernels_name


@pytest.fixture
def old_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    module = SimpleNamespace(INTERFACE=4, force=lambda name: name in ("", "scalar"))
    monkeypatch.setitem(sys.modules, "unseen_native", module)


def test_off_and_absent_kernels_mean_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen("off") is None
    monkeypatch.setitem(sys.modules, "unseen_native", None)
    assert chosen("") is None


def test_what_is_not_there_is_refused_with_its_cure(
    old_processor: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert chosen("scalar") is not None
    with pytest.raises(NativeError, match="'avx512', which this processor does not have: unset it"):
        chosen("avx512")
    with pytest.raises(NativeError, match="'sse': set it to off, scalar, avx2 or avx512"):
        chosen("sse")
    monkeypatch.setitem(sys.modules, "unseen_native", None)
    with pytest.raises(NativeError, match="not installed: run `make native`"):
        chosen("avx2")


def test_kernels_of_another_interface_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "unseen_native", SimpleNamespace(INTERFACE=99))
    assert chosen("") is None


def test_the_name_says_what_runs() -> None:
    assert kernels_name() in ({"numpy"} if kernels() is None else {"scalar", "avx2", "avx512"})
