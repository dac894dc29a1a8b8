"""Sign our mail with the centre's DKIM key (RFC 6376), so that a forged notice in our name can be told from ours."""

from functools import lru_cache
from pathlib import Path

import dkim

from unseen.config.options import Options

KEY_SIZE_BYTES_MAX = 16_384  # RSA 4096 in PEM has 3.3 kB
# Whatever a reader is shown, and what carries the id. From is signed once more than it is there, so that a second one
# breaks the signature (RFC 6376, 8.15).
SIGNED = (
    b"from", b"from", b"to", b"subject", b"date", b"message-id", b"x-unseen-notice", b"organization",
    b"content-language", b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip


class CannotSign(Exception):
    """Our key is set and cannot be used: nothing goes out unsigned."""


def signed(raw: bytes, options: Options) -> bytes:
    """The message with a DKIM-Signature on top; as it came where no key is set (a signing relay). Raises CannotSign."""
    if options.dkim_key is None:
        return raw
    domain = options.smtp_sender.rpartition("@")[2]  # the domain of From: DMARC wants them aligned
    try:
        signature = dkim.sign(
            raw,
            options.dkim_selector.encode(),
            domain.encode(),
            _key(options.dkim_key),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[name for name in SIGNED if name + b":" in raw[: raw.find(b"\r\n\r\n")].lower()],
        )
    except (dkim.DKIMException, OSError, ValueError) as error:
        raise CannotSign(
            f"the DKIM key cannot be used ({type(error).__name__}): check UNSEEN_DKIM_KEY and UNSEEN_DKIM_SELECTOR"
        ) from error
    return bytes(signature) + raw


@lru_cache(maxsize=4)
def _key(file: Path) -> bytes:
    with file.open("rb") as key:
        return key.read(KEY_SIZE_BYTES_MAX)
