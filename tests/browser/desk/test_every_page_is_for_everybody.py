"""Each page of the desk, in both languages and both colour schemes: no finding of axe, and no sideways scrolling at 320 px."""

import pytest

from tests.browser.desk.conftest import LogIn
from tests.browser.for_everybody import findings, too_wide
from unseen.accounts.actions import ask
from unseen.accounts.models import ApprovalKind, Role, Staff
from unseen.casework.models import Item
from unseen.clock import now
from unseen.takedown.models import Notice

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def paths(removed: Item, role: Role) -> list[str]:
    """Every page that this role may open, with something on it."""
    if role is Role.ADMINISTRATOR:
        return ["/staff", "/approvals", "/account"]
    if role is Role.AUDITOR:
        return ["/journal", "/numbers", "/account"]
    form = Notice.objects.get(channel="form")
    asking = Item.objects.filter(question__gt="")[0]
    pages = [
        "/today",
        "/items",
        "/items?stage=all",
        "/platforms",
        "/platforms/prompt",
        "/numbers",
        "/account",
    ]
    pages += [f"/items/{one.pk}" for one in (removed, asking, form.item)]
    pages += [f"/cases/{removed.case.reference}", "/search?q=formy.test", "/search?q=nothing", "/approvals"]
    return [*pages, f"/items/{removed.pk}/preview", f"/items/{form.item_id}/notices/{form.pk}/task"]


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("role", [Role.REVIEWER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_no_page_keeps_anybody_out(
    life: Item, log_in: LogIn, role: Role, colours: str, language: str
) -> None:
    page = log_in(role, locale=language, color_scheme=colours)
    first = Staff.objects.create(username="first", role=Role.ADMINISTRATOR)
    ask(ApprovalKind.CHANGE_ROLE, "first", first, now(), Role.INTAKE)
    found: dict[str, list[str]] = {}
    for path in paths(life, role):
        page.set_viewport_size({"width": 1280, "height": 900})
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.get_attribute("html", "lang") == language
        if troubles := findings(page) + too_wide(page):
            found[path] = troubles
    assert found == {}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_pages_before_the_log_in_keep_nobody_out(log_in: LogIn, language: str) -> None:
    page = log_in(Role.INTAKE, locale=language)
    page.context.clear_cookies()
    for path in ("/log-in", "/begin"):
        page.goto(path)
        assert findings(page) + too_wide(page) == []


def test_a_page_with_a_fault_is_found(life: Item, log_in: LogIn) -> None:
    page = log_in()
    page.goto("/today")
    page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<input><img src=x><p class=w>x</p>')"
    )
    page.evaluate("document.querySelector('.w').style.width = '600px'")
    assert {one.partition(":")[0] for one in findings(page)} >= {"label", "image-alt"}
    assert too_wide(page) != []
