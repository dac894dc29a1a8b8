"""XML from a stranger: no document type, so no entities and nothing loaded from outside; bounded depth, count and size."""

from dataclasses import dataclass, field
from xml.parsers import expat

from unseen.exchange.peers.record import PeerTrouble

SIZE_BYTES_MAX = 16_000_000  # a page of 1,000 entries with nine fingerprints each has 5
DEPTH_MAX = 16  # the deepest of NCMEC's answers has 7
ELEMENTS_MAX = 200_000


@dataclass(slots=True)
class Element:
    """A tag without its namespace, its attributes, its own text and what lies in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def child(self, tag: str) -> "Element | None":
        """The first of that name."""
        return next((each for each in self.children if each.tag == tag), None)

    def text_of(self, tag: str) -> str:
        """The words in the first child of that name, or nothing."""
        found = self.child(tag)
        return found.text.strip() if found is not None else ""


@dataclass(slots=True)
class _Builder:
    root: Element = field(default_factory=lambda: Element(""))
    open: list[Element] = field(default_factory=list)
    elements: int = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if len(self.open) >= DEPTH_MAX or self.elements > ELEMENTS_MAX:
            raise PeerTrouble(
                "the XML is deeper or longer than any answer that we know: nothing of it is used"
            )
        made = Element(name.rpartition(" ")[2], attributes)
        (self.open[-1] if self.open else self.root).children.append(made)
        self.open.append(made)

    def words(self, data: str) -> None:
        if self.open:
            self.open[-1].text += data

    def end(self, _name: str) -> None:
        self.open.pop()


def parse(raw: bytes) -> Element:
    """The element at the top. Raises PeerTrouble for anything that is not plain, complete XML."""
    if len(raw) > SIZE_BYTES_MAX:
        raise PeerTrouble(
            f"the XML has {len(raw)} bytes; {SIZE_BYTES_MAX} are the most: ask for smaller pages"
        )
    builder = _Builder()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = builder.begin, builder.end
    parser.CharacterDataHandler = builder.words
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(raw, True)
    except (
        expat.ExpatError,
        ValueError,
        LookupError,
    ) as error:  # the others: an encoding that expat asks Python for
        raise PeerTrouble(
            f"this is no complete XML ({type(error).__name__}): nothing of it is used"
        ) from None
    return builder.root.children[0]


def _refuse_doctype(*_: object) -> None:
    raise PeerTrouble("the XML declares a document type, which no answer needs: nothing of it is used")
