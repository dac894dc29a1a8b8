"""A Ray cluster of two nodes on this machine's own loopback addresses, led by words on the standard input.

`python -m unseen.scanning.tests.two_nodes` prints the head's address; then "sandbox" prints what protects the children
of a worker, "kill" ends the second node at once, and the end of the input ends all.
"""

import json
import os
import sys
from typing import Any

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

import ray
from ray.cluster_utils import Cluster

from unseen.fingerprint import sandbox_report

MEMORY_BYTES = 80 * 2**20


def node(address: str) -> dict[str, Any]:
    return {
        "num_cpus": 1,
        "object_store_memory": MEMORY_BYTES,
        "include_dashboard": False,
        "node_ip_address": address,
    }


def protections() -> dict[str, str]:
    return {part.name: part.trouble for part in sandbox_report()}


def tell(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main() -> None:
    cluster: Any = Cluster(initialize_head=True, head_node_args=node("127.0.0.2"))
    second = cluster.add_node(**node("127.0.0.3"))
    tell(cluster.address)
    for line in sys.stdin:
        if line == "kill\n":
            cluster.remove_node(second, allow_graceful=False)
        elif line == "sandbox\n":
            ray.init(address=cluster.address, log_to_driver=False)
            tell(json.dumps(ray.get(ray.remote(protections).remote())))
            ray.shutdown()
    cluster.shutdown()


if __name__ == "__main__":
    main()
