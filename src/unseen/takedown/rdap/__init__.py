"""Who is behind a site that no file describes: DNS and RDAP (RFC 9082, 9083, 9224), asked through the guarded fetcher.

What comes back is written by strangers. It is shown to a person, and becomes a party only when that person saves it.
"""

from unseen.takedown.rdap.answers import Contact
from unseen.takedown.rdap.cache import Cache
from unseen.takedown.rdap.resolve import Resolved, Resolver

__all__ = ["Cache", "Contact", "Resolved", "Resolver"]
