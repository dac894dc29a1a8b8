"""Object stores need an extra part, which is asked for by name."""

import sys
from types import ModuleType

import pytest

from unseen.discovery.sources import SourceError, open_source


class Broken:
    def find(self, prefix: str, detail: bool) -> dict[str, object]:
        raise PermissionError(prefix, detail)


def test_a_missing_part_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(SourceError, match=r"pip install unseen\[object-stores\]") as caught:
        list(open_source("s3://bucket/prefix"))
    assert caught.value.code == "part_missing"


def test_a_store_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    library = ModuleType("fsspec")
    library.filesystem = lambda _: Broken()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fsspec", library)
    with pytest.raises(SourceError, match="check its name and the keys"):
        list(open_source("s3://bucket/prefix"))
