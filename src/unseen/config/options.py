"""What is in force: every option of Unseen, read from the environment and from nowhere else."""

import difflib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Any

from unseen.config import parsing
from unseen.config.option_table import OPTIONS, Option
from unseen.config.values import (
    Bind,
    ClockOption,
    Database,
    OptionError,
    Secret,
    SmtpServer,
    SqliteDatabase,
)
from unseen.fetch.vantage import Vantage

__all__ = ["OPTIONS", "Option", "OptionError", "Options", "Secret", "load"]

SECRET_FILE_BYTES_MAX = 4096  # a password or key; anything longer is the wrong file


@dataclass(frozen=True)
class Options:
    """What is in force. One field per row of `OPTIONS`, in the same order."""

    data_dir: Path
    database: Database
    secret_key: Secret | None
    key_file: Path | None
    debug: bool
    allowed_hosts: tuple[str, ...]
    bind: Bind
    organisation: str
    organisation_email: str
    organisation_domain: str
    signatory: str
    country: str
    smtp: SmtpServer | None
    smtp_password: Secret
    smtp_sender: str
    dkim_key: Path | None
    dkim_selector: str
    public_address: str | None
    exit_address: str | None
    inbox: Path | None
    sent_archive: Path | None
    hosts_file: Path | None
    fetch_allow_networks: tuple[IPv4Network | IPv6Network, ...]
    fetch_ports: tuple[int, ...]
    vantages: tuple[Vantage, ...]
    directory: Path | None
    shipped_directory: bool
    rdap_bootstrap: Path | None
    clock: ClockOption
    may_fetch_media: bool
    start_pages: Path | None
    scan_every_hours: int
    log_level: str
    worker_name: str
    native: str


def load(environ: Mapping[str, str]) -> Options:
    """Read all options; raise `OptionError` that names the first variable that cannot work, and its cure."""
    _refuse_unknown(environ)
    values = {option.field: _read(option, environ) for option in OPTIONS}
    values["database"] = values["database"] or SqliteDatabase(values["data_dir"] / "unseen.sqlite3")
    values["organisation_domain"] = (
        values["organisation_domain"] or values["organisation_email"].rpartition("@")[2]
    )
    values["smtp_sender"] = values["smtp_sender"] or values["organisation_email"]
    values["worker_name"] = values["worker_name"] or socket.gethostname()
    options = Options(**values)
    _refuse_contradictions(options)
    return options


def _read(option: Option, environ: Mapping[str, str]) -> Any:
    variable, raw = option.variable, environ.get(option.variable, "")
    file_variable = f"{option.variable}_FILE"
    if option.secret and environ.get(file_variable):
        if raw:
            raise OptionError(
                file_variable, f"it is set together with {variable}.", "set only one of the two."
            )
        variable, raw = file_variable, _content(file_variable, Path(environ[file_variable]))
    try:
        return option.parse(raw.strip() or option.default)
    except parsing.Unreadable as error:
        cure = f"give {option.kind}, for example {option.example}"
        raise OptionError(variable, str(error), cure) from error


def _content(variable: str, path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            text = file.read(SECRET_FILE_BYTES_MAX + 1)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise OptionError(
            variable, f"the file {path} cannot be read ({reason}).", "name a readable text file."
        ) from error
    if not text.strip() or len(text) > SECRET_FILE_BYTES_MAX:
        raise OptionError(
            variable, f"the file {path} is empty or too long.", "name a file that holds the secret only."
        )
    return text


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    """A misspelt variable would otherwise be ignored in silence."""
    known = {option.variable for option in OPTIONS}
    known |= {f"{option.variable}_FILE" for option in OPTIONS if option.secret}
    for variable in sorted(environ):
        if variable.startswith("UNSEEN_") and variable not in known:
            near = difflib.get_close_matches(variable, known, n=1, cutoff=0.5)
            cure = f"did you mean {near[0]}? " if near else ""
            raise OptionError(
                variable, "there is no such option.", f"{cure}`unseen config` lists all of them."
            )


def _refuse_contradictions(options: Options) -> None:
    smtp = options.smtp
    if smtp and options.smtp_password and not smtp.login:
        raise OptionError(
            "UNSEEN_SMTP_PASSWORD", "UNSEEN_SMTP has no login for it.", "write smtps://login@host:465."
        )
    if smtp and smtp.login and smtp.tls == "none":
        raise OptionError(
            "UNSEEN_SMTP",
            "a login over smtp:// would cross the network in the clear.",
            "use smtp+starttls:// or smtps://.",
        )
    if options.dkim_key is not None and not options.dkim_key.is_file():
        raise OptionError(
            "UNSEEN_DKIM_KEY",
            f"there is no file {options.dkim_key}.",
            "name the PEM file of the key, or leave it empty where the relay signs.",
        )
    if not options.fetch_ports:
        raise OptionError("UNSEEN_FETCH_PORTS", "it names no port.", "give at least one, for example 80,443.")
