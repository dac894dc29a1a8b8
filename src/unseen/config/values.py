"""The types that option values have after parsing, and the error that names a wrong one."""

from dataclasses import dataclass, field
from pathlib import Path


class OptionError(ValueError):
    """A variable of the environment has a value that cannot work; says which one, why, and the cure."""

    def __init__(self, variable: str, problem: str, cure: str) -> None:
        super().__init__(f"{variable}: {problem} Cure: {cure}")
        self.variable = variable
        self.problem = problem
        self.cure = cure


@dataclass(frozen=True, repr=False)
class Secret:
    """A text that prints as ***; `reveal()` is the only way to read it, so every use can be found by name."""

    _text: str = field(repr=False)

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)


@dataclass(frozen=True)
class SqliteDatabase:
    """One file; the default."""

    path: Path

    def __str__(self) -> str:
        return f"sqlite:///{self.path}"


@dataclass(frozen=True)
class PostgresDatabase:
    """A PostgreSQL server; `host` may be a folder that holds its unix socket, empty means the library's default."""

    name: str
    host: str = ""
    port: int = 5432
    role: str = ""
    password: Secret = field(default_factory=lambda: Secret(""))
    sslmode: str = ""

    def __str__(self) -> str:
        password = ":***" if self.password else ""
        login = f"{self.role}{password}@" if self.role else ""
        if self.host.startswith("/"):
            return f"postgresql://{login}/{self.name}?host={self.host}"
        return f"postgresql://{login}{self.host}:{self.port}/{self.name}"


Database = SqliteDatabase | PostgresDatabase


@dataclass(frozen=True)
class SmtpServer:
    """The centre's own mail relay. `tls`: "none", "starttls" or "implicit"."""

    host: str
    port: int
    login: str = ""
    tls: str = "none"

    def __str__(self) -> str:
        scheme = {"none": "smtp", "starttls": "smtp+starttls", "implicit": "smtps"}[self.tls]
        login = f"{self.login}@" if self.login else ""
        return f"{scheme}://{login}{self.host}:{self.port}"


@dataclass(frozen=True)
class Bind:
    """Where the web server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class ClockOption:
    """Which clock the worker reads: the system's, or (demo and tests only) a file that another process sets."""

    file: Path | None = None

    def __str__(self) -> str:
        return f"file:{self.file}" if self.file else "system"
