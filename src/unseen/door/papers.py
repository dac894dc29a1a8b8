"""Papers as PDF, made by typst from our own templates with the font that ships; text goes in as data, never as markup."""

import functools
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst
from django.conf import settings
from django.utils.translation import gettext as _

from unseen.door.help import help_pages, helplines
from unseen.door.page import language
from unseen.door.status import status_of
from unseen.intake.models import Report
from unseen.takedown.channels.packet.pdf import FONTS

_FOLDER = Path(__file__).parent / "papers"


class CannotPrint(ValueError):
    """The PDF could not be made; the message says why."""


def police_paper(report: Report, now: datetime) -> bytes:
    """What we know about a report, for the police: places, requests, looks. No name, for we know none. Raises CannotPrint."""
    status = status_of(report)
    return _compiled(
        "police.typ",
        {
            "language": language(),
            "title": _("What was reported, and what was done"),
            "facts": [
                [_("Report received"), f"{report.received_at:%Y-%m-%d %H:%M} UTC"],
                [_("Centre"), settings.UNSEEN.organisation or "-"],
                [_("Contact"), settings.UNSEEN.organisation_email or "-"],
                [
                    _("Pictures and videos"),
                    _("%(count)s, known by fingerprints only") % {"count": report.materials.count()},
                ],
                [_("Printed"), f"{now:%Y-%m-%d %H:%M} UTC"],
            ],
            "places": [
                {"location": one.location, "headline": one.headline, "lines": list(one.lines)}
                for one in status.places
            ],
            "foot": _(
                "The centre never had the picture. It keeps the requests with their proof, and hands them over when the law asks for them."
            ),
        },
    )


@functools.lru_cache(maxsize=4)
def school_pack(language: str) -> bytes:
    """The pages of help as one paper; made once and kept. Raises CannotPrint."""
    return _compiled(
        "pack.typ",
        {
            "language": language,
            "title": _("When a picture of somebody goes round"),
            "lead": _("For pupils, parents and teachers. May be copied and handed out."),
            "call": _("Who to call"),
            "pages": [
                {
                    "title": page.title,
                    "lead": page.lead,
                    "sections": [
                        {"heading": one.heading, "text": one.text, "points": one.points}
                        for one in page.sections
                    ],
                }
                for page in help_pages(language).values()
            ],
            "helplines": [[one.name, one.number, one.hours] for one in helplines(language)],
        },
    )


def _compiled(template: str, facts: dict[str, Any]) -> bytes:
    try:
        pdf = typst.compile(
            _FOLDER / template,
            root=_FOLDER,
            font_paths=[FONTS],
            ignore_system_fonts=True,
            sys_inputs={"facts": json.dumps(facts)},
        )
    except typst.TypstError as error:
        raise CannotPrint(f"the paper could not be made: {error}") from error
    assert isinstance(pdf, bytes), "one PDF, for no file was named"
    return pdf
