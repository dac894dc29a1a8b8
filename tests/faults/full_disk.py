"""A centre on a small disk: `python -m tests.faults.full_disk` files reports until it is full, and says each that was acknowledged.

It waits for a line on its input, in which time somebody makes room, and files one more.
"""

import json
import sys
from typing import Any

from tests.faults.commands import set_up_django


def main() -> None:
    set_up_django()
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    client = Client(headers={"host": "localhost"})
    status = 201
    while status == 201:
        status = file(client)
    sys.stdin.readline()
    file(client)


def file(client: Any) -> int:
    """File a report of many locations by the intake API, and say the answer."""
    body = {
        "age_band": "adult",
        "may_share": False,
        "materials": [{"kind": "image", "pdq": "5a" * 32, "quality": 90}],
        "locations": [f"http://prompt.test/{number}/{'a' * 1_000}" for number in range(100)],
    }
    answer = client.post("/api/intake/reports", json.dumps(body), content_type="application/json")
    sys.stdout.write(json.dumps({"status": answer.status_code, **answer.json()}) + "\n")
    sys.stdout.flush()
    return int(answer.status_code)


if __name__ == "__main__":
    main()
