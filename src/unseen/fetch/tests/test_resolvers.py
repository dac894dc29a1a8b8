"""Names become addresses by the system or by a hosts file."""

import os
import socket
import threading
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

from unseen.fetch.resolver import HostsFileResolver, NameNotFound, SystemResolver
from unseen.fetch.tests.site import Names


def test_a_hosts_file_answers_with_all_addresses_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("# the demo\n127.1.0.1 a.test b.test # two\n\n::1 A.test\n")
    resolver = HostsFileResolver(path)
    assert resolver.resolve("a.test", 1) == (ip_address("127.1.0.1"), ip_address("::1"))
    assert resolver.resolve("B.test", 1) == (ip_address("127.1.0.1"),)


def test_a_changed_hosts_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("127.1.0.1 a.test\n")
    resolver = HostsFileResolver(path)
    resolver.resolve("a.test", 1)
    path.write_text("127.1.0.2 a.test\n")
    os.utime(path, ns=(1, 1))
    assert resolver.resolve("a.test", 1) == (ip_address("127.1.0.2"),)


def test_a_name_outside_the_file_goes_to_the_next_resolver_or_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "hosts"
    path.write_text("127.1.0.1 a.test\n")
    with pytest.raises(NameNotFound):
        HostsFileResolver(path).resolve("other.test", 1)
    behind = Names({"other.test": ["8.8.8.8"]})
    assert HostsFileResolver(path, behind).resolve("other.test", 1) == (ip_address("8.8.8.8"),)
    HostsFileResolver(path, behind).resolve("a.test", 1)
    assert behind.asked == ["other.test"]


@pytest.mark.parametrize("text", ["a.test 127.0.0.1\n", None])
def test_a_hosts_file_that_cannot_be_read_finds_no_name(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "hosts").write_text(text)
    with pytest.raises(NameNotFound, match="hosts file"):
        HostsFileResolver(tmp_path / "hosts").resolve("a.test", 1)


def test_the_system_is_asked_once_and_repetitions_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    row = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.1", 0))
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [row, row])
    assert SystemResolver().resolve("a.test", 1) == (ip_address("192.0.2.1"),)


def test_a_name_that_the_system_does_not_know_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(8, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(NameNotFound, match="no address"):
        SystemResolver().resolve("a.test", 1)


def test_name_servers_that_do_not_answer_are_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: release.wait(5) and [])
    with pytest.raises(NameNotFound, match="did not answer"):
        SystemResolver().resolve("a.test", 0.05)
    release.set()
