"""What a reporter does at the door, and what she sees there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.browser.centre_at_work import CentreAtWork
from tests.browser.hands import Hands, fingerprinted, text_of, texts_of

NEXT = "button[value=next]"


@dataclass
class Reporter:
    """Somebody with a browser and a receipt. `made`: the kinds of material that her browser fingerprinted."""

    hands: Hands
    centre: CentreAtWork
    receipt: str = ""
    made: list[str] = field(default_factory=list)
    fingerprints: list[bytes] = field(default_factory=list)

    def makes_fingerprints_of(self, *materials: str) -> str:
        """From the first page to the end of the pictures; what the page says about them."""
        self.hands.open(self.centre.door)
        self.hands.go("button[value=me]")
        self.hands.press("input[name=age][value=adult]")
        self.hands.go(NEXT)
        files = [self.centre.world.internet.material[material].path for material in materials]
        for made in fingerprinted(self.hands, files):
            self.fingerprints += [bytes.fromhex(one["pdq"]) for one in made.get("frames", [made])]
            self.made.append(made["kind"])
        said = text_of(self.hands, "output")
        self.hands.go(NEXT)
        return said

    def names(self, places: Mapping[str, str]) -> None:
        """Paste one message with all places, agree to what is asked, send, and write the receipt down."""
        found = [self.centre.copy(platform, material).page_url for platform, material in places.items()]
        message = f"hi, somebody sent me these: {found[0]}, {found[1]}.\nand " + " ".join(found[2:])
        self.hands.write("#pasted", message + " please help")
        self.hands.go(NEXT)
        assert text_of(self.hands, "h1") == f"We found {len(places)} places"
        assert texts_of(self.hands, "label.place small.code") == found
        self.hands.go(NEXT)
        self.hands.press("input[name=may_share]")
        self.hands.go(NEXT)
        assert f"{len(places)} places" in text_of(self.hands, "dl")
        self.hands.go(NEXT)
        words = texts_of(self.hands, "ol.words li")
        assert len(words) == 12
        self.receipt = " ".join(words)

    def comes_back(self) -> None:
        """Type the receipt at the door."""
        self.hands.open(f"{self.centre.door}/receipt")
        self.hands.write("#receipt", self.receipt)
        self.hands.go("form button")

    def sees(self) -> dict[str, str]:
        """Come back; what is said about each platform's place."""
        self.comes_back()
        platforms = [host.removesuffix(".test") for host in texts_of(self.hands, "ul.places h2")]
        return dict(zip(platforms, texts_of(self.hands, "ul.places .headline"), strict=True))

    def reads(self) -> list[str]:
        """Come back; the last words of each message, oldest first."""
        self.comes_back()
        return texts_of(self.hands, "ol.talk li p:last-child")

    def answers(self, text: str) -> str:
        """Come back and write to the centre; what the page says then."""
        self.comes_back()
        self.hands.write("#text", text)
        self.hands.go("button[value=say]")
        return text_of(self.hands, "p.done")

    def withdraws(self) -> None:
        """Come back and say stop, and say again that it is meant."""
        self.comes_back()
        self.hands.go("button[value=stop]")
        assert text_of(self.hands, "h1") == "Stop everything?"
        self.hands.go("button[value=stop-sure]")
        assert text_of(self.hands, "h1") == "Stopped"
