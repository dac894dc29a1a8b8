"""A centre with every kind of vantage, on the wide internet, that compares each recheck with the truth as it happens."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from tests.story.centre import STEP_MIN, Centre, forget, open_centre
from unseen import worker
from unseen.casework.models import Item
from unseen.discovery.looker import looker
from unseen.domain.recheck import GONE_KINDS, SEEN_KINDS, FindingKind
from unseen.fetch.vantage import Vantage
from unseen.takedown.models import Recheck
from unseen.testing.internet.truth import Copy
from unseen.testing.internet.visitors import MOBILE_AGENT
from unseen.testing.internet.wide import WideInternet

DESKTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
# Name -> the address at which the site sees it, and its browser.
SEEN_AS = {
    "office": ("127.9.0.1", "Unseen/1 (support centre)"),
    "home-line": ("127.9.0.2", DESKTOP),
    "telephone": ("127.9.0.2", MOBILE_AGENT),
    "berlin": ("127.9.0.3", DESKTOP),
    "dallas": ("127.9.0.4", DESKTOP),
    "kr-names": ("127.9.0.5", DESKTOP),
    "reserve": ("127.9.0.7", DESKTOP),
}


def vantages(internet: WideInternet) -> tuple[Vantage, ...]:
    def at(name: str, country: str, **more: object) -> Vantage:
        address, agent = SEEN_AS[name]
        return replace(Vantage(name, country, address, None, agent), **more)  # type: ignore[arg-type] # its own fields

    kr, de = internet.resolvers["KR"].port, internet.resolvers["DE"].port
    return (
        at("office", "KR", own_address=True),
        at("home-line", "KR"),
        at("telephone", "KR"),
        at("berlin", "DE", resolver=("127.2.0.54", de)),
        at("dallas", "US", source_address=None, proxy=f"http://127.2.0.8:{internet.proxy.port}"),
        at("kr-names", "KR", resolver=("127.2.0.53", kr)),
        Vantage(
            "search",
            "US",
            "127.9.0.3",
            None,
            DESKTOP,
            search=f"http://search.test:{internet.port}/find?q={{location}}",
        ),
        at("reserve", "DE", held_back=True),
    )


@dataclass
class Watched:
    """`lies`: where a recheck differs from the truth at its instant. `kinds`: what was found, in order, by platform."""

    centre: Centre
    lies: list[str] = field(default_factory=list)
    kinds: dict[str, list[dict[str, FindingKind]]] = field(default_factory=dict)
    conclusions: dict[str, list[FindingKind]] = field(default_factory=dict)
    _seen: int = 0

    def live(self, **time: float) -> None:
        """Let time pass, instant by instant, and hold every recheck against the truth at its own instant."""
        centre = self.centre
        ends_at = centre.now + timedelta(**time)
        self._judge()
        while centre.now < ends_at:
            times = (worker.next_due_at(), centre.internet.next_event_at(), ends_at)
            at = max(min(one for one in times if one is not None), centre.now + STEP_MIN)
            centre.internet.advance(at)
            centre.clock.set(at)
            centre.tick()
            self._judge()

    def _judge(self) -> None:
        for recheck in Recheck.objects.filter(pk__gt=self._seen).select_related("item").order_by("pk"):
            self._seen = recheck.pk
            copy = self.copy_of(recheck.item)
            found = {one.vantage: FindingKind(one.kind) for one in recheck.findings.order_by("pk")}
            self.kinds.setdefault(copy.platform, []).append(found)
            self.conclusions.setdefault(copy.platform, []).append(FindingKind(recheck.conclusion))
            self.lies += [f"{copy.platform} {recheck.at}: {lie}" for lie in self._differs(copy, found)]
            gone = recheck.conclusion in GONE_KINDS
            if gone and self.centre.internet.truth.served_to_anyone(copy):
                self.lies.append(f"{copy.platform} {recheck.at}: called gone, and somebody gets it")
        self.lies += [
            f"{copy.platform}: called removed at {item.closed_at}, and a vantage gets it"
            for item in Item.objects.filter(outcome="removed", closed_at=self.centre.now)
            if any(self.truth(copy := self.copy_of(item)).values())
        ]

    def _differs(self, copy: Copy, found: dict[str, FindingKind]) -> Iterator[str]:
        truth = self.truth(copy)
        for name, kind in found.items():
            if kind is FindingKind.UNKNOWN and not truth[name]:
                continue  # no claim was made
            if (kind in SEEN_KINDS) != truth[name]:
                yield f"{name} found {kind}, and the truth is {'served' if truth[name] else 'not served'}"

    def truth(self, copy: Copy) -> dict[str, bool]:
        """Vantage -> whether it would truly get the picture now."""
        truth = self.centre.internet.truth
        gets = {name: truth.served(copy, *seen) for name, seen in SEEN_AS.items()}
        gets["kr-names"] = gets["kr-names"] and not truth.name_kept_back(copy, "KR")
        return {**gets, "search": truth.previewed(copy)}

    def copy_of(self, item: Item) -> Copy:
        return next(copy for copy in self.centre.internet.truth.copies() if copy.page_url == item.location)

    def outcome(self, platform: str) -> str:
        return next(item.outcome for item in Item.objects.all() if self.copy_of(item).platform == platform)


@contextmanager
def open_wide(folder: Path, media: Path, platforms: Sequence[str] = ()) -> Iterator[Watched]:
    """A running centre that has been told of one copy on each platform."""
    with open_centre(folder, media, kind=WideInternet) as centre:
        internet = centre.internet
        assert isinstance(internet, WideInternet)
        settings.UNSEEN = replace(settings.UNSEEN, vantages=vantages(internet))
        forget()
        try:
            told = [copy for copy in internet.truth.copies() if not platforms or copy.platform in platforms]
            photos = sorted({centre.photo(copy.material or "") for copy in told})
            centre.report(*photos, locations=tuple(copy.page_url for copy in told))
            centre.tick()
            yield Watched(centre)
        finally:
            looker().fetcher.close()
