"""The channel for a kind, as the options in force describe it."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from django.conf import settings

from unseen.config.options import Options
from unseen.discovery.looker import looker
from unseen.takedown.channels.api.channel import ApiChannel
from unseen.takedown.channels.email.channel import EmailChannel
from unseen.takedown.channels.envelope import Channel
from unseen.takedown.channels.form.channel import FormChannel
from unseen.takedown.channels.packet.channel import PacketChannel
from unseen.takedown.channels.report.channel import ReportChannel
from unseen.takedown.directory.party import ChannelKind


@lru_cache(maxsize=8)
def open_channel(kind: ChannelKind) -> Channel:
    """A channel that sends, or (a form) that prepares what a person sends."""
    if kind is ChannelKind.API:
        eyes = looker()
        return ApiChannel(settings.UNSEEN, eyes.fetcher, eyes.vantages[0])
    return _OTHERS[kind](settings.UNSEEN)


_OTHERS: Mapping[ChannelKind, Callable[[Options], Channel]] = MappingProxyType(
    {
        ChannelKind.EMAIL: EmailChannel,
        ChannelKind.FORM: FormChannel,
        ChannelKind.REPORT: ReportChannel,
        ChannelKind.PACKET: PacketChannel,
    }
)
