import os
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from unseen.demo.page import TEMPLATES, render_page
from unseen.demo.result import CurvePoint, DemoResult, ItemResult, Route, Step
from unseen.demo.tests.sample import VANTAGES, all_failed, liar, sample

pytestmark = pytest.mark.thorough

VOID = {"meta", "link", "br", "img", "hr", "input"}
HOSTILE = '</title></style><script>alert(1)</script><img src=x onerror="a()">&"\'{{ 7|add:1 }}\x1b[31m\u202e'
SIZE_BYTES_MAX = 300_000


class Reader(HTMLParser):
    """Checks nesting and keeps what a test asks for."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words.append(data.strip())

    @property
    def text(self) -> str:
        return " ".join(filter(None, self.words))


@pytest.fixture(scope="module")
def page() -> str:
    return render_page(sample())


def test_every_item_platform_and_promise_is_on_the_page(page: str) -> None:
    text, told = Reader(page).text, sample()
    assert all(item.platform in text and item.location in text for item in told.items)
    assert all(verdict.words.replace("`", "") in text for verdict in told.verdicts)
    assert all(vantage in text for vantage in VANTAGES)
    assert text.count("blocked only") >= 5
    assert "All ten promises held." in text
    assert "Of 26 items on 14 platforms, 19 are removed for everybody, 5 are blocked" in text


@pytest.mark.parametrize("told", [sample(), liar(), all_failed()], ids=["sample", "liar", "all failed"])
def test_tags_nest_ids_are_unique_and_the_file_is_small(told: DemoResult) -> None:
    page = render_page(told)
    reader = Reader(page)
    assert (reader.wrong, reader.open) == ([], [])
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {str(attributes["href"])[1:] for tag, attributes in reader.tags if tag == "a"}
    assert targets <= set(ids)
    assert len(page.encode()) < SIZE_BYTES_MAX


def test_headings_go_down_one_step_at_a_time(page: str) -> None:
    levels = [int(tag[1]) for tag, _ in Reader(page).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_nothing_is_asked_of_any_network(page: str) -> None:
    for tag, attributes in Reader(page).tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "base", "image", "use"}
        assert not {"src", "srcset", "xlink:href", "style"} & set(attributes)
        assert str(attributes.get("href", "#")).startswith("#")
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"url\((?!#)|@import|https?:", page)
    assert "default-src 'none'" in page


def test_a_broken_promise_is_said_before_anything_else() -> None:
    text = Reader(render_page(liar())).text
    assert "All ten promises held." not in text
    verdict, evidence = (
        text.index("One promise is broken."),
        text.index("strangers in DE, KR and US still get"),
    )
    assert verdict < evidence < text.index("Removal over time")
    assert "2 are called removed, but still served." in text
    assert text.count("called removed, but still served") >= 3
    assert "In this run soft404 was told to lie" in text
    assert text.count("Told to lie in this run.") == 1


def test_a_run_that_failed_says_so() -> None:
    text = Reader(render_page(all_failed())).text
    assert "Ten promises are broken." in text
    assert "none is removed for everybody and 26 are still open" in text


def test_a_run_that_nobody_judged_is_not_called_good() -> None:
    text = Reader(render_page(replace(sample(), verdicts=(), items=(), curve=()))).text
    assert "No judge has spoken." in text
    assert "held." not in text


def test_hostile_text_is_only_text() -> None:
    page = render_page(hostile())
    reader = Reader(page)
    assert (reader.wrong, reader.open) == ([], [])
    assert not {tag for tag, _ in reader.tags} & {"script", "img"}
    assert not any("onerror" in attributes for _, attributes in reader.tags)
    assert "alert(1)" in reader.text
    assert "{{ 7|add:1 }}" in reader.text
    assert "\x1b" not in page
    assert "\u202e" not in page


def hostile() -> DemoResult:
    """Every field that holds words holds the worst of them."""
    told = sample()
    route = Route(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1.0, 2.0, HOSTILE)
    item = replace(
        told.items[0],
        platform=HOSTILE,
        location=HOSTILE,
        found_by=HOSTILE,
        how=HOSTILE,
        routes=(route,),
        steps=(Step(1.0, HOSTILE), Step(2.0, f"recheck: {HOSTILE}")),
        findings={HOSTILE: HOSTILE},
        stage=HOSTILE,
        outcome=HOSTILE,
        still_served=(HOSTILE,),
    )
    verdict = replace(told.verdicts[0], words=HOSTILE, evidence=HOSTILE, holds=False)
    return replace(told, items=(item,), verdicts=(verdict,), liars=(HOSTILE,))


def test_a_copy_without_an_item_is_said() -> None:
    told = sample()
    curve = (*told.curve, CurvePoint(told.simulated_hours, 9, 0))
    assert "Two copies still served have no item" in Reader(render_page(replace(told, curve=curve))).text
    assert "have no item" not in Reader(render_page(told)).text


def test_a_location_is_never_made_clickable() -> None:
    item: ItemResult = replace(sample().items[0], location="http://prompt.test/p/1")
    reader = Reader(render_page(replace(sample(), items=(item,))))
    assert "http://prompt.test/p/1" in reader.text
    assert all(str(attributes["href"]).startswith("#") for tag, attributes in reader.tags if tag == "a")


@pytest.mark.parametrize("dark", [False, True])
def test_colours_have_the_contrast_that_wcag_aa_wants(dark: bool) -> None:
    style = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    roots = re.findall(r":root \{(.*?)\}", style, flags=re.DOTALL)
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", roots[dark]))
    for ground in ("paper", "still-tint"):
        for words in ("ink", "soft", "still", "accent"):
            assert contrast(colours[words], colours[ground]) >= 4.5, (words, ground)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2: (lighter + 0.05) / (darker + 0.05)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_table_and_page_are_made_where_no_settings_are_read() -> None:
    """`unseen demo` prints them in the process that has only started others."""
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    made = "import unseen.demo.page, unseen.demo.table"
    subprocess.run([sys.executable, "-c", made], env=bare, check=True)
