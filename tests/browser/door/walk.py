"""A reporter's way through the door in a browser: each page as it stands before it is answered, with its name.

Pages have a base address that names a language, such as http://localhost:8000/ko/.
"""

from collections.abc import Iterator

from playwright.sync_api import Page

PASTED = (
    "look what they posted!! https://platform.test/p/1?from=chat and t.me/somegroup/31 "
    "also www.forum.test/thread/2024/a-rather-long-name-of-a-thread-that-goes-on-and-on @somebody"
)
HELP = ("now", "did-it", "parents", "teachers")
NEXT = "button[value=next]"


def of_a_report(page: Page, age: str = "adult", who: str = "me") -> Iterator[str]:
    """From the start to the receipt, with everything answered."""
    page.goto("door")
    yield "start"
    _go(page, f"button[value={who}]")
    yield "age"
    page.check(f"input[value={age}]")
    _go(page)
    yield "pictures"
    _go(page)
    yield "places"
    page.fill("#pasted", PASTED)
    _go(page)
    yield "found"
    _go(page)
    yield "consent"
    page.check("input[name=may_share]")
    page.check("input[name=may_watch]")
    _go(page)
    yield "check"
    _go(page)
    yield "receipt"


def _go(page: Page, button: str = NEXT, status: int = 200) -> None:
    with page.expect_navigation() as coming:
        page.click(button)
    answer = coming.value
    assert answer is not None
    assert answer.status == status, (button, page.url)


def of_a_refusal(page: Page) -> Iterator[str]:
    """What stands there when an answer cannot be taken: a short PIN, a wrong receipt, a page that closed, too much at once."""
    for name in of_a_report(page):
        if name == "check":
            break
    page.click("summary")
    page.fill("#pin", "1")
    _go(page, NEXT, 422)
    yield "short PIN"
    page.context.clear_cookies()
    _go(page, NEXT, 410)
    yield "closed"
    page.goto("door/receipt")
    page.fill("#receipt", "three words only")
    _go(page, ".go button", 422)
    yield "wrong receipt"
    for name in of_a_report(page):
        if name == "places":
            break
    page.evaluate("document.querySelector('#pasted').maxLength = 3e6")
    page.evaluate("document.querySelector('#pasted').value = 'x'.repeat(22e5)")
    _go(page, NEXT, 413)
    yield "too big"


def of_a_case(page: Page, receipt: str) -> Iterator[str]:
    """Coming back: status, a message, consents, stopping in two steps, and how it looks afterwards."""
    page.goto("door/receipt")
    yield "come back"
    _open(page, receipt)
    yield "case"
    page.fill("#text", "Thank you.\nI am glad.")
    _go(page, "button[value=say]")
    yield "message sent"
    page.check("input[name=may_tell_police]")
    _go(page, "button[value=consent]")
    yield "consents kept"
    _go(page, "button[value=stop]")
    yield "stop?"
    _go(page, "button[value=stop-sure]")
    yield "stopped"
    page.goto("door/receipt")
    _open(page, receipt)
    yield "case after stopping"


def _open(page: Page, receipt: str) -> None:
    page.fill("#receipt", receipt)
    _go(page, ".go button")


def of_help(page: Page) -> Iterator[str]:
    """Pages without a question."""
    for key in HELP:
        page.goto(f"door/help/{key}")
        yield f"help {key}"
    page.goto("door/away")
    yield "away"
    page.goto("/verify")
    yield "verify"
    page.fill("#number", "ABCD-EFGH-JK")
    _go(page, "button")
    yield "verify, not ours"
