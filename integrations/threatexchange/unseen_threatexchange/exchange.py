"""The exchange `unseen`: follows a centre's signed feed for the `threatexchange` client, and sends feedback."""

import hashlib
import json
import logging
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.fetch_state import FetchDelta, SignalOpinion, SignalOpinionCategory
from threatexchange.exchanges.signal_exchange_api import SignalExchangeAPI
from threatexchange.signal_type.pdq.signal import PdqSignal
from threatexchange.signal_type.signal_base import SignalType

from unseen.feed.follow import Followed, accept
from unseen.feed.lines import Level, LineAction
from unseen.feed.page import PAGE_BYTES_MAX
from unseen.feed.signing import FeedKey
from unseen_threatexchange.state import (
    LEASE,
    EntryState,
    FeedCheckpoint,
    Standing,
    UnseenSignalMetadata,
    merged,
    states_of,
)

log = logging.getLogger(__name__)
ANSWER_WITHIN_S = 60
VERDICTS = ("blocked", "not_ncii", "cannot_tell", "policy_disagree", "broken", "disputed")
_BY_CATEGORY = {
    SignalOpinionCategory.POSITIVE_CLASS: "blocked",
    SignalOpinionCategory.NEGATIVE_CLASS: "not_ncii",
    SignalOpinionCategory.INVESTIGATION_SEED: "cannot_tell",
}
_ENTRY = re.compile(r"(?:entry=)?([0-9a-f]{32})")


@dataclass
class _Needed:
    invitation: str = field(metadata={"help": "the path of the invitation that the centre made for you"})


@dataclass
class UnseenCollabConfig(CollaborationConfigWithDefaults, _Needed):
    """Which feed to follow."""

    api: str = field(init=False, default="unseen")


