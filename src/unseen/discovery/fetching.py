"""The fetcher that the options describe. No Django: the command line scans without it."""

from unseen.config.options import Options
from unseen.fetch.fetcher import Fetcher
from unseen.fetch.resolver import HostsFileResolver, Resolver, SystemResolver


def fetcher_of(options: Options) -> Fetcher:
    """A hosts file is the whole world: a name that it lacks is not asked for outside."""
    return Fetcher(
        names_of(options),
        allow_networks=options.fetch_allow_networks,
        ports=frozenset(options.fetch_ports),
    )


def names_of(options: Options) -> Resolver:
    """Whom we ask for the addresses of a name."""
    return HostsFileResolver(options.hosts_file) if options.hosts_file else SystemResolver()
