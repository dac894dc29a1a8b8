"""An upload's fingerprint, made in the sandboxed child: `POST /h/hash`, and the first half of `POST /m/lookup`."""

from collections.abc import Callable, Mapping

from unseen.domain.limits import QUALITY_MIN
from unseen.fingerprint import ErrorCode, FingerprintError, ImageFingerprint, fingerprint_image
from unseen.match_server.arguments import PDQ
from unseen.match_server.forms import SentFile, sent_file
from unseen.match_server.wire import Refused, Request

Fingerprinter = Callable[[bytes], ImageFingerprint]


def pdq_of_upload(request: Request, make: Fingerprinter = fingerprint_image) -> str:
    """64 hex digits, or nothing where the quality is below 50, as HMA has it. Raises Refused; ChildDidNotStart where this
    machine cannot start the sandbox.
    """
    sent = sent_file(request.content_type, request.body)
    _check_field(sent)
    _check_types(request.arguments)
    try:
        made = make(sent.content)
    except FingerprintError as trouble:
        raise Refused(413 if trouble.code is ErrorCode.TOO_LARGE else 400, trouble.message) from None
    return made.pdq if made.quality >= QUALITY_MIN else ""


def _check_field(sent: SentFile) -> None:
    """HMA wants the field named after what the file is. Films have no type of HMA's here: the batch route takes frames."""
    if sent.field == "video":
        raise Refused(400, "content_type video is disabled")
    if sent.field != "photo":
        raise Refused(400, f"no such content_type: '{sent.field}'")


def _check_types(arguments: Mapping[str, str]) -> None:
    if "types" not in arguments:
        return
    asked = [name for name in map(str.strip, arguments["types"].split(",")) if name]
    if not asked:
        raise Refused(400, "empty signal type selection")
    for name in asked:
        if name != PDQ:
            raise Refused(400, f"signal type '{name}' doesn't exist or is disabled")
