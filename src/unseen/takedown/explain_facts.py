"""What the words of a life refer to: the item, its notices, and the names of parties and laws."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from unseen.casework.models import Item
from unseen.takedown.directory.directory import Directory, UnknownName
from unseen.takedown.models import Notice


@dataclass(frozen=True, slots=True)
class Known:
    """What the entries of one item refer to. `countries`: where each vantage that ever looked at it stands."""

    item: Item
    notices: Mapping[str, Notice]
    directory: Directory
    countries: Mapping[str, str]

    def notice(self, data: Mapping[str, Any]) -> Notice | None:
        """The notice that an entry names."""
        return self.notices.get(str(data.get("notice", "")))

    def name(self, party_key: str) -> str:
        """The directory's name of a party, or its key when its file is gone."""
        try:
            return self.directory.party(party_key).name
        except UnknownName:
            return party_key

    def law(self, law_id: str) -> str:
        """The law as people write it, or its id when its file is gone."""
        law = self.directory.laws.get(law_id)
        return law.name if law else law_id


def time_words(at: datetime) -> str:
    """A time as the desk writes it, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def hours_words(notice: Notice) -> str:
    """How long they have, and whose hours these are."""
    if notice.deadline_at is None or notice.received_at is None:
        return "no deadline"
    hours = round((notice.deadline_at - notice.received_at).total_seconds() / 3600)
    return f"{hours} hours{' by law' if notice.deadline_is_statutory else ', our own target'}"


def deadline_words(notice: Notice, known: Known) -> str:
    """The same with its source: `48 hours by law (TAKE IT DOWN Act, version of 2026-11-22)`."""
    source = f"({known.law(notice.deadline_law)}, version of {notice.deadline_law_version})"
    law = known.directory.laws.get(notice.deadline_law)
    if notice.deadline_is_statutory or notice.deadline_at is None:
        reason = source
    elif notice.deadline_ladder_version:
        reason = f"set for a notice of this kind (ladder of {notice.deadline_ladder_version})"
    elif law is not None and law.binding:
        reason = f"because the law names no hours {source}"
    else:
        reason = f"because no law binds them to a time {source}"
    comma = "" if notice.deadline_is_statutory else ","
    return f"{hours_words(notice)}{comma} {reason}"
