"""What keeps somebody out of a page: findings of axe, and what makes a page of 320 px scroll sideways."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "axe.min.js").read_text(encoding="utf-8")
NARROWEST = {"width": 320, "height": 640}


def findings(page: Page) -> list[str]:
    """What axe finds: the rule and the element. `page.evaluate` passes by the policy that forbids foreign scripts."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate(
        "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
    )
    return [f"{one['id']}: {node['html'][:160]}" for one in result["violations"] for node in one["nodes"]]


def too_wide(page: Page) -> list[str]:
    """The elements that make a page of 320 px scroll sideways. The page stays as narrow."""
    page.set_viewport_size(NARROWEST)  # type: ignore[arg-type] # the shape that it wants
    script = """() => document.documentElement.scrollWidth <= innerWidth ? [] :
        [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
        .map((one) => one.outerHTML.slice(0, 120))"""
    wide: list[str] = page.evaluate(script)
    return wide
