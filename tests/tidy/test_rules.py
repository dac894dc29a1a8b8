"""The house rules hold in the whole package, and each of them bites."""

import pytest

from tests.tidy import rules
from tests.tidy.rules import RULES, Rule
from tests.tidy.source import Source, sources

pytestmark = pytest.mark.thorough

LONG_FUNCTION = "def f() -> None:\n" + "    pass\n" * 60
AT_THE_LIMIT = "def f() -> None:\n" + "    pass\n" * 59

PLANTED = [
    (rules.no_clock_reads, "casework/due.py", "from datetime import datetime\nx = datetime.now(tz=None)\n"),
    (rules.no_clock_reads, "domain/item.py", "import time\nx = time.time()\n"),
    (
        rules.no_clock_reads,
        "takedown/models.py",
        "from django.utils import timezone\nf = Field(default=timezone.now)\n",
    ),
    (rules.no_clock_reads, "takedown/actions.py", "from unseen.clock import now as present\nx = present()\n"),
    (rules.no_broad_except, "fetch/page.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    (rules.no_broad_except, "fetch/page.py", "try:\n    pass\nexcept:\n    pass\n"),
    (
        rules.no_broad_except,
        "fetch/page.py",
        "try:\n    pass\nexcept (ValueError, BaseException):\n    pass\n",
    ),
    (rules.no_long_function, "web/views.py", LONG_FUNCTION),
    (rules.no_long_file, "web/views.py", "x = 1\n" * 451),
    (rules.writes_rows_in_actions_only, "intake/views.py", "report.save()\n"),
    (rules.writes_rows_in_actions_only, "intake/views.py", "report.save(update_fields=['state'])\n"),
    (
        rules.writes_rows_in_actions_only,
        "takedown/due.py",
        "Notice.objects.filter(pk=1).update(state='sent')\n",
    ),
    (rules.writes_rows_in_actions_only, "takedown/due.py", "Notice.objects.create(pk=1)\n"),
    (rules.writes_rows_in_actions_only, "takedown/queries.py", "row.delete()\n"),
    (rules.no_environment_reads, "fetch/guard.py", "import os\nx = os.environ['HTTP_PROXY']\n"),
    (rules.no_environment_reads, "fetch/guard.py", "import os\nx = os.getenv('HTTP_PROXY')\n"),
    (rules.no_promises_to_finish_later, "domain/item.py", "x = 1  # TO" + "DO: later\n"),
    (rules.every_exception_to_a_rule_has_a_reason, "domain/item.py", "x = 1  # no" + "qa\n"),
    (rules.every_exception_to_a_rule_has_a_reason, "domain/item.py", "x = 1  # no" + "qa: E501\n"),
    (
        rules.every_exception_to_a_rule_has_a_reason,
        "domain/item.py",
        "x = 1  # type: ig" + "nore[arg-type]\n",
    ),
    (rules.no_em_dash, "domain/item.py", '"""One \N{EM DASH} two."""\n'),
]

ALLOWED = [
    (rules.no_clock_reads, "worker.py", "from unseen.clock import now\nx = now()\n"),
    (rules.no_clock_reads, "fetch/fetcher.py", "import time\nx = time.monotonic()\n"),
    (rules.no_clock_reads, "domain/item.py", "def f(now):\n    return now\n"),
    (rules.no_broad_except, "worker.py", "try:\n    pass\nexcept Exception:\n    pass\n"),
    (rules.no_broad_except, "fetch/page.py", "try:\n    pass\nexcept (OSError, ValueError):\n    pass\n"),
    (rules.no_long_function, "web/views.py", AT_THE_LIMIT),
    (rules.no_long_file, "web/views.py", "x = 1\n" * 450),
    (rules.writes_rows_in_actions_only, "takedown/actions.py", "Notice.objects.create(pk=1)\n"),
    (rules.writes_rows_in_actions_only, "takedown/due.py", "digest.update(b'')\nfound.update({})\n"),
    (rules.writes_rows_in_actions_only, "fingerprint/image.py", "image.save(path)\n"),
    (rules.no_environment_reads, "config/settings.py", "import os\nx = os.environ\n"),
    (
        rules.every_exception_to_a_rule_has_a_reason,
        "domain/item.py",
        "x = 1  # no" + "qa: E501 - the law's own words\n",
    ),
    (
        rules.every_exception_to_a_rule_has_a_reason,
        "domain/item.py",
        "x = 1  # type: ig" + "nore[arg-type] # no stubs\n",
    ),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_package_keeps_the_rule(rule: Rule) -> None:
    broken = [str(violation) for source in sources() for violation in rule(source)]
    assert not broken, "\n".join(broken)


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED)
def test_a_planted_violation_is_found(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Source(name, text)))


@pytest.mark.parametrize(("rule", "name", "text"), ALLOWED)
def test_what_is_allowed_is_not_reported(rule: Rule, name: str, text: str) -> None:
    assert not list(rule(Source(name, text)))


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _, _ in PLANTED} == set(RULES)
