"""The table of all options: a row each, with what a person needs to know to set it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from unseen.config import parsing


@dataclass(frozen=True)
class Option:
    """One row: the variable, its field in `Options`, and what a person needs to know to set it."""

    variable: str
    field: str
    kind: str
    default: str
    """The text that counts when the variable is unset or empty."""
    description: str
    example: str
    parse: Callable[[str], Any]
    secret: bool = False
    """Hidden when printed, and may come from the file named by VARIABLE_FILE."""
    default_note: str = ""
    """What an empty default means, in words."""


OPTIONS: tuple[Option, ...] = (
    Option(
        "UNSEEN_DATA_DIR",
        "data_dir",
        "folder",
        "./var",
        "Everything that Unseen stores: the database file, the bank, captures, keys. Back up this one folder.",
        "/var/lib/unseen",
        parsing.path,
    ),
    Option(
        "DATABASE_URL",
        "database",
        "database address",
        "",
        "SQLite file or PostgreSQL 15 or later. A '#', '/' or '@' in a password is written as %23, %2F, %40.",
        "postgresql://unseen@/unseen?host=/run/postgresql",
        parsing.optional(parsing.database),
        secret=True,
        default_note="unseen.sqlite3 in the data folder",
    ),
    Option(
        "UNSEEN_SECRET_KEY",
        "secret_key",
        "text of 32 characters or more",
        "",
        "Signs sessions and forms. Changing it logs all staff out.",
        "(64 random hex digits)",
        parsing.long_secret,
        secret=True,
        default_note="made once and kept in the data folder, readable by its owner only",
    ),
    Option(
        "UNSEEN_DEBUG",
        "debug",
        "true or false",
        "false",
        "Shows errors in the browser. Never on a machine that others can reach.",
        "true",
        parsing.boolean,
    ),
    Option(
        "UNSEEN_ALLOWED_HOSTS",
        "allowed_hosts",
        "comma list of names",
        "localhost,127.0.0.1,[::1]",
        "The names under which staff and reporters reach the web server.",
        "unseen.centre.example",
        parsing.comma_list(parsing.text),
    ),
    Option(
        "UNSEEN_BIND",
        "bind",
        "address:port",
        "127.0.0.1:8000",
        "Where the web server listens. Put a TLS proxy in front before opening it to others.",
        "127.0.0.1:8000",
        parsing.bind,
    ),
    Option(
        "UNSEEN_ORGANISATION",
        "organisation",
        "text",
        "",
        "The name under which notices are sent.",
        "Support Centre Example",
        parsing.text,
        default_note="no notice can be sent",
    ),
    Option(
        "UNSEEN_ORGANISATION_EMAIL",
        "organisation_email",
        "mail address",
        "",
        "Where platforms answer. Stated in every notice.",
        "notices@centre.example",
        parsing.email,
        default_note="no notice can be sent",
    ),
    Option(
        "UNSEEN_ORGANISATION_DOMAIN",
        "organisation_domain",
        "domain name",
        "",
        "The right-hand side of the Message-ID of notices.",
        "centre.example",
        parsing.domain,
        default_note="the part after the @ of UNSEEN_ORGANISATION_EMAIL",
    ),
    Option(
        "UNSEEN_SIGNATORY",
        "signatory",
        "text",
        "",
        "The person who signs notices; several laws require a physical or electronic signature.",
        "Han Jiwoo, head of removal",
        parsing.text,
        default_note="the organisation's name signs",
    ),
    Option(
        "UNSEEN_COUNTRY",
        "country",
        "two capital letters (ISO 3166-1)",
        "KR",
        "The complainant's country; a page hidden only there is geofenced, not gone.",
        "KR",
        parsing.country,
    ),
    Option(
        "UNSEEN_SMTP",
        "smtp",
        "smtp://, smtp+starttls:// or smtps:// address",
        "",
        "The centre's mail relay. A login is written before the host: smtps://login@host:465.",
        "smtp+starttls://notices@mail.centre.example:587",
        parsing.optional(parsing.smtp),
        default_note="notices by mail wait until it is set",
    ),
    Option(
        "UNSEEN_SMTP_PASSWORD",
        "smtp_password",
        "text",
        "",
        "Password for the login in UNSEEN_SMTP.",
        "(from the mail administrator)",
        parsing.secret,
        secret=True,
        default_note="no login",
    ),
    Option(
        "UNSEEN_SMTP_SENDER",
        "smtp_sender",
        "mail address",
        "",
        "Envelope sender of notices: bounces come back to it.",
        "bounces@centre.example",
        parsing.email,
        default_note="UNSEEN_ORGANISATION_EMAIL",
    ),
    Option(
        "UNSEEN_INBOX",
        "inbox",
        "Maildir folder",
        "",
        "Where the mail server puts answers and bounces.",
        "/var/mail/unseen",
        parsing.optional(parsing.path),
        default_note="replies and bounces are not read",
    ),
    Option(
        "UNSEEN_SENT_ARCHIVE",
        "sent_archive",
        "Maildir folder",
        "",
        "Where the relay keeps a copy of what it accepted; after a crash a notice is looked up here.",
        "/var/mail/unseen-sent",
        parsing.optional(parsing.path),
        default_note="after a crash a person decides whether a notice went",
    ),
    Option(
        "UNSEEN_HOSTS_FILE",
        "hosts_file",
        "file",
        "",
        "Lines of address and name that the fetcher asks before DNS. For demo and tests.",
        "/run/demo/hosts",
        parsing.optional(parsing.path),
        default_note="DNS only",
    ),
    Option(
        "UNSEEN_FETCH_ALLOW_NETWORKS",
        "fetch_allow_networks",
        "comma list of networks",
        "",
        "Networks that are not public and may be fetched all the same. For demo and tests.",
        "127.1.0.0/16",
        parsing.comma_list(parsing.network),
        default_note="only public addresses",
    ),
    Option(
        "UNSEEN_FETCH_PORTS",
        "fetch_ports",
        "comma list of ports",
        "80,443",
        "Ports that the fetcher may connect to.",
        "80,443,8080",
        parsing.comma_list(parsing.port),
    ),
    Option(
        "UNSEEN_VANTAGES",
        "vantages",
        "JSON list",
        "",
        "The places to look from: name, address (bound as source), country, user_agent, own_address "
        "(true for the address that platforms know as the complainant's).",
        '[{"name": "office", "address": "192.0.2.10", "country": "KR", "user_agent": "Mozilla/5.0 ...", '
        '"own_address": true}]',
        parsing.vantages,
        default_note="nothing can be proven gone",
    ),
    Option(
        "UNSEEN_DIRECTORY",
        "directory",
        "folder",
        "",
        "Platform and law files of your own, read after the shipped ones; the same name replaces.",
        "/etc/unseen/directory",
        parsing.optional(parsing.path),
        default_note="the shipped directory only",
    ),
    Option(
        "UNSEEN_SHIPPED_DIRECTORY",
        "shipped_directory",
        "true or false",
        "true",
        "Whether the shipped platform files count. False: only your own, so that no real addressee can be reached "
        "(demonstrations and tests).",
        "false",
        parsing.boolean,
    ),
    Option(
        "UNSEEN_CLOCK",
        "clock",
        "'system' or file:/path",
        "system",
        "Which clock the worker and the web server read. A file is for demo and tests.",
        "file:/run/demo/clock",
        parsing.clock,
    ),
    Option(
        "UNSEEN_MAY_FETCH_MEDIA",
        "may_fetch_media",
        "true or false",
        "true",
        "Whether this centre may lawfully load suspected media to fingerprint them. False: pages only.",
        "false",
        parsing.boolean,
    ),
    Option(
        "UNSEEN_START_PAGES",
        "start_pages",
        "file",
        "",
        "One page address per line: where the search for copies starts.",
        "/etc/unseen/start-pages.txt",
        parsing.optional(parsing.path),
        default_note="no pages are scanned",
    ),
    Option(
        "UNSEEN_SCAN_EVERY_HOURS",
        "scan_every_hours",
        "hours, 1 to 720",
        "6",
        "How often the start pages are scanned.",
        "24",
        parsing.hours,
    ),
    Option(
        "UNSEEN_LOG_LEVEL",
        "log_level",
        "DEBUG, INFO, WARNING or ERROR",
        "INFO",
        "The least severe line that is logged. No level logs words or addresses from a report.",
        "WARNING",
        parsing.log_level,
    ),
    Option(
        "UNSEEN_WORKER_NAME",
        "worker_name",
        "text",
        "",
        "Signs the leases of this worker; must differ between workers, and stay the same when one restarts: it then "
        "takes back at once what it had in hand.",
        "worker-2",
        parsing.text,
        default_note="machine name",
    ),
)
