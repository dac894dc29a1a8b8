import json

import pytest
from gunicorn.config import Config

from unseen.cli.serve import ServerLog


def test_a_broken_request_is_counted_but_neither_quoted_nor_traced_to_its_sender(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log = ServerLog(Config())
    log.warning("Invalid request from ip=192.0.2.7: Invalid HTTP request line: 'GET /?q=a-name'")
    log.error("Error handling request %s %s", "GET", "/?q=a-name")
    lines = capsys.readouterr().err.splitlines()
    assert [json.loads(line)["from"] for line in lines] == ["gunicorn.error"] * 2
    assert all(word not in line for line in lines for word in ("192.0.2.7", "a-name", "GET"))
