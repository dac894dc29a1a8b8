"""The packet on paper: PDF by typst from our own template, with the font that ships. PDF/A-2b where that font has every
character. Nothing is fetched.

Text of the notice goes in as data (`sys_inputs`), so that no character of it is markup.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typst

from unseen.domain.notice import Rung
from unseen.takedown.texts import packet_words

FOLDER = Path(__file__).parent
TEMPLATE = FOLDER / "packet.typ"
FONTS = FOLDER / "fonts"
PDF_SIZE_BYTES_MAX = 8_000_000  # two thousand locations have 0.5 MB; many mail servers refuse more than 10 MB


class CannotPrint(ValueError):
    """The PDF could not be made; the message says what to do."""


def pdf_of(packet: dict[str, Any], made_at: datetime) -> bytes:
    """The packet as PDF, the same bytes for the same packet. Raises CannotPrint."""
    day = made_at.astimezone(UTC)
    words = packet_words(packet["language"])
    shown = {
        **packet,
        "made_on": [day.year, day.month, day.day],
        "made_at": _time(packet["made_at"]),
        "words": words,
        "record": [_row(one, words) for one in packet["record"]],
    }
    try:
        # A character that the font lacks breaks the archive's standard and no notice: it is then shown as a box, and
        # the text of the mail and the JSON hold it.
        pdf = _compiled(shown, day, archive=True) or _compiled(shown, day, archive=False)
    except RuntimeError as error:
        raise CannotPrint(f"the PDF of the packet could not be made: {error}") from error
    if pdf is None or len(pdf) > PDF_SIZE_BYTES_MAX:
        raise CannotPrint(
            "the PDF of the packet cannot be made or is too large for a mail: name fewer locations"
        )
    return pdf


def _compiled(shown: dict[str, Any], at: datetime, *, archive: bool) -> bytes | None:
    try:
        pdf = typst.compile(
            TEMPLATE,
            root=FOLDER,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"packet": json.dumps(shown)},
            pdf_standards=["a-2b" if archive else "1.7"],
            timestamp=int(at.timestamp()),
        )
    except typst.TypstError:
        return None
    assert isinstance(pdf, bytes), "one PDF, for no file was named"
    return pdf


def _row(one: dict[str, Any], words: dict[str, str]) -> dict[str, str]:
    times = {name: _time(one[name]) for name in ("sent_at", "received_at", "deadline_at")}
    rung = words.get(f"rung_{one['rung']}") or Rung(one["rung"]).words
    return {"rung_words": rung, "addressee": one["addressee"], **times}


def _time(text: str | None) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M} UTC" if text else "-"
