"""The fetcher that the options describe. No Django: the command line scans without it."""

from unseen.config.options import Options
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.resolver import HostsFileResolver, SystemResolver


def fetcher_of(options: Options) -> Fetcher:
    """A hosts file is the whole world: a name that it lacks is not asked for outside."""
    return Fetcher(
        HostsFileResolver(options.hosts_file) if options.hosts_file else SystemResolver(),
        allow_networks=options.fetch_allow_networks,
        ports=frozenset(options.fetch_ports),
    )
