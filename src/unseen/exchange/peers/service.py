"""A peer's service as we reach it: through the guarded fetcher, one base address, no redirects."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from unseen.domain.limits import PEER_ANSWER_BYTES_MAX
from unseen.exchange.peers.record import PeerTrouble
from unseen.fetch.answers import FetchFailure
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.locations import LocationError, parse_location
from unseen.fetch.vantage import Vantage


@dataclass(frozen=True, slots=True)
class Service:
    """Where a peer's service is, and what every request to it carries."""

    fetcher: Fetcher
    vantage: Vantage
    base: str  # such as https://hashsharing.ncmec.example/npo, without a slash at its end
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def ask(
        self,
        method: Literal["GET", "POST", "PUT", "DELETE"],
        path: str,
        content_type: str,
        content: bytes = b"",
        *,
        fine: tuple[int, ...] = (200,),
    ) -> bytes:
        """The body of the answer. Raises PeerTrouble that names no address: it may stand in a log."""
        try:
            location = parse_location(self.base + path, ports=self.fetcher.ports)
        except LocationError as error:
            raise PeerTrouble(f"the peer's address cannot be used ({error.code}): correct it") from None
        answer = self.fetcher.send(
            method,
            location,
            self.vantage,
            content,
            content_type,
            self.headers,
            size_bytes_max=PEER_ANSWER_BYTES_MAX,
        )
        if isinstance(answer, FetchFailure):
            raise PeerTrouble(
                f"the peer did not answer ({answer.code}: {answer.detail}): nothing was taken, try again later"
            )
        if answer.status not in fine:
            cure = "look at the name and the password" if answer.status in {401, 403} else "try again later"
            raise PeerTrouble(f"the peer answered {answer.status}: nothing was taken; {cure}")
        return answer.body


def basic(name_and_password: str) -> dict[str, str]:
    """The header for `name:password` (RFC 7617)."""
    return {"Authorization": "Basic " + base64.b64encode(name_and_password.encode()).decode()}
