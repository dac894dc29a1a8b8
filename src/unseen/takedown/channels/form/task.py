"""A form as a prepared task: what a person copies into which field, and how often the form has to be filled in."""

from dataclasses import dataclass

from unseen.config.options import Options
from unseen.domain.batch import Limits, fills
from unseen.takedown.channels.envelope import Envelope
from unseen.takedown.channels.form.forms import Form
from unseen.takedown.texts import Nature, statement


@dataclass(frozen=True, slots=True)
class Filled:
    """One field with its value. `too_long_by` above 0: the form takes fewer characters, and a person shortens it."""

    label: str
    value: str
    note: str = ""
    too_long_by: int = 0

    @property
    def lines(self) -> int:
        """How many lines show it whole, within reason."""
        return min(12, self.value.count("\n") + 1 + len(self.value) // 90)


@dataclass(frozen=True, slots=True)
class Task:
    """One form, filled in once or more often: every location stands in exactly one filling."""

    where: str
    form: Form
    fillings: tuple[tuple[Filled, ...], ...]


def task_of(envelope: Envelope, form: Form, options: Options) -> Task:
    """The task for a notice. Nothing is cut: what does not fit is split over fillings, or named as too long."""
    parts = fills(envelope.locations, _limits_of(envelope.limits, form))
    return Task(envelope.to, form, tuple(_filling(envelope, form, options, part) for part in parts))


def _limits_of(limits: Limits, form: Form) -> Limits:
    """The channel's limits, or a smaller one of the field that takes the list."""
    rooms = [
        field.characters_max for field in form.fields if field.value == "{locations}" and field.characters_max
    ]
    room = min([*rooms, *([limits.text_characters_max] if limits.text_characters_max else [])], default=None)
    return Limits(limits.locations_per_notice_max, None, room, limits.one_host_per_notice)


def _filling(
    envelope: Envelope, form: Form, options: Options, locations: tuple[str, ...]
) -> tuple[Filled, ...]:
    parts = {
        "organisation": options.organisation,
        "contact_email": options.organisation_email,
        "signatory": options.signatory or options.organisation,
        "locations": "\n".join(locations),
        "reasons": statement(Nature.UNKNOWN, envelope.language),
        "subject": envelope.subject,
        "text": envelope.body,
        "reference": envelope.reference,
        "laws": ", ".join(_law_names(envelope)),
    }
    filled = []
    for field in form.fields:
        value = field.value.format_map(parts)
        over = len(value) - field.characters_max if field.characters_max else 0
        filled.append(Filled(field.label, value, field.note, max(0, over)))
    return tuple(filled)


def _law_names(envelope: Envelope) -> list[str]:
    named = envelope.particulars.get("laws")
    return [str(law["citation"]) for law in named] if named else list(envelope.laws)
