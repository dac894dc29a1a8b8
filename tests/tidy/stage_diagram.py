"""Draws docs/stages.md from the table of legal moves: `python -m tests.tidy.stage_diagram` writes it anew."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from unseen.domain.item import MOVES, Event, Stage

PAGE = Path(__file__).parents[2] / "docs" / "stages.md"

# One sentence for each arrow. An arrow without a sentence cannot be drawn.
SENTENCES: Mapping[tuple[Stage, Event], str] = MappingProxyType(
    {
        (
            Stage.RECEIVED,
            Event.MATCHED,
        ): "A fingerprint matches, so a notice may go out without asking anybody.",
        (
            Stage.RECEIVED,
            Event.QUESTIONED,
        ): "We looked and found no match: a person is asked whether the location is right.",
        (
            Stage.RECEIVED,
            Event.SETTLED,
        ): "It is known already (a duplicate), or it is out of reach from the start.",
        (Stage.RECEIVED, Event.WITHDRAWN): "The person withdrew before anything was done.",
        (Stage.REVIEW, Event.MATCHED): "A later look found a match, and no person is needed any more.",
        (Stage.REVIEW, Event.ACCEPTED): "A person said that it is the picture.",
        (Stage.REVIEW, Event.DECLINED): "A person said that it is not ours to act on.",
        (Stage.REVIEW, Event.WITHDRAWN): "The person withdrew while a question was open.",
        (Stage.NOTICE, Event.NOTICED): "The notice was received, provably: its deadline runs.",
        (Stage.NOTICE, Event.ESCALATED): "The notice could not be delivered, so the next rung is written to.",
        (Stage.NOTICE, Event.SETTLED): "It was gone before a notice went out, or no rung could be reached.",
        (Stage.NOTICE, Event.WITHDRAWN): "The person withdrew: what was not sent is not sent.",
        (
            Stage.RECHECK,
            Event.ESCALATED,
        ): "They refused, or the deadline passed and it is still there: the next rung is written to.",
        (Stage.RECHECK, Event.SETTLED): "It is gone and that holds, or every rung was tried.",
        (Stage.RECHECK, Event.WITHDRAWN): "The person withdrew while the deadline ran.",
        (Stage.CLOSED, Event.CAME_BACK): "It had been removed and was seen again: a new round starts.",
        (
            Stage.CLOSED,
            Event.SETTLED,
        ): "It was given up and is gone now after all: a better outcome replaces the first.",
        (Stage.CLOSED, Event.WITHDRAWN): "The person withdrew after closing: we stop watching.",
    }
)

_HEAD = """# The stages of an item

Drawn from `MOVES` in `src/unseen/domain/item.py` by `python -m tests.tidy.stage_diagram`; a test says when it is out of date.
Stages are few. Everything else (matched, replied, overdue, escalated, blocked) is a dated fact.
"""


def page(moves: Mapping[tuple[Stage, Event], Stage], sentences: Mapping[tuple[Stage, Event], str]) -> str:
    """The whole page. Raises KeyError for a move that has no sentence."""
    arrows = [f"    {stage} --> {to}: {event}" for (stage, event), to in moves.items()]
    rows = [
        f"| {stage} | {event} | {to} | {sentences[stage, event]} |" for (stage, event), to in moves.items()
    ]
    diagram = ["```mermaid", "stateDiagram-v2", f"    [*] --> {Stage.RECEIVED}", *arrows, "```"]
    table = ["| from | event | to | when |", "|---|---|---|---|", *rows]
    return "\n".join([_HEAD, *diagram, "", *table]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(MOVES, SENTENCES), encoding="utf-8")
