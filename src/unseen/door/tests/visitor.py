"""A reporter's browser without JavaScript: reads the form of a page, answers it, sends it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from unseen.intake.receipts import Receipt, read_receipt


@dataclass
class Page(HTMLParser):
    """What a page holds that tests ask for."""

    html: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    title: str = ""
    _in_words: bool = False
    _in_title: bool = False
    _list: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append((tag, values))
        is_set = values.get("type") == "hidden" or "checked" in values
        if tag == "input" and is_set and "name" in values:
            self.fields.setdefault(values["name"], []).append(values.get("value", "on"))
        if tag in ("ol", "ul"):
            self._list = values.get("class", "")
        self._in_words = tag == "li" and self._list == "words"
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._in_words = self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        if self._in_words:
            self.words.append(data.strip())


@dataclass
class Visitor:
    """Walks through the door in one language."""

    language: str = "en"
    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    page: Page = field(default_factory=lambda: Page(""))
    answer: Any = None

    def get(self, path: str) -> Page:
        """Open a page of the door."""
        return self._took(self.client.get(f"/{self.language}/door{path}"))

    def post(self, path: str, **answers: Any) -> Page:
        """Send the form of this page with these answers; what is hidden in it goes along."""
        hidden = {name: values[-1] for name, values in self.page.fields.items() if name in ("state", "step")}
        return self._took(self.client.post(f"/{self.language}/door{path}", {**hidden, **answers}))

    def go(self, **answers: Any) -> Page:
        """Answer a question of the report."""
        return self.post("/report", **{"go": "next", **answers})

    def report(
        self, pasted: str = "https://platform.test/p/1", *, age: str = "adult", pin: str = "", **consents: str
    ) -> Receipt:
        """The whole way of a report; the receipt that the last page shows."""
        self.get("")
        self.post("/report", who="me")
        self.go(age=age)
        self.go()
        self.go(pasted=pasted)
        self.go(keep=self.page.fields.get("keep", []))
        self.go(**consents)
        self.go(pin=pin)
        receipt = read_receipt(" ".join(self.page.words))
        assert receipt is not None, self.page.html
        return receipt

    def come_back(self, receipt: Receipt, pin: str = "") -> Page:
        """Type the receipt, in words."""
        self.get("/receipt")
        return self.post("/case", receipt=" ".join(receipt.words(self.language)), pin=pin)

    def _took(self, answer: Any) -> Page:
        self.answer = answer
        self.page = Page(answer.content.decode(errors="replace"))
        return self.page
