"""One-time codes by time (RFC 6238), as every authenticator app makes them: SHA-1, six digits, thirty seconds."""

import base64
import hmac
from datetime import datetime
from urllib.parse import quote

from django.conf import settings

STEP_S = 30
DIGITS = 6
# A phone's clock may be one step off (RFC 6238, 5.2); more would only help who guesses.
STEPS_OFF_MAX = 1
_KEY_BYTES = 20  # as long as the digest (RFC 4226, 4, R6)


def key_of(seed: str) -> bytes:
    """The key of a member of staff: made from the seed in the database and a secret that is not in it."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"one-time codes {seed}".encode(), "sha256")[:_KEY_BYTES]


def code_at(key: bytes, step: int) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of(now: datetime) -> int:
    """The number of the step in which `now` lies."""
    return int(now.timestamp()) // STEP_S


def step_that_fits(seed: str, code: str, now: datetime) -> int | None:
    """The step whose code this is, if it is near `now`. Every step is compared, whatever fits first."""
    key, typed = key_of(seed), "".join(code.split())
    here = step_of(now)
    fitting = None
    for step in range(here - STEPS_OFF_MAX, here + STEPS_OFF_MAX + 1):
        if hmac.compare_digest(code_at(key, step).encode(), typed.encode(errors="replace")):
            fitting = step
    return fitting


def code_now(seed: str, now: datetime) -> str:
    """What the authenticator of this seed shows now."""
    return code_at(key_of(seed), step_of(now))


def key_words(seed: str) -> str:
    """The key as a person types it into an authenticator: base32 in groups of four."""
    text = base64.b32encode(key_of(seed)).decode()
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def key_uri(name: str, seed: str) -> str:
    """The key as an authenticator app opens it (Key Uri Format). The issuer is neutral: a phone is seen by others."""
    return f"otpauth://totp/Desk:{quote(name)}?secret={key_words(seed).replace(' ', '')}&issuer=Desk"
