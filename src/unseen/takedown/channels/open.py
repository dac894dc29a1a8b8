"""The channel for a kind, as the options in force describe it."""

from functools import lru_cache

from django.conf import settings

from unseen.discovery.looker import looker
from unseen.takedown.channels.api.channel import ApiChannel
from unseen.takedown.channels.email.channel import EmailChannel
from unseen.takedown.channels.envelope import Channel
from unseen.takedown.directory.party import ChannelKind


@lru_cache(maxsize=8)
def open_channel(kind: ChannelKind) -> Channel:
    """A channel that can send by itself. Raises KeyError for one that needs a person (a form)."""
    if kind is ChannelKind.EMAIL:
        return EmailChannel(settings.UNSEEN)
    if kind is ChannelKind.API:
        eyes = looker()
        return ApiChannel(settings.UNSEEN, eyes.fetcher, eyes.vantages[0])
    raise KeyError(kind)
