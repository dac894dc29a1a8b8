import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

LOOK = """
import json, unseen.config.settings as s
print(json.dumps([s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0]))
"""


def settings_with(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    environ = {"UNSEEN_DATA_DIR": str(folder), "PATH": os.environ["PATH"], **environ}
    return subprocess.run(
        [sys.executable, "-c", LOOK], env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("environ", "over_tls"),
    [
        ({}, False),
        ({"UNSEEN_ALLOWED_HOSTS": "unseen.centre.example"}, True),
        ({"UNSEEN_BIND": "192.0.2.1:8000"}, True),
        ({"UNSEEN_BIND": "192.0.2.1:8000", "UNSEEN_DEBUG": "true"}, False),
    ],
)
def test_cookies_need_tls_as_soon_as_others_can_reach_the_desk(
    tmp_path: Path, environ: dict[str, str], over_tls: bool
) -> None:
    assert json.loads(settings_with(tmp_path, **environ).stdout) == [over_tls] * 3


def test_a_wrong_option_stops_the_start_by_its_name(tmp_path: Path) -> None:
    done = settings_with(tmp_path, UNSEEN_BIND="everywhere")
    assert done.returncode != 0
    assert "UNSEEN_BIND: 'everywhere' is not address:port. Cure:" in done.stderr


@pytest.mark.django_db
def test_every_answer_forbids_what_a_page_does_not_need(client: Client) -> None:
    answer = client.get("/no-such-page")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["X-Frame-Options"] == "DENY"


def test_passwords_are_kept_as_argon2_only() -> None:
    assert settings.PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_an_uploaded_file_is_never_stored() -> None:
    assert settings.FILE_UPLOAD_HANDLERS == []
