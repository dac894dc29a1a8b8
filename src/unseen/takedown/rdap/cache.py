"""Keep what was resolved: one small JSON file a site, with the day, so that a registry is asked once a month."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from unseen.takedown.rdap.answers import Contact
from unseen.takedown.rdap.resolve import Resolved

FRESH_DAYS = 30  # sites move between hosts; a month is what registries' own caches take as fresh enough


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of our own; a file that cannot be read counts as absent."""

    folder: Path

    def get(self, site: str, today: date) -> Resolved | None:
        """What was resolved within the last month."""
        found = self.latest(site)
        fresh = found is not None and 0 <= (today - found.resolved_on).days <= FRESH_DAYS
        return found if fresh else None

    def latest(self, site: str) -> Resolved | None:
        """What was resolved last, however long ago."""
        try:
            table = json.loads(self._file(site).read_text("utf-8"))
            found = _resolved(table)
        except (OSError, ValueError, TypeError, KeyError):
            return None
        return found if found.site == site else None

    def put(self, resolved: Resolved) -> None:
        """Store it whole or not at all. Raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self._file(resolved.site)
        half = file.with_suffix(".half")
        table = asdict(resolved) | {"resolved_on": resolved.resolved_on.isoformat()}
        half.write_text(json.dumps(table, ensure_ascii=False, indent=1), "utf-8")
        half.replace(file)

    def _file(self, site: str) -> Path:
        """A site's name is a stranger's text, so no file is called by it."""
        return self.folder / f"{hashlib.sha256(site.encode()).hexdigest()[:32]}.json"


def _resolved(table: dict[str, Any]) -> Resolved:
    """Raises KeyError, TypeError or ValueError for a file of another version or of another hand."""
    values = dict(table)
    for name in ("network_abuse", "registrar_abuse"):
        values[name] = Contact(str(values[name]["name"]), tuple(map(str, values[name]["emails"])))
    for name in ("addresses", "troubles"):
        values[name] = tuple(map(str, values[name]))
    values["resolved_on"] = date.fromisoformat(values["resolved_on"])
    return Resolved(**values)
