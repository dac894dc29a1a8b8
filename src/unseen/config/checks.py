"""System checks: a wrong option is named with its cure when Unseen starts, not when a notice fails to go out."""

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from unseen.config.options import Options
from unseen.domain.limits import PROOF_COUNTRIES_MIN, PROOF_VANTAGES_MIN
from unseen.fetch.vantage import Vantage

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
SQLITE_EXPECTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
POSTGRES_VERSION_MIN = 150_000
# Anything but these can lose a commit that was acknowledged (PostgreSQL manual, 20.5 Write Ahead Log).
POSTGRES_DURABLE = {
    "fsync": {"on"},
    "synchronous_commit": {"on", "remote_apply", "remote_write"},
    "full_page_writes": {"on"},
}


@register("unseen")
def check_options(**_: object) -> list[CheckMessage]:
    return options_problems(settings.UNSEEN)


@register(Tags.database)
def check_databases(databases: Iterable[str] | None = None, **_: object) -> list[CheckMessage]:
    found: list[CheckMessage] = []
    for alias in databases or ():
        found += database_problems(connections[alias])
    return found


def options_problems(options: Options) -> list[CheckMessage]:
    """Everything about the options that can be said without a database. Errors stop the start; warnings do not."""
    return [
        *_data_folder(options),
        *_sender(options),
        *_vantages(options),
        *_small_internet_only(options),
    ]


def _data_folder(options: Options) -> Iterable[CheckMessage]:
    probe = options.data_dir / ".may-write"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        yield Error(
            f"The data folder {options.data_dir} cannot be written to ({error.strerror}).",
            hint="Let this account own the folder, or set UNSEEN_DATA_DIR to one that it owns.",
            id="unseen.E001",
        )
        return
    if options.data_dir.stat().st_mode & 0o007:
        yield Caution(
            f"The data folder {options.data_dir} is open to every account of this machine.",
            hint=f"Run: chmod 700 {options.data_dir}",
            id="unseen.W002",
        )


def _sender(options: Options) -> Iterable[CheckMessage]:
    if not (options.organisation and options.organisation_email and options.signatory):
        yield Caution(
            "No notice can be sent: the law asks for the sender's name and address, and for a signature.",
            hint="Set UNSEEN_ORGANISATION, UNSEEN_ORGANISATION_EMAIL and UNSEEN_SIGNATORY.",
            id="unseen.W010",
        )
    if options.smtp is None:
        yield Caution(
            "No notice can be sent by mail: there is no mail relay.",
            hint="Set UNSEEN_SMTP, for example smtp+starttls://notices@mail.centre.example:587.",
            id="unseen.W011",
        )
    elif options.inbox is None or options.sent_archive is None:
        yield Caution(
            "Bounces, answers or the copies of sent notices are not read, so delivery by mail cannot be proven.",
            hint="Set UNSEEN_INBOX and UNSEEN_SENT_ARCHIVE to the Maildir folders of the mail server.",
            id="unseen.W012",
        )


def _vantages(options: Options) -> Iterable[CheckMessage]:
    lookers = [vantage for vantage in options.vantages if vantage.search is None]
    addresses = {vantage.seen_as for vantage in lookers}
    countries = {vantage.country for vantage in lookers}
    if len(addresses) < PROOF_VANTAGES_MIN or len(countries) < PROOF_COUNTRIES_MIN:
        yield Caution(
            f"No item can be proven gone: {len(addresses)} vantage addresses in {len(countries)} countries, "
            f"and proof needs {PROOF_VANTAGES_MIN} in {PROOF_COUNTRIES_MIN}.",
            hint="Add vantages with different source addresses and countries to UNSEEN_VANTAGES.",
            id="unseen.W020",
        )
    if len({(vantage.seen_as, vantage.country) for vantage in lookers}) > len(addresses):
        yield Error(
            "Two vantages share one source address and claim two countries: one place would prove what needs two.",
            hint="In UNSEEN_VANTAGES give vantages of one address one country; they may differ in user_agent and resolver.",
            id="unseen.E021",
        )
    if len({_differs(vantage) for vantage in options.vantages}) < len(options.vantages):
        yield Error(
            "Two vantages look from one address in the same way, so their findings are one finding.",
            hint="Give each vantage in UNSEEN_VANTAGES an address, a user_agent or a resolver of its own.",
            id="unseen.E022",
        )


