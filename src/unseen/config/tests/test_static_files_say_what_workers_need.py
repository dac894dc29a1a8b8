"""The headers of what a reporter's browser loads, as the server in force sends them."""

from wsgiref.headers import Headers

import pytest
from django.test import Client

from unseen.config.static_headers import add_headers


@pytest.mark.django_db  # the end of a request looks at the connection
@pytest.mark.parametrize("file", ["door/door.css", "web/desk.css"])
def test_a_page_with_embedder_protection_may_load_it(file: str) -> None:
    answer = Client().get(f"/static/{file}")
    answer.close()
    assert answer.status_code == 200
    assert answer["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_the_worker_on_the_device_reaches_nobody_but_us() -> None:
    headers = Headers()
    add_headers(headers, "/anywhere/worker.js", "/static/web/device/assets/worker.js")
    policy = headers["Content-Security-Policy"]
    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert "connect-src 'self'" in policy
    assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", "")
