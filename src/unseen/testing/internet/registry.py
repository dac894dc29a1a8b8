"""A small RDAP registry on loopback: it answers for names and networks as RFC 9083 says, or as a test wants it to."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

HOST = "rdap.test"
Card = list[list[object]]


def entity(role: str, name: str, email: str = "", inside: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """An entity with a jCard (RFC 7095)."""
    card: Card = [["version", {}, "text", "4.0"], ["fn", {}, "text", name]]
    if email:
        card.append(["email", {}, "text", email])
    return {
        "objectClassName": "entity",
        "roles": [role],
        "vcardArray": ["vcard", card],
        "entities": list(inside),
    }


class SmallRegistry:
    """Answers by path, as `domain/site.test` and `ip/127.1.0.1`; what it lacks is a 404. `asked` lists the paths.

    An answer is a table, raw bytes, or a status with the place that it redirects to.
    """

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}
        self.asked: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry._answer(self)

            def log_message(self, *_: object) -> None:
                """A test's output is its own."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    def holds(self, name: str, *, registrar: str, abuse: str) -> None:
        """A domain name, its registrar, and the registrar's abuse address."""
        inside = (entity("abuse", "Abuse desk", abuse),)
        self.answers[f"domain/{name}"] = {
            "objectClassName": "domain",
            "ldhName": name.upper(),
            "entities": [entity("registrar", registrar, inside=inside)],
        }

    def serves(self, address: str, *, network: str, holder: str, abuse: str, country: str = "NL") -> None:
        """An address, the network that it is in, and the network's abuse address."""
        inside = (entity("abuse", "Abuse desk", abuse),)
        self.answers[f"ip/{address}"] = {
            "objectClassName": "ip network",
            "handle": "NET-1",
            "name": network,
            "country": country,
            "entities": [entity("registrant", holder, inside=inside)],
        }

    def write_bootstrap(self, folder: Path) -> Path:
        """Bootstrap files that lead every `.test` name and every loopback address here."""
        folder.mkdir(parents=True, exist_ok=True)
        base = [f"http://{HOST}:{self.port}/"]
        for file, keys in (("dns", ["test"]), ("ipv4", ["127.0.0.0/8"]), ("ipv6", ["::1/128"])):
            table = {"version": "1.0", "publication": "2026-11-01T00:00:00Z", "services": [[keys, base]]}
            (folder / f"{file}.json").write_text(json.dumps(table), "utf-8")
        return folder

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.lstrip("/")
        self.asked.append(path)
        found = self.answers.get(path)
        status, body, place = 200 if found is not None else 404, b"{}", ""
        if isinstance(found, tuple):
            status, place = found
        elif isinstance(found, bytes):
            body = found
        elif found is not None:
            body = json.dumps(found).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/rdap+json")
        request.send_header("Content-Length", str(len(body)))
        if place:
            request.send_header("Location", place)
        request.end_headers()
        request.wfile.write(body)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