def _small_internet_only(options: Options) -> Iterable[CheckMessage]:
    """A file clock or a hole in the fetcher's guard belongs to a machine that talks to itself only."""
    for network in options.fetch_allow_networks:
        if not _is_loopback(network):
            yield Error(
                f"The fetcher may reach {network}, which is not this machine: a hostile page could use it to look inside.",
                hint="Leave UNSEEN_FETCH_ALLOW_NETWORKS empty; only demo and tests set it, to loopback networks.",
                id="unseen.E030",
            )
    real = [vantage.name for vantage in options.vantages if not _loopback(vantage)]
    if options.fetch_allow_networks and real:
        yield Error(
            f"Loopback networks are open to the fetcher, and vantage '{real[0]}' reaches the real internet.",
            hint="Unset UNSEEN_FETCH_ALLOW_NETWORKS, or use loopback vantages as the demo does.",
            id="unseen.E031",
        )
    if options.clock.file and (real or not options.fetch_allow_networks):
        yield Error(
            "The clock is a file, and this is not the demo's small internet: deadlines would be wrong in real notices.",
            hint="Unset UNSEEN_CLOCK.",
            id="unseen.E032",
        )


def _is_loopback(network: IPv4Network | IPv6Network) -> bool:
    return any(
        network.subnet_of(loopback)  # type: ignore[arg-type] # same version, as the condition says
        for loopback in LOOPBACK
        if loopback.version == network.version
    )


def database_problems(connection: BaseDatabaseWrapper) -> list[CheckMessage]:
    """Ask the database itself what is in force: an option that it ignored in silence is the one that loses data."""
    if connection.vendor == "sqlite":
        return list(_sqlite(connection))
    if connection.vendor == "postgresql":
        return list(_postgres(connection))
    return [
        Error(
            f"The database is {connection.vendor}.",
            hint="Set DATABASE_URL to sqlite:///… or postgresql://….",
            id="unseen.E040",
        )
    ]


def _ask(connection: BaseDatabaseWrapper, sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def _sqlite(connection: BaseDatabaseWrapper) -> Iterable[CheckMessage]:
    for pragma, expected in SQLITE_EXPECTED.items():
        actual = _ask(connection, f"PRAGMA {pragma}")
        if actual != expected:
            yield Error(
                f"SQLite has {pragma}={actual}, not {expected}.",
                hint="Put the database file on a local disk; network folders cannot hold a WAL.",
                id="unseen.E041",
            )
    if _ask(connection, "PRAGMA busy_timeout") == 0:
        yield Error(
            "SQLite gives up at once when another process writes (busy_timeout is 0).",
            hint="Use the settings of unseen.config.databases as they are.",
            id="unseen.E042",
        )


def _postgres(connection: BaseDatabaseWrapper) -> Iterable[CheckMessage]:
    for name, durable in POSTGRES_DURABLE.items():
        actual = _ask(connection, f"SHOW {name}")
        if actual not in durable:
            yield Error(
                f"PostgreSQL has {name}={actual}: a power cut could lose a notice that was sent.",
                hint=f"Set {name} = on in postgresql.conf and reload.",
                id="unseen.E043",
            )
    version = int(_ask(connection, "SHOW server_version_num"))
    if version < POSTGRES_VERSION_MIN:
        yield Error(
            f"PostgreSQL is version {version // 10_000}.",
            hint="Unseen is tested with PostgreSQL 15 and later.",
            id="unseen.E044",
        )


def _differs(vantage: Vantage) -> tuple[object, ...]:
    return vantage.seen_as, vantage.user_agent, vantage.resolver, vantage.search, vantage.held_back


def _loopback(vantage: Vantage) -> bool:
    """Whether nothing of this vantage leaves the machine: neither its requests nor its questions for names."""
    proxy = vantage.proxy_endpoint
    own = [vantage.source_address if proxy is None else proxy[1]]
    asks = [vantage.resolver[0]] if vantage.resolver is not None else []
    try:
        return all(text is not None and ip_address(text).is_loopback for text in (*own, *asks))
    except ValueError:
        return False  # a proxy with a name
