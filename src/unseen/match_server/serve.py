"""The server process: Granian listens and one worker answers. More processes behind a balancer share the mapped files."""

from collections.abc import Callable, Mapping
from typing import Any

from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes
from granian.http import HTTP1Settings
from granian.log import LogLevels

from unseen.match_server.limits import HEADERS_WITHIN_MS
from unseen.match_server.rsgi import Application
from unseen.match_server.service import Service


def serve(load: Callable[[], Service], host: str, port: int, logging: Mapping[str, Any]) -> None:
    """Serve until a signal ends it. `load` is called in the worker; `logging`: a dictConfig. A worker that ends is replaced."""
    server = Granian(
        "unseen.match_server",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        workers=1,
        runtime_mode=RuntimeModes.st,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN_MS),
        websockets=False,
        log_level=LogLevels.warning,
        log_dictconfig=dict(logging),
        log_access=False,
        respawn_failed_workers=True,
    )
    server.serve(target_loader=lambda: Application(load()), wrap_loader=False)