@dataclass(frozen=True)
class Invitation:
    """What the centre told us: where its feed is, which keys sign it, and ours."""

    address: str
    feed: str
    keys: tuple[FeedKey, ...]
    api_key: str

    @classmethod
    def read(cls, path: str) -> "Invitation":
        """Raises ValueError that names the file and the cure."""
        try:
            told = json.loads(Path(path).read_bytes())
            keys = tuple(FeedKey(bytes.fromhex(key["public"]), int(key["until"])) for key in told["keys"])
            made = cls(str(told["address"]).rstrip("/"), str(told["feed"]), keys, told["api_key"])
            version = told["unseen_invitation"]
        except (OSError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is no invitation ({error}): ask the centre for a new one") from error
        if version != 1 or not isinstance(made.api_key, str):
            raise ValueError(
                f"{path} is of another version, or has no key in it: ask the centre for one with a key"
            )
        return made


class UnseenSignalExchangeAPI(
    SignalExchangeAPI[UnseenCollabConfig, FeedCheckpoint, UnseenSignalMetadata, str, EntryState]
):
    """Every page is checked before anything of it is used; a refused one leaves everything as it was."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__()
        self.invitation = invitation

    @classmethod
    def for_collab(cls, collab: UnseenCollabConfig) -> "UnseenSignalExchangeAPI":
        """With the invitation that the collaboration names."""
        return cls(Invitation.read(collab.invitation))

    @classmethod
    def get_name(cls) -> str:
        """As in `config collab edit unseen`."""
        return "unseen"

    @staticmethod
    def get_checkpoint_cls() -> type[FeedCheckpoint]:
        """Kept between fetches."""
        return FeedCheckpoint

    @staticmethod
    def get_record_cls() -> type[UnseenSignalMetadata]:
        """Shown with a match."""
        return UnseenSignalMetadata

    @staticmethod
    def get_config_cls() -> type[UnseenCollabConfig]:
        """Asked for at `config collab edit`."""
        return UnseenCollabConfig

    @classmethod
    def fetch_value_merge(cls, old: EntryState | None, new: EntryState | None) -> EntryState | None:
        """A withdrawn entry stays as an empty mark, so that nothing brings it back."""
        return old if new is None else merged(old, new)

    @classmethod
    def naive_convert_to_signal_type(
        cls,
        signal_types: Sequence[type[SignalType]],
        collab: UnseenCollabConfig,  # noqa: ARG003 - the client's own signature
        fetched: Mapping[str, EntryState],
    ) -> dict[type[SignalType], dict[str, UnseenSignalMetadata]]:
        """Live fingerprints only. Where two entries have the same one, the higher level is shown."""
        if PdqSignal not in signal_types:
            return {}
        act_until = fetched[LEASE].act_until if LEASE in fetched else 0
        found: dict[str, UnseenSignalMetadata] = {}
        now = time.time()
        for entry, state in fetched.items():
            for part in state.parts.values() if state.standing is Standing.LIVE else ():
                if part.expires and part.expires <= now:
                    continue
                known = found.get(part.pdq)
                if known is None or known.level < part.level:
                    found[part.pdq] = UnseenSignalMetadata(
                        entry, part.level, part.action, part.expires, act_until
                    )
        if len(found) == 1:
            # The client's index of exactly one entry finds nothing after it was saved (1.2.17). A drawn second one lies
            # within 31 bits of some picture once in 2**123.
            filler = UnseenSignalMetadata("filler", Level.SELF_ASSERTED, LineAction.REVIEW, 0, 0)
            found[hashlib.sha256(next(iter(found)).encode()).hexdigest()] = filler
        return {PdqSignal: found} if found else {}

    def fetch_iter(
        self, supported_signal_types: Sequence[type[SignalType]], checkpoint: FeedCheckpoint | None
    ) -> Iterator[FetchDelta[str, EntryState, FeedCheckpoint]]:
        """One delta a page, down to the end of the feed; the last may have no lines and still prolongs the lease."""
        told = self.invitation
        if checkpoint is not None and checkpoint.feed != told.feed:
            raise ValueError(
                "the invitation is of another feed: run `threatexchange fetch --clear` once, then fetch"
            )
        state = checkpoint.followed() if checkpoint is not None else Followed(told.feed, told.keys)
        while True:
            state, lines = accept(state, self._page(state.frontier.size), int(time.time()))
            updates: dict[str, EntryState] = {}
            for entry, said in states_of(lines):
                updates[entry] = merged(updates.get(entry), said)
            updates[LEASE] = EntryState(act_until=state.may_act_until)
            log.info("accepted %d lines, up to %d of %d", len(lines), state.frontier.size, state.log_size)
            yield FetchDelta(updates, FeedCheckpoint.of(state))
            if state.frontier.size >= state.log_size:
                return

    def report_opinion(self, s_type: type[SignalType], signal: str, opinion: SignalOpinion) -> None:
        """Tell the centre what became of a match. One of the labels is the entry that the match named."""
        entries = {found[1] for tag in opinion.tags if (found := _ENTRY.fullmatch(tag))}
        said = [verdict for verdict in VERDICTS if verdict in opinion.tags]
        if len(entries) != 1 or len(said) > 1:
            raise ValueError(
                "give the entry that `match` printed as a label, and at most one of " + ", ".join(VERDICTS)
            )
        verdict = said[0] if said else _BY_CATEGORY[opinion.category]
        answer = requests.post(
            f"{self.invitation.address}/exchange/v1/feedback",
            json={"entry": entries.pop(), "verdict": verdict},
            headers=self._headers(),
            timeout=ANSWER_WITHIN_S,
            allow_redirects=False,
        )
        answer.raise_for_status()

    def _page(self, after: int) -> bytes:
        """At most the size of the largest page is read, whatever the other side sends."""
        with requests.get(
            f"{self.invitation.address}/exchange/v1/page",
            params={"after": after},
            headers=self._headers(),
            timeout=ANSWER_WITHIN_S,
            allow_redirects=False,
            stream=True,
        ) as answer:
            answer.raise_for_status()
            if answer.status_code != 200:
                raise ValueError(f"the centre answered {answer.status_code}, which is no page")
            raw = b""
            for piece in answer.iter_content(65_536):
                raw += piece
                if len(raw) > PAGE_BYTES_MAX:
                    break
        return raw

    def _headers(self) -> dict[str, str]:
        return {"X-Unseen-Key": self.invitation.api_key}
