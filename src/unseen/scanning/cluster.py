"""The engine of many machines: batches of files go to the nodes of a Ray cluster, which look with children of their own.

Paths are read by the nodes, so the files and the bank lie in folders that every node sees at the same place; what has no
path is sent along. Decision: docs/decisions/0024.
"""

import importlib
import logging
import platform
import socket
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from unseen.fingerprint import DecoderPool, Source
from unseen.matching import BankError
from unseen.matching.labelled import LabelledBank
from unseen.matching.level import Level
from unseen.scanning.limits import CLUSTER_BATCH_FILES, CLUSTER_RETRIES_MAX
from unseen.scanning.look import Facts, Looker

CURE = "pip install 'unseen[ray]'"
_OBJECT_STORE_BYTES = (
    256 * 2**20
)  # holds fetched files on their way only; Ray's own default is a third of the memory

_ANSWERS_WITHIN_S = 10

Batch = list[tuple[int, Source]]


class ClusterError(Exception):
    """The cluster cannot do it; the message says why, and the cure."""


def ray_module() -> Any:
    """Ray, which is an extra: 200 MB that a single machine does not need. Raises ClusterError."""
    try:
        return importlib.import_module("ray")
    except ImportError:
        raise ClusterError(f"Ray is not installed; run: {CURE}") from None


def look_at(batch: Sequence[Source], bank: str, level: str) -> tuple[str, str, list[Facts]]:
    """Runs on a node: the node's name, the state of its bank, and the facts of each file. Raises BankError."""
    looker, state = _looker(bank, level)
    return platform.node(), state, [_seen_here(looker.look(source)) for source in batch]


@lru_cache(maxsize=1)
def _looker(bank: str, level: str) -> tuple[Looker, str]:
    """One for the life of a worker process: the bank is opened once, its child is started once."""
    folder = Path(bank)
    if not folder.is_dir() or not any(
        folder.iterdir()
    ):  # opening it would make an empty one, which matches nothing
        raise BankError(f"there is no bank at {bank} on the node {platform.node()}: {_SHARE}")
    kept = LabelledBank.open(folder)
    return Looker(kept, Level(level), DecoderPool(1)), kept.state()


_SHARE = "mount its folder at the same place on every node"


def _seen_here(facts: Facts) -> Facts:
    if facts.get("error", {}).get("code") == "not_found":
        message = f"the node {platform.node()} does not see this file: {_SHARE}"
        return {"error": {"code": "not_found", "message": message}}
    return facts


class ClusterEngine:
    """Use it in a `with` block; leaving it takes back what is under way."""

    def __init__(self, kept: LabelledBank, bank: Path, level: Level, address: str = "") -> None:
        """Connect to the cluster whose head is at `address` (host:port), or start one here. Raises ClusterError."""
        self._ray = ray_module()
        self._kept = kept
        self._states = {kept.state()}
        self._arguments = (str(bank.absolute()), str(level))
        self._batch: Batch = []
        self._under_way: dict[Any, Batch] = {}
        _connect(self._ray, address)
        self._look_at = self._ray.remote(num_cpus=1, max_retries=CLUSTER_RETRIES_MAX)(look_at)

    @property
    def files_at_once(self) -> int:
        """Two batches for each processor that the cluster has now: nodes come and go."""
        processors = int(self._ray.cluster_resources().get("CPU", 1))
        return 2 * CLUSTER_BATCH_FILES * max(processors, 1)

    def start(self, number: int, source: Source) -> None:
        """Look at one more file; `finished` will name it by its number."""
        absolute = source if isinstance(source, bytes) else str(Path(source).absolute())
        self._batch.append((number, absolute))
        if len(self._batch) == CLUSTER_BATCH_FILES:
            self._send_batch()

    def finished(self) -> list[tuple[int, Facts]]:
        """A batch of files that were started; waits for it. Raises BankError, ClusterError."""
        while True:
            self._send_batch()
            (ready, *_), _ = self._ray.wait(list(self._under_way), num_returns=1)
            batch = self._under_way.pop(ready)
            facts = self._answered(ready, batch)
            if facts is not None:
                return [(number, each) for (number, _), each in zip(batch, facts, strict=True)]

    def _send_batch(self) -> None:
        if self._batch:
            self._send(self._batch)
            self._batch = []

    def _send(self, batch: Batch) -> None:
        reference = self._look_at.remote([source for _, source in batch], *self._arguments)
        self._under_way[reference] = batch

    def _answered(self, reference: Any, batch: Batch) -> list[Facts] | None:
        """The facts of a batch; None where its process died with it too often and each file is now tried alone."""
        errors = self._ray.exceptions
        try:
            node, state, facts = self._ray.get(reference)
        except errors.RayTaskError as trouble:
            raise ClusterError(f"a node of the cluster gave up: {trouble.cause}") from None
        except (
            errors.WorkerCrashedError,
            errors.NodeDiedError,
            errors.OutOfMemoryError,
            errors.ObjectLostError,
        ):
            if len(batch) == 1:
                message = (
                    "the process that looked at it ended each time, also on other nodes: look at the nodes' memory, "
                    "or get another copy of it"
                )
                return [{"error": {"code": "undecodable", "message": message}}]
            for each in batch:
                self._send([each])
            return None
        self._check_bank(node, state)
        found: list[Facts] = facts
        return found

    def _check_bank(self, node: str, state: str) -> None:
        """A node with an old copy of the bank would miss what it does not know. Ours may have grown meanwhile."""
        if state not in self._states:
            self._states.add(self._kept.state())
        if state not in self._states:
            raise BankError(f"the node {node} has another bank than this machine: {_SHARE}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for reference in self._under_way:
            self._ray.cancel(reference, force=True)
        self._ray.shutdown()


def _connect(ray: Any, address: str) -> None:
    quiet = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address:
        _check_reachable(ray, address)
        ray.init(address=address, **quiet)
        return
    ray.init(
        address="local",
        include_dashboard=False,
        object_store_memory=_OBJECT_STORE_BYTES,
        _node_ip_address="127.0.0.1",  # nobody else is let in
        **quiet,
    )


def _check_reachable(ray: Any, address: str) -> None:
    """Ray itself waits for ever where nothing answers, and takes the machine's own address for 127.0.0.1."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise ClusterError(f"'{address}' is no address of a cluster's head: give it as host:port")
    if host in ("127.0.0.1", "localhost", "[::1]"):
        host = ray.util.get_node_ip_address()
    try:
        socket.create_connection((host, int(port)), _ANSWERS_WITHIN_S).close()
    except OSError as trouble:
        raise ClusterError(
            f"no cluster answers at {host}:{port} ({trouble.strerror or trouble}): start its head with "
            f"`ray start --head`, and see that this machine may reach it"
        ) from None
