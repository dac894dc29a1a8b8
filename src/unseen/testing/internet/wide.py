"""The wide internet: the characters of proof, a search engine, resolvers of two countries, and a proxy abroad."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import dns.message
import dns.rcode
import dns.rrset

from unseen.testing.clock import Clock
from unseen.testing.internet.authorities import AUTHORITIES
from unseen.testing.internet.characters_of_proof import CHARACTERS_OF_PROOF
from unseen.testing.internet.names import NameServer, Reply, running_names
from unseen.testing.internet.platform import Platform
from unseen.testing.internet.proxy import Proxy, running_proxy
from unseen.testing.internet.search_engine import SearchEngine
from unseen.testing.internet.small import SmallInternet

PROXY_ADDRESS, PROXY_EXITS_AT = "127.2.0.8", "127.9.0.4"
RESOLVER_ADDRESSES = {"KR": "127.2.0.53", "DE": "127.2.0.54"}


class WideInternet(SmallInternet):
    """As the small one, with more ways to look at it."""

    def __init__(
        self,
        clock: Clock,
        folder: Path,
        media_folder: Path,
        *,
        seed: int = 1,
        characters: Sequence[type[Platform]] = CHARACTERS_OF_PROOF,
    ) -> None:
        super().__init__(
            clock,
            folder,
            media_folder,
            seed=seed,
            characters=characters,
            authorities=(*AUTHORITIES, SearchEngine),
        )
        self._running = ExitStack()
        self.proxy = Proxy()
        self.resolvers: dict[str, NameServer] = {}

    def start(self) -> None:
        super().start()
        self.proxy = self._running.enter_context(running_proxy(PROXY_ADDRESS, PROXY_EXITS_AT))
        for country, address in RESOLVER_ADDRESSES.items():
            server = self._running.enter_context(running_names(address))
            server.reply = self._resolver_of(country)
            self.resolvers[country] = server

    def stop(self) -> None:
        self._running.close()
        super().stop()

    def _resolver_of(self, country: str) -> Reply:
        def reply(question: dns.message.Message) -> bytes:
            answer = dns.message.make_response(question)
            asked = question.question[0]
            host = asked.name.to_text(omit_final_dot=True).lower()
            addresses = self.names().get(host, [])
            if not addresses or host in self._world.names_kept_back.get(country, ()):
                answer.set_rcode(dns.rcode.NXDOMAIN)
            elif asked.rdtype.name == "A":
                answer.answer.append(dns.rrset.from_text(asked.name, 60, "IN", "A", *addresses))
            return answer.to_wire()

        return reply
