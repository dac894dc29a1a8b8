"""What the upload doors did, in words and signs: the same in the terminal and on the page."""

from collections.abc import Iterator
from dataclasses import dataclass

from unseen.demo.page_words import Sign, Tone, counted, listed, plain, spelled
from unseen.demo.result import DemoResult


@dataclass(frozen=True, slots=True)
class UploadRow:
    """One platform's upload door: what became of each kind of picture before the withdrawal and after it."""

    platform: str
    signs: tuple[Sign, ...]  # in the order of UPLOAD_COLUMNS


_FORMS = {"re-encode": "re-encoded", "mirror": "mirrored", "crop": "cropped"}
UPLOAD_COLUMNS = (
    ("second", False, "the withdrawn picture, before"),
    ("second", True, "and after"),
    ("first", False, "the picture that stays, before"),
    ("first", True, "and after"),
    ("nobody's", True, "an unrelated picture"),
)


def upload_rows(result: DemoResult) -> list[UploadRow]:
    """How the upload doors answered: a row a platform."""
    platforms = dict.fromkeys(one.platform for one in result.uploads)
    return [UploadRow(plain(platform), tuple(_upload_signs(result, platform))) for platform in platforms]


def upload_words(result: DemoResult) -> str:
    """What was brought to the upload doors."""
    forms = list(dict.fromkeys(_FORMS.get(one.edit, spelled(one.edit)) for one in result.uploads))
    return (
        f"Each picture was brought in {counted(len(forms), 'form')} ({listed(forms)}) to platforms that follow our feed with a "
        "replica: just before the withdrawal, and two minutes after it."
    )


def _upload_signs(result: DemoResult, platform: str) -> Iterator[Sign]:
    for whose, after, _ in UPLOAD_COLUMNS:
        tries = [
            one
            for one in result.uploads
            if (one.platform, one.whose, one.after_withdrawal) == (platform, whose, after)
        ]
        refused = sum(one.refused for one in tries)
        words = f"{refused} of {len(tries)} turned away"
        right = all(one.refused is one.rightly for one in tries)
        yield Sign("✓", words, Tone.GOOD, "+") if right else Sign("✕", words, Tone.BAD, "x")
