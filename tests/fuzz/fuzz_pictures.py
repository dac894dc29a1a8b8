"""Picture decoders as the child calls them: any bytes give a fingerprint or a FingerprintError."""

from contextlib import suppress
from io import BytesIO
from typing import Any, cast

import atheris

with atheris.instrument_imports(include=["unseen", "PIL"]):
    from unseen.fingerprint import decode_picture
    from unseen.fingerprint.decode import fingerprint_file
    from unseen.fingerprint.model import ANYTHING, FingerprintError

from tests.fuzz.harness import fuzz
from tests.hostile.made import MADE, heic, saved

LENGTH_BYTES_MAX = 30_000
# Larger pictures cost seconds each and teach nothing about reading them.
PIXELS_MAX = 300_000


def one(data: bytes) -> None:
    with suppress(FingerprintError):
        file: Any = cast("Any", BytesIO(data))
        fingerprint_file(file, len(data), ANYTHING)


def main() -> None:
    decode_picture.prepare()
    vars(decode_picture)["PIXELS_MAX"] = PIXELS_MAX
    families = [saved(form) for form in ("JPEG", "PNG", "WEBP", "AVIF", "GIF")]
    families += [saved("JPEG", progressive=True, quality=20), heic()]
    small = (make() for name, make in MADE.items() if "000" not in name and "GB" not in name)
    fuzz(
        "fuzz_pictures",
        [*families, *(data for data in small if len(data) < LENGTH_BYTES_MAX)],
        one,
        LENGTH_BYTES_MAX,
    )


if __name__ == "__main__":
    main()
