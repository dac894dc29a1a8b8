"""The way from a test to a service on this machine: through the guarded fetcher, as in life."""

from collections.abc import Mapping
from ipaddress import ip_network

from unseen.exchange.peers.service import Service
from unseen.fetch.fetcher import Fetcher, FetchLimits
from unseen.fetch.tests.site import ANYWHERE, Names
from unseen.testing.services.server import ADDRESS

OPENED: list[Fetcher] = []
"""Closed after each test."""


def service(port: int, path: str = "", headers: Mapping[str, str] = {}) -> Service:
    """The service at this port, under a made-up name."""
    fetcher = Fetcher(
        Names({"peer.test": [ADDRESS]}),
        allow_networks=(ip_network("127.0.0.0/8"),),
        ports=frozenset({port}),
        limits=FetchLimits(connect_s=2, read_s=2, total_s=5),
    )
    OPENED.append(fetcher)
    return Service(fetcher, ANYWHERE, f"http://peer.test:{port}{path}", headers)
