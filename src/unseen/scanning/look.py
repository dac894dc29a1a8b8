"""One file of a scan: fingerprint it, look for it in the bank, and say what its line says."""

from typing import Any

from unseen.fingerprint import Ask, DecoderPool, FingerprintError, Source
from unseen.matching.labelled import LabelledBank
from unseen.matching.level import Level

Facts = dict[str, Any]
"""{"matches": [...]}, perhaps empty, or {"error": {"code", "message"}}: what a line says beside naming its file."""


class Looker:
    """Looks at one file after another, from any number of threads. Raises BankError where the bank lacks the level."""

    def __init__(self, kept: LabelledBank, level: Level, pool: DecoderPool) -> None:
        self.pool = pool
        self._ask = Ask(forms=level.forms)
        self._found = kept.matcher(level)

    def look(self, source: Source) -> Facts:
        """The facts of one file; a file that cannot be read is a fact too. Raises BankError, ChildDidNotStart."""
        try:
            matches = self.pool.examine(source, self._found, self._ask)
        except FingerprintError as error:
            return {"error": error.facts()}
        return {"matches": [match.facts() for match in matches]}
