import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unseen.domain.report import BadReport, check_report
from unseen.intake.parsing import read_report
from unseen.intake.tests.reports import PAGE, PORTS, said

pytestmark = pytest.mark.thorough

often = settings(max_examples=150, deadline=None)
anything: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=80)
    | st.sampled_from([PAGE, "5a" * 32]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def near(good: object) -> st.SearchStrategy[Any]:
    """The good value with any part of it replaced by anything."""
    if isinstance(good, dict):
        return st.fixed_dictionaries({key: near(value) for key, value in good.items()}) | anything
    if isinstance(good, list):
        return st.tuples(*(near(value) for value in good)).map(list) | anything
    return st.one_of(st.just(good), st.just(good), anything)


def read_or_refuse(body: bytes) -> None:
    try:
        draft, may_share = read_report(body, PORTS)
    except BadReport as refused:
        str(refused).encode()
        return
    assert check_report(draft) == draft
    assert may_share in (True, False)


@often
@given(
    near(
        {
            **said(),
            "materials": [
                *said()["materials"],
                {"kind": "video", "frames": [{"pdq": "5a" * 32, "quality": 90, "at_s": 1.5}]},
            ],
        }
    )
)
def test_of_a_report_with_any_part_replaced(data: object) -> None:
    read_or_refuse(json.dumps(data).encode())


@often
@given(anything)
def test_of_any_json(data: object) -> None:
    read_or_refuse(json.dumps(data).encode())


@often
@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:\\u0dea19.-+eE ').map(str.encode))
def test_of_any_bytes(body: bytes) -> None:
    with suppress(BadReport):
        read_report(body, PORTS)
