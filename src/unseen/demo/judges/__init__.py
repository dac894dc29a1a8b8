"""The ten judges, a file each. They believe the small internet and the raw tables, never the engine's own opinion."""

from types import ModuleType

from unseen.demo.judges import (
    promise_01,
    promise_02,
    promise_03,
    promise_04,
    promise_05,
    promise_06,
    promise_07,
    promise_08,
    promise_09,
    promise_10,
)
from unseen.demo.judges.evidence import Evidence
from unseen.demo.result import Verdict

_MODULES = (
    promise_01,
    promise_02,
    promise_03,
    promise_04,
    promise_05,
    promise_06,
    promise_07,
    promise_08,
    promise_09,
    promise_10,
)
_FAULTS_SHOWN = 4


def judge(evidence: Evidence) -> tuple[Verdict, ...]:
    """One verdict a promise, in order. The words of a promise are its judge's docstring."""
    return tuple(_verdict(number, module, evidence) for number, module in enumerate(_MODULES, start=1))


def _verdict(number: int, module: ModuleType, evidence: Evidence) -> Verdict:
    faults, seen = module.judge(evidence)
    more = f" (and {len(faults) - _FAULTS_SHOWN} more)" if len(faults) > _FAULTS_SHOWN else ""
    text = "; ".join(faults[:_FAULTS_SHOWN]) + more
    return Verdict(number, str(module.__doc__), not faults, text or seen)
