"""A platform's web form. A person sends it: the channel prepares, and never says that anything went out."""

from datetime import datetime

from unseen.config.options import Options
from unseen.takedown.channels.envelope import (
    CannotTell,
    Envelope,
    LookUpResult,
    Part,
    Preview,
    SendResult,
    Unclear,
)
from unseen.takedown.channels.form.forms import form_for
from unseen.takedown.channels.form.task import Task, task_of


class FormChannel:
    """What happened to a form is known to a person only, so it is unclear until that person says it."""

    def __init__(self, options: Options) -> None:
        self._options = options

    @property
    def remembers(self) -> bool:
        """A person sends it."""
        return False

    def send(self, envelope: Envelope, now: datetime) -> SendResult:
        """Nothing goes out by itself."""
        return Unclear("a form is filled in by a person")

    def look_up(self, envelope: Envelope, now: datetime) -> LookUpResult:
        """Nobody but the person knows."""
        return CannotTell("only the person who filled in the form knows whether it was sent")

    def preview(self, envelope: Envelope) -> Preview:
        """Every field of every filling, as it is to be copied. Raises ValueError for a form's broken file."""
        parts = [Part("Form", envelope.to)]
        task = self.task(envelope)
        for number, filling in enumerate(task.fillings, start=1):
            before = f"{number} of {len(task.fillings)}: " if len(task.fillings) > 1 else ""
            parts += [Part(f"{before}{field.label}", field.value, copied=True) for field in filling]
        return Preview(tuple(parts))

    def task(self, envelope: Envelope) -> Task:
        """The prepared task. Raises ValueError for a form's broken file."""
        return task_of(envelope, form_for(envelope.addressee, self._options.directory), self._options)
