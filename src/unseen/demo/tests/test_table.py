import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

from unseen.demo.result import DemoResult, Proof, Saw
from unseen.demo.table import print_table
from unseen.demo.tests.sample import VANTAGES, all_failed, liar, sample
from unseen.demo.tests.test_page import hostile


def printed(told: DemoResult, columns: int, *, encoding: str = "utf-8", terminal: bool = False) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    print_table(told, Console(file=file, width=columns, force_terminal=terminal))
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("columns", [80, 100, 120, 140, 200])
def test_nothing_is_cut_at_any_width(columns: int) -> None:
    text = printed(sample(), columns)
    assert "…" not in text
    assert max(map(len, text.splitlines())) <= columns
    words = " ".join(text.split())
    for item in sample().items:
        assert re.search(rf"(^|\n)\s*#?{item.number}\s", text), item.number
        assert item.platform.split()[0] in words
    assert words.count("✓ removed") == 19
    assert words.count("◐ blocked only") == 5
    assert words.count("- withdrawn") == 2
    assert words.count("✓ held") == 10
    assert all(vantage in words for vantage in VANTAGES)
    assert words.endswith("All ten promises held.")


@pytest.mark.parametrize("columns", [80, 140, 200])
def test_a_word_that_is_too_long_goes_on_in_the_next_line(columns: int) -> None:
    told, word = sample(), "x" * 150 + "y"
    proof = Proof((Saw("v" * 99 + "w", "KR", "gone", is_proof=True),), 9.0, 1.0, 9.0, "gone", proven=True)
    item = replace(told.items[0], platform=word, location=word, proof=proof)
    text = "".join(printed(replace(told, items=(item,)), columns).split())
    assert text.count("x") >= 150
    assert "y" in text
    assert text.count("v") >= 99


@pytest.mark.parametrize("columns", [80, 140])
def test_the_liar_is_named_and_the_verdict_comes_last(columns: int) -> None:
    words = " ".join(printed(liar(), columns).split())
    assert "✕ BROKEN" in words
    assert "told to lie: soft404" in words
    assert "Promise 5 is broken: Unknown never counts as gone" in words
    assert "2 are called removed, but still served." in words
    assert words.endswith("One promise is broken.")


def test_a_run_that_failed_says_so() -> None:
    assert printed(all_failed(), 100).split("\n")[-2] == "Ten promises are broken."


def test_a_pipe_gets_no_control_codes() -> None:
    assert "\x1b" not in printed(sample(), 140)
    assert "\x1b" in printed(sample(), 140, terminal=True)


def test_an_ascii_pipe_gets_ascii_and_no_error() -> None:
    told = sample()
    item = replace(told.items[0], platform="사진")
    words = printed(replace(told, items=(item, *told.items[1:])), 80, encoding="ascii")
    assert "+ removed" in words
    assert "+ held" in words


@pytest.mark.parametrize("columns", [80, 140])
def test_hostile_text_neither_steers_the_terminal_nor_is_read_as_markup(columns: int) -> None:
    told = hostile()
    item = replace(told.items[0], platform="[bold]x[/bold]\x1b]0;title\x07\r\nnext")
    text = printed(replace(told, items=(item,)), columns)
    assert "[bold]x[/bold]" in "".join(text.split()).replace("[bold]x[/bold]]0;", "[bold]x[/bold]")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e]", text)


@pytest.mark.parametrize("columns", [80, 120, 200])
def test_each_item_shows_its_law_its_route_and_its_proof(columns: int) -> None:
    told = sample()
    removed, blocked = told.items[0], told.items[6]
    words = " ".join(printed(replace(told, items=(removed,)), columns).split())
    for said in ("TAKE IT DOWN Act (USA)", "48 hours, by law", "first notice, their notice service: removed"):
        assert all(word in words for word in said.split()), said
    assert "first on day 0.4" in words
    words = " ".join(printed(replace(told, items=(blocked,)), columns).split())
    assert "not proven" in words
    assert "our own target" in words
    assert words.count("removal") >= 4


def test_nothing_is_claimed_of_an_item_that_nobody_looked_at() -> None:
    item = replace(sample().items[0], proof=None, routes=())
    words = " ".join(printed(replace(sample(), items=(item,)), 100).split())
    assert "not proven: nobody looked" in words
    assert "no notice, so no law" in words
