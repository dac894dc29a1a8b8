"""Send as JSON with an idempotency key; the receipt of the other side is the proof, and can be asked for again."""

import json
from datetime import datetime

from unseen.config.options import Options
from unseen.fetch.answers import Fetched, FetchFailure
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.locations import Location, LocationError, parse_location
from unseen.fetch.vantage import Vantage
from unseen.takedown.channels.envelope import (
    CannotTell,
    Delivered,
    Envelope,
    LookUpResult,
    NotDelivered,
    NotThere,
    Part,
    Preview,
    SendResult,
    Unclear,
)

RECEIPT_CHARACTERS_MAX = 2_000
ANSWER_SIZE_BYTES_MAX = 1_000_000  # a thousand usual locations, as they were taken up


class ApiChannel:
    """POST with `Idempotency-Key` (IETF draft httpapi-idempotency-key-header)."""

    def __init__(self, options: Options, fetcher: Fetcher, vantage: Vantage) -> None:
        self._options, self._fetcher, self._vantage = options, fetcher, vantage

    @property
    def remembers(self) -> bool:
        """Its endpoint is asked by the notice's key."""
        return True

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Post the notice once."""
        try:
            endpoint = self._endpoint(envelope.to)
            payload = self._payload(envelope)
            json.dumps(payload, ensure_ascii=False).encode()
        except (LocationError, UnicodeEncodeError) as error:
            return NotDelivered(str(error), permanent=True)
        answer = self._fetcher.post_json(endpoint, self._vantage, payload, {"Idempotency-Key": envelope.key})
        if isinstance(answer, FetchFailure):
            broke = f"no answer from the endpoint ({answer.code})"
            return Unclear(broke) if answer.sent else NotDelivered(broke, permanent=False)
        if answer.status in (200, 201, 202):
            receipt = _receipt(answer)
            return (
                Delivered(receipt, _loaded(answer))
                if receipt
                else Unclear(f"HTTP {answer.status} without a receipt")
            )
        temporary = answer.status in (408, 425, 429) or answer.status >= 500
        return NotDelivered(f"HTTP {answer.status} from the endpoint", permanent=not temporary)

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """Ask the endpoint for the receipt of this key."""
        try:
            place = self._endpoint(f"{envelope.to.rstrip('/')}/{envelope.key}")
        except LocationError as error:
            return CannotTell(str(error))
        answer = self._fetcher.get(place, self._vantage, size_bytes_max=ANSWER_SIZE_BYTES_MAX)
        if isinstance(answer, FetchFailure):
            return CannotTell(f"no answer from the endpoint ({answer.code})")
        if answer.status == 200:
            receipt = _receipt(answer)
            if not receipt:
                return CannotTell("HTTP 200 without a receipt from the endpoint")
            return Delivered(receipt, _loaded(answer))
        return NotThere() if answer.status == 404 else CannotTell(f"HTTP {answer.status} from the endpoint")

    def preview(self, envelope: Envelope) -> Preview:
        """The request: where it goes and its body."""
        try:
            endpoint = self._endpoint(envelope.to)
        except LocationError as error:
            raise ValueError(str(error)) from error
        payload = json.dumps(self._payload(envelope), ensure_ascii=False, indent=1)
        payload.encode()
        head = f"POST {endpoint.text}\nIdempotency-Key: {envelope.key}\nContent-Type: application/json"
        return Preview((Part("Request", head), Part("Body", payload)))

    def _endpoint(self, text: str) -> Location:
        return parse_location(text, ports=frozenset(self._options.fetch_ports))

    def _payload(self, envelope: Envelope) -> dict[str, object]:
        return {
            "notice_id": envelope.key,
            "reference": envelope.reference,
            "laws": list(envelope.laws),
            "locations": list(envelope.locations),
            "statement": envelope.body,
            "good_faith": True,
            "sender": {
                "organisation": self._options.organisation,
                "email": self._options.organisation_email,
            },
        }


def _receipt(answer: Fetched) -> str:
    """The answer as a proof; empty when it holds no receipt. A status alone proves nothing (a log-in page is 200)."""
    try:
        receipt = json.loads(answer.body).get("receipt")
    except (ValueError, AttributeError, RecursionError):
        return ""
    if not isinstance(receipt, str | int) or not str(receipt).strip():
        return ""
    text = answer.body.decode("utf-8", "replace")[:RECEIPT_CHARACTERS_MAX]
    return f"HTTP {answer.status} {json.dumps(text)}"


def _loaded(answer: Fetched) -> tuple[str, ...] | None:
    """The locations that they say they took up; None where they say nothing that can be read."""
    try:
        loaded = json.loads(answer.body).get("loaded")
    except (ValueError, AttributeError, RecursionError):
        return None
    if not isinstance(loaded, list) or not all(isinstance(one, str) for one in loaded):
        return None
    return tuple(loaded)
