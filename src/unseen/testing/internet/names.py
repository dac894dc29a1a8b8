"""A small name server on loopback, UDP and TCP, whose answers each test, or the small internet, writes itself."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rrset

Reply = Callable[[dns.message.Message], bytes | None]


@dataclass
class NameServer:
    """`reply` makes the bytes of an answer, or None for silence; `truncated` sends UDP askers to TCP."""

    port: int = 0
    reply: Reply | None = None
    truncated: bool = False
    asked: list[str] = field(default_factory=list)

    def answer(self, wire: bytes, *, by_udp: bool) -> bytes | None:
        question = dns.message.from_wire(wire)
        self.asked.append(question.question[0].to_text() + (" udp" if by_udp else " tcp"))
        if by_udp and self.truncated:
            short = dns.message.make_response(question)
            short.flags |= dns.flags.TC
            return short.to_wire()
        assert self.reply is not None
        return self.reply(question)


def saying(*rows: str, rcode: int = 0) -> Reply:
    """Answers with those rows (`name TTL IN A address`) whose type was asked for, and with every CNAME."""

    def reply(question: dns.message.Message) -> bytes:
        answer = dns.message.make_response(question)
        answer.set_rcode(rcode)  # type: ignore[arg-type] # a number does
        wanted = question.question[0].to_text().split()[-1]
        for row in rows:
            name, ttl, kind_class, kind, value = row.split()
            if kind in (wanted, "CNAME"):
                answer.answer.append(dns.rrset.from_text(name, int(ttl), kind_class, kind, value))
        return answer.to_wire()

    return reply


@contextmanager
def running_names(address: str = "127.1.0.9") -> Iterator[NameServer]:
    """A name server on a port of its own, until the `with` ends."""
    server = NameServer()

    class ByUdp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            said = server.answer(self.request[0], by_udp=True)
            if said is not None:
                self.request[1].sendto(said, self.client_address)

    class ByTcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            said = server.answer(self.rfile.read(int.from_bytes(self.rfile.read(2))), by_udp=False)
            if said is not None:
                self.wfile.write(len(said).to_bytes(2) + said)

    with socketserver.ThreadingUDPServer((address, 0), ByUdp) as udp:
        server.port = udp.server_address[1]
        with socketserver.ThreadingTCPServer((address, server.port), ByTcp) as tcp:
            for one in (udp, tcp):
                threading.Thread(target=one.serve_forever, args=(0.01,), daemon=True).start()
            yield server
            tcp.shutdown()
        udp.shutdown()
