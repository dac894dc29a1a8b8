"""Turn the data file of the ladder into its rules; every fault becomes a problem."""

from pathlib import Path

from unseen.domain.ladder import Need, Role, RungRule
from unseen.domain.notice import Rung
from unseen.takedown.directory.fields import Fields, read_toml
from unseen.takedown.directory.problems import Problem

_ANSWER_HOURS_MOST = 24 * 90
_NOTICES_MOST = len(Rung)


def read_ladder(file: Path, problems: list[Problem]) -> tuple[RungRule, ...]:
    """The rules of one file, in its order: each rung once."""
    table = read_toml(file, problems)
    if table is None:
        return ()
    fields = Fields(file, table, problems)
    version = fields.text("version")
    fields.text("source")
    fields.day("checked_on")
    rules = tuple(
        _rule(fields.nested(f"rungs[{number}]", one), version)
        for number, one in enumerate(fields.tables("rungs"), start=1)
    )
    fields.finish()
    found = [rule.rung for rule in rules]
    if sorted(found) != sorted(Rung):
        missing = ", ".join(rung for rung in Rung if rung not in found) or "none is missing"
        cure = (
            f"write each rung once; a rung that nobody shall climb gets a high notices_before_min ({missing})"
        )
        fields.bad("rungs", "does not name every rung exactly once", cure)
    return rules


def _rule(fields: Fields, version: str) -> RungRule:
    needs = fields.texts("needs", ())
    rule = RungRule(
        rung=fields.choice("rung", Rung, Rung.PLATFORM),
        asks=fields.choice("asks", Role, Role.PLATFORM),
        needs=frozenset(fields.choices_of("needs", needs, Need, Need.SEEN)),
        notices_before_min=fields.count("notices_before_min", _NOTICES_MOST) or 0,
        answer_hours_max=fields.count("answer_hours_max", _ANSWER_HOURS_MOST),
        why=fields.text("why"),
        version=version,
    )
    fields.finish()
    return rule
