"""The other side as a process of its own: a relay and an endpoint that keep what they take before they say so.

What arrived stands in `wire.jsonl`, one line each, with the time of the life's clock.
"""

import email
import email.policy
import json
import os
import re
import socket
import threading
import traceback
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

from tests.faults.real.kinds import Kind
from unseen.testing.clock import FileClock

ADDRESS = "127.1.0.77"
PATIENCE_S = 20.0
_LISTED = re.compile(r"-- locations --\n(.*?)\n-- end --", re.DOTALL)


@dataclass
class Doors:
    """The two doors, opened once by the process that all others are forked from."""

    smtp: socket.socket = field(default_factory=lambda: socket.create_server((ADDRESS, 0), backlog=16))
    http: socket.socket = field(default_factory=lambda: socket.create_server((ADDRESS, 0), backlog=16))

    def port(self, door: socket.socket) -> int:
        return int(door.getsockname()[1])


class OtherSide:
    """Start it with `serve`; `settled` comes back when every conversation of a dead worker is over."""

    def __init__(self, doors: Doors, folder: Path, kind: Kind) -> None:
        ours, theirs = socket.socketpair()
        self._line, self._doors = ours, doors
        self._pid = os.fork()
        if not self._pid:
            try:
                ours.close()
                _Server(doors, folder, kind).serve(theirs)
            finally:
                traceback.print_exc()
                os._exit(1)  # never back into the life of the process that it was forked from
        theirs.close()

    def settled(self) -> None:
        self._line.sendall(b"?")
        assert self._line.recv(1) == b"!", "the other side is gone"

    def end(self) -> None:
        self._line.close()  # it ends when nobody is at the line
        os.waitpid(self._pid, 0)


class _Server:
    def __init__(self, doors: Doors, folder: Path, kind: Kind) -> None:
        self._doors, self._folder, self._kind = doors, folder, kind
        self._clock = FileClock(folder / "clock")
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._talking = 0
        self._keys: dict[str, bytes] = {}

    def serve(self, line: socket.socket) -> None:
        """Answer `?` with `!` when nobody is talking any more. Never returns."""
        for door, converse in ((self._doors.smtp, self._mail), (self._doors.http, self._request)):
            threading.Thread(target=self._accept, args=(door, converse), daemon=True).start()
        while line.recv(1):
            for door in (self._doors.smtp, self._doors.http):  # who came before us was let in before us
                with socket.create_connection(door.getsockname(), PATIENCE_S) as last:
                    last.shutdown(socket.SHUT_WR)
                    while last.recv(1_000):
                        pass
            with self._changed:
                if self._changed.wait_for(lambda: not self._talking, PATIENCE_S):
                    line.sendall(b"!")
        os._exit(0)

    def _accept(self, door: socket.socket, converse: Any) -> None:
        while True:
            line, _ = door.accept()
            with self._changed:
                self._talking += 1
            threading.Thread(target=self._converse, args=(line, converse), daemon=True).start()

    def _converse(self, line: socket.socket, converse: Any) -> None:
        try:
            with line:
                line.settimeout(PATIENCE_S)
                converse(line)
        except OSError:
            pass  # the worker died
        finally:
            with self._changed:
                self._talking -= 1
                self._changed.notify_all()

    def _mail(self, line: socket.socket) -> None:
        file = line.makefile("rb")
        line.sendall(b"220 relay.test\r\n")
        to = ""
        for command in iter(file.readline, b""):
            verb = command[:4].upper()
            if verb == b"RCPT":
                to = command.partition(b"<")[2].partition(b">")[0].decode()
            if verb == b"DATA":
                line.sendall(b"354 go on\r\n")
                raw = _message(file)
                if raw is None:
                    return
                self._take_mail(to, raw)
            line.sendall(b"221 bye\r\n" if verb == b"QUIT" else b"250 relay.test\r\n")
            if verb == b"QUIT":
                return

    def _take_mail(self, to: str, raw: bytes) -> None:
        mail = email.message_from_bytes(raw, policy=email.policy.default)
        key = str(mail["X-Unseen-Notice"])
        if self._kind.has_archive:
            archive = self._folder / "archive" / "new"
            (archive / f"{key}.{len(list(archive.iterdir()))}").write_bytes(raw)
        body = mail.get_body(("plain",))
        assert body is not None
        text = body.get_content()
        self._note("mail", to.rpartition("@")[2], key, text, str(mail["Message-ID"]), str(mail["Subject"]))
        self._answer(to.rpartition("@")[2], str(mail["Message-ID"]))

    def _answer(self, domain: str, message_id: str) -> None:
        if domain in self._kind.refuses:
            words = "We have reviewed your notice and will not remove the content."
            answer = (
                f"From: abuse@{domain}\r\nSubject: Re: notice\r\nIn-Reply-To: {message_id}\r\n\r\n{words}"
            )
        elif domain in self._kind.bounces:
            answer = (
                "From: MAILER-DAEMON@relay.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
                "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
                "--b\r\nContent-Type: text/plain\r\n\r\nNo.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
                "Reporting-MTA: dns; relay.test\r\n\r\nFinal-Recipient: rfc822; x@y.test\r\nAction: failed\r\n"
                "Status: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
                f"Message-ID: {message_id}\r\n\r\n--b--\r\n"
            )
        else:
            return
        draft = self._folder / "inbox" / "tmp" / "answer"
        draft.write_bytes(answer.encode())
        draft.rename(self._folder / "inbox" / "new" / f"{domain}.{message_id.strip('<>')}")

    def _request(self, line: socket.socket) -> None:
        got = b""
        while chunk := line.recv(65_536):
            got += chunk
            head, found, body = got.partition(b"\r\n\r\n")
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
            if not found or len(body) < (int(length[1]) if length else 0):
                continue
            line.sendall(self._answered(head, body))
            got = b""

    def _answered(self, head: bytes, body: bytes) -> bytes:
        if head.startswith(b"GET "):
            key = head.split(b" ")[1].rpartition(b"/")[2].decode()
            return _http(200, _receipt(key)) if key in self._keys else _http(404, b"{}")
        found = re.search(rb"(?i)\r\nidempotency-key: *(\S+)", head)
        assert found is not None
        key = found[1].decode()
        if key not in self._keys:
            self._keys[key] = body
            said = json.loads(body)
            self._note("api", "api.test", key, said["statement"], said["notice_id"], "")
        elif self._keys[key] != body:
            self._note("another body under one key", "api.test", key, "", "", "")
        return _http(202, _receipt(key))

    def _note(self, how: str, domain: str, key: str, text: str, wire_id: str, subject: str) -> None:
        found = _LISTED.search(text.replace("\r\n", "\n"))
        arrived = {
            "how": how, "domain": domain, "key": key, "id": wire_id, "subject": subject, "text": text,
            "locations": found[1].split("\n") if found else [], "at": self._clock.now().isoformat(),
        }  # fmt: skip
        with self._lock, (self._folder / "wire.jsonl").open("a") as file:
            file.write(json.dumps(arrived) + "\n")


def _message(file: BufferedReader) -> bytes | None:
    kept = b""
    while not kept.endswith(b"\r\n.\r\n"):
        got = file.readline()
        if not got:
            return None  # half a message is none
        kept += got
    return b"\r\n".join(one.removeprefix(b".") for one in kept[:-5].split(b"\r\n")) + b"\r\n"


def _receipt(key: str) -> bytes:
    return json.dumps({"receipt": f"R-{key}"}).encode()


def _http(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d Said\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


def read_wire(folder: Path) -> list[dict[str, Any]]:
    """Everything that arrived, in order."""
    path = folder / "wire.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
