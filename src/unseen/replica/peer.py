"""Who a replica is towards its feed: where it asks and how it shows who it is. Made once, from the invitation."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from unseen.feed.follow import Followed
from unseen.matching.files import UNFINISHED, write_whole
from unseen.replica.errors import ReplicaError
from unseen.replica.invitation import Invitation
from unseen.replica.state import NAME as STATE
from unseen.replica.state import State, write_state

NAME = "peer.json"


@dataclass(frozen=True, slots=True)
class Peer:
    """What an asking needs."""

    address: str
    api_key: str | None
    key_file: str | None  # Ed25519 private key (PEM) with which requests are signed


def begin(folder: Path, invitation: Invitation, key_file: Path | None = None) -> None:
    """Make a replica that has read nothing. Raises ReplicaError where the folder is in use or cannot be."""
    peer = Peer(invitation.address, invitation.api_key, str(key_file.absolute()) if key_file else None)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if {path.name.removesuffix(UNFINISHED) for path in folder.iterdir()} - {NAME}:
            raise ReplicaError(f"{folder} is not empty: choose a new folder, or follow without --invitation")
        write_whole(folder / NAME, json.dumps(asdict(peer), indent=1).encode())
        write_state(folder, State(Followed(invitation.feed, invitation.keys)))
    except OSError as trouble:
        raise ReplicaError(f"{folder} cannot be used ({trouble.strerror}): choose another") from None


def read_peer(folder: Path) -> Peer:
    """Raises ReplicaError."""
    try:
        return Peer(**json.loads((folder / NAME).read_bytes()))
    except FileNotFoundError:
        raise ReplicaError(
            f"{folder / STATE} and {NAME} are not there: begin with --invitation FILE"
        ) from None
    except (ValueError, TypeError, OSError):
        raise ReplicaError(f"{folder / NAME} cannot be read: remove the folder and begin again") from None
