"""Turning a host's name into addresses: the system's resolver, or a hosts file (demo and tests)."""

import socket
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Protocol

from unseen.fetch.addresses import Address


class NameNotFound(Exception):
    """A name has no address, or nobody answered in time. The message does not repeat the name.

    `no_such_name`: somebody answered, and the answer is that there is no such name or that it has no address.
    """

    def __init__(self, words: str, *, no_such_name: bool = False) -> None:
        super().__init__(words)
        self.no_such_name = no_such_name


class Resolver(Protocol):
    """Anything that can turn a name into addresses."""

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        """All addresses of `host` in the order to try them, never empty. Raises NameNotFound."""
        ...


class SystemResolver:
    """Asks the operating system. getaddrinfo cannot be interrupted, so it runs in a thread that may be left."""

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        answers: list[Address] = []
        troubles: list[int] = []

        def ask() -> None:
            try:
                found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            except OSError as error:
                troubles.append(error.errno or 0)
                return
            except UnicodeError:
                troubles.append(socket.EAI_NONAME)
                return
            answers.extend(ip_address(str(row[4][0])) for row in found)

        asking = threading.Thread(target=ask, daemon=True, name="unseen-resolver")
        asking.start()
        asking.join(timeout_s)
        if asking.is_alive():
            raise NameNotFound(f"the name servers did not answer within {timeout_s:.0f} s")
        if troubles or not answers:
            raise NameNotFound("the name has no address", no_such_name=troubles == [socket.EAI_NONAME])
        return tuple(dict.fromkeys(answers))


class HostsFileResolver:
    """Reads lines of `<address> <name> [<name>...]`; asks `otherwise` for names that are not in the file.

    The file is read again whenever it changes. Without `otherwise` an unlisted name does not exist.
    """

    def __init__(self, path: Path, otherwise: Resolver | None = None) -> None:
        self._path = path
        self._otherwise = otherwise
        self._seen: tuple[int, int, int] | None = None
        self._names: dict[str, tuple[Address, ...]] = {}

    def resolve(self, host: str, timeout_s: float) -> tuple[Address, ...]:
        found = self._table().get(host.lower().removesuffix("."))
        if found:
            return found
        if self._otherwise is None:
            raise NameNotFound("the name is not in the hosts file", no_such_name=True)
        return self._otherwise.resolve(host, timeout_s)

    def _table(self) -> dict[str, tuple[Address, ...]]:
        try:
            stat = self._path.stat()
            seen = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            if seen != self._seen:
                self._names = read_hosts(self._path.read_text(encoding="utf-8"))
                self._seen = seen
        except OSError as error:
            raise NameNotFound(f"the hosts file cannot be read ({error.strerror})") from error
        return self._names


def read_hosts(text: str) -> dict[str, tuple[Address, ...]]:
    """The names of a hosts file with their addresses in file order; `#` starts a comment."""
    names: dict[str, tuple[Address, ...]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            address = ip_address(words[0])
        except ValueError as error:
            raise NameNotFound(f"line {number} of the hosts file does not begin with an address") from error
        for name in words[1:]:
            names[name.lower()] = (*names.get(name.lower(), ()), address)
    return names
