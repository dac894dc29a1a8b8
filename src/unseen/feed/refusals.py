"""Why a follower refuses a page. Each names what happened; none of them moves the cursor."""


class PageRefused(Exception):
    """Nothing of this page may be used, and the state before it stands."""


class MalformedPage(PageRefused):
    """The bytes break a rule of the format."""


class ForgedPage(PageRefused):
    """No key that is trusted now signed these bytes, or they are of another feed."""


class StalePage(PageRefused):
    """Too old: somebody may be showing us the feed as it was, or a clock is wrong."""


class RolledBackPage(PageRefused):
    """Shorter or earlier than what was accepted before."""


class ForkedPage(PageRefused):
    """The lines do not lead from what was accepted before to what the head says."""
