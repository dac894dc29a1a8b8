"""What a node answers is checked, and a batch that dies with its process costs no more than the file that did it."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from unseen.matching import BankError
from unseen.matching.labelled import LabelledBank
from unseen.matching.level import Level
from unseen.scanning import cluster
from unseen.scanning.cluster import ClusterEngine, ClusterError
from unseen.scanning.look import Facts


class Errors:
    """Ray's own, by their names."""

    class RayTaskError(Exception):
        cause = "what the node said"

    class WorkerCrashedError(Exception):
        pass

    class NodeDiedError(Exception):
        pass

    class OutOfMemoryError(Exception):
        pass

    class ObjectLostError(Exception):
        pass


Answer = Callable[[list[str]], tuple[str, str, list[Facts]]]


class InProcess:
    """Stands in for Ray: what `answer` returns or raises is the answer of a node."""

    exceptions = Errors

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.batches: list[list[str]] = []

    def init(self, **_: object) -> None: ...

    def shutdown(self) -> None: ...

    def cancel(self, reference: int, force: bool) -> None: ...

    def cluster_resources(self) -> dict[str, float]:
        return {"CPU": 2.0}

    def remote(self, **_: object) -> Callable[[object], SimpleNamespace]:
        return lambda _: SimpleNamespace(remote=self._send)

    def _send(self, batch: list[str], *_: object) -> int:
        self.batches.append(batch)
        return len(self.batches) - 1

    def wait(self, references: list[int], num_returns: int) -> tuple[list[int], list[int]]:
        return references[:1], references[1:]

    def get(self, reference: int) -> Any:
        return self._answer(self.batches[reference])


@pytest.fixture
def kept(tmp_path: Path) -> LabelledBank:
    return LabelledBank.open(tmp_path / "bank")


def looked_at(answer: Answer, kept: LabelledBank, monkeypatch: pytest.MonkeyPatch) -> dict[int, Facts]:
    monkeypatch.setattr(cluster, "ray_module", lambda: InProcess(answer))
    found: dict[int, Facts] = {}
    with ClusterEngine(kept, Path("bank"), Level.REGIONS) as engine:
        for number in range(20):
            engine.start(number, f"/{number}")
        while len(found) < 20:
            answers = engine.finished()
            assert not found.keys() & dict(answers).keys(), "each file is told once"
            found.update(answers)
    return found


def test_a_file_whose_process_dies_each_time_costs_itself_only(
    kept: LabelledBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(batch: list[str]) -> tuple[str, str, list[Facts]]:
        if "/7" in batch:
            raise Errors.WorkerCrashedError
        return "node", kept.state(), [{"matches": [name]} for name in batch]

    found = looked_at(answer, kept, monkeypatch)
    assert found.pop(7)["error"]["code"] == "undecodable"
    assert found == {number: {"matches": [f"/{number}"]} for number in range(20) if number != 7}


def test_a_node_with_another_bank_is_not_believed(
    kept: LabelledBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(batch: list[str]) -> tuple[str, str, list[Facts]]:
        return "far-node", "another state", [{"matches": []} for _ in batch]

    with pytest.raises(BankError, match="far-node has another bank"):
        looked_at(answer, kept, monkeypatch)


def test_what_a_node_cannot_do_ends_the_scan_with_its_words(
    kept: LabelledBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    def answer(batch: list[str]) -> tuple[str, str, list[Facts]]:
        raise Errors.RayTaskError

    with pytest.raises(ClusterError, match="what the node said"):
        looked_at(answer, kept, monkeypatch)


def test_a_node_without_the_bank_or_the_files_says_so(tmp_path: Path, kept: LabelledBank) -> None:
    with pytest.raises(BankError, match="no bank at"):
        cluster.look_at(["/x"], str(tmp_path / "none"), "regions")
    _, state, (facts,) = cluster.look_at([str(tmp_path / "none.jpg")], str(tmp_path / "bank"), "regions")
    assert state == kept.state()
    assert "does not see this file" in facts["error"]["message"]


@pytest.mark.parametrize("address", ["head", "head:", "ray://head:10001x"])
def test_an_address_that_is_none_is_named(
    address: str, kept: LabelledBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "ray_module", lambda: InProcess(lambda _: ("", "", [])))
    with pytest.raises(ClusterError, match="host:port"):
        ClusterEngine(kept, Path("bank"), Level.REGIONS, address)
