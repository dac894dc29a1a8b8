"""A bank's folder in hostile hands: any file of it replaced, also with its checksum mended, gives answers or a BankError."""

import hashlib
import shutil
import tempfile
import zlib
from contextlib import suppress
from pathlib import Path

import atheris
import numpy as np

with atheris.instrument_imports(include=["unseen"]):
    from unseen.fingerprint.model import Frame, ImageFingerprint, VideoFingerprint
    from unseen.matching import BankError, index, labels
    from unseen.matching.files import MANIFEST
    from unseen.matching.labelled import Form, LabelledBank

from tests.fuzz.harness import fuzz

ROWS = 40
LENGTH_BYTES_MAX = 12_000


class Target:
    """A sound bank, one file of which is replaced by what the fuzzer says: the first byte chooses file and mending."""

    def __init__(self, folder: Path) -> None:
        self.sound = folder / "sound"
        self.tried = folder / "tried"
        kept = LabelledBank.open(self.sound)
        values = np.random.default_rng(1).integers(0, 256, (ROWS, 32), np.uint8)
        kept.add(
            [
                (f"label {row}", ImageFingerprint(9, 9, f"{row:064x}", value.tobytes().hex(), 99))
                for row, value in enumerate(values)
            ]
        )
        frames = tuple(Frame(float(at), value.tobytes().hex(), 99) for at, value in enumerate(values[:9]))
        kept.add([("film", VideoFingerprint(9.0, "f" * 64, frames))])
        kept.match([Form("full", values[0].tobytes().hex())])  # makes the index
        self.asked = [Form("full", value.tobytes().hex()) for value in values[:3]]
        self.names = sorted(path.name for path in self.sound.iterdir() if path.stat().st_size)

    def seeds(self) -> list[bytes]:
        plain = [
            bytes([2 * number]) + (self.sound / name).read_bytes() for number, name in enumerate(self.names)
        ]
        return [*plain, *(bytes([seed[0] + 1]) + seed[1:] for seed in plain)]

    def one(self, data: bytes) -> None:
        if not data:
            return
        name = self.names[data[0] // 2 % len(self.names)]
        body = data[1:]
        shutil.rmtree(self.tried, ignore_errors=True)
        shutil.copytree(self.sound, self.tried)
        (self.tried / name).write_bytes(mended(name, body) if data[0] % 2 else body)
        with suppress(BankError):
            kept = LabelledBank.open(self.tried)
            kept.match(self.asked)
            kept.entries()
        with suppress(BankError):
            LabelledBank.open(self.tried).bank.verify()


def mended(name: str, body: bytes) -> bytes:
    """With the checksum that a hostile writer would have put."""
    if name == MANIFEST:
        head = body.rstrip(b"\n").rpartition(b"\n")[0]
        return head + b"\n" + hashlib.sha256(head).hexdigest().encode() + b"\n"
    if name == labels.LABELS:
        lines = [line.rpartition(b"\t")[0] or line for line in body.split(b"\n")]
        return b"".join(line + b"\t%08x\n" % zlib.crc32(line) for line in lines)
    return body


def main() -> None:
    index.INDEX_ROWS_MIN = 16  # so that a small bank has an index to damage
    with tempfile.TemporaryDirectory(prefix="unseen-fuzz-") as folder:
        target = Target(Path(folder))
        fuzz("fuzz_bank", target.seeds(), target.one, LENGTH_BYTES_MAX)


if __name__ == "__main__":
    main()
