"""What a replica's commands and callers can run into; each message says what to do."""


class ReplicaError(Exception):
    """The replica's folder or invitation cannot be used."""


class AskFailed(Exception):
    """The feed gave no page: nothing is known, and nothing moves."""
