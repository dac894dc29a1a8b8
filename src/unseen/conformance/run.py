"""Run the cases against one consumer."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from unseen.conformance.bench import Broken, NotHere, bench
from unseen.conformance.cases import CASES
from unseen.conformance.consumer import Consumer, ConsumerError


@dataclass(frozen=True, slots=True)
class Result:
    """Of one case: held, broken, or not made with this consumer."""

    case: str
    rule: str  # what a consumer must do
    held: bool | None
    why: str = ""


def run(consumer: Consumer, cases: Iterable[str] = CASES, host: str = "127.0.0.1") -> Iterator[Result]:
    """Each case with a feed and a folder of its own; a broken one does not end the others."""
    for name in cases:
        case = CASES[name]
        rule = " ".join((case.__doc__ or "").split())
        try:
            with bench(consumer, host) as one:
                case(one)
        except NotHere as error:
            yield Result(name, rule, None, str(error))
        except (Broken, ConsumerError) as error:
            yield Result(name, rule, False, str(error))
        else:
            yield Result(name, rule, True)
