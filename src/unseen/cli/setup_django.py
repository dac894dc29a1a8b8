"""Make Django ready for a command that needs the centre's database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from unseen.config.values import OptionError

FAILED, USAGE = 1, 2


def setup_django() -> None:
    """Load the options in force; a wrong one is named with its cure, and the command ends with exit code 2."""
    # Here and not above: the media commands start without Django, and are the faster for it.
    import django
    from django.core.exceptions import ImproperlyConfigured

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "unseen.config.settings")
    try:
        django.setup()
    except (OptionError, ImproperlyConfigured) as error:
        print(error, file=sys.stderr)
        raise SystemExit(USAGE) from None


def migrate() -> None:
    """Bring the tables up to date."""
    from django.core.management import call_command

    with named_database_trouble():
        call_command("migrate", verbosity=0)


@contextmanager
def named_database_trouble() -> Iterator[None]:
    """A database that cannot be reached or read is named with its cure, and the command ends with exit code 1."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        why = " ".join(str(error).split())
        print(
            f"the database cannot be used ({why}): check DATABASE_URL, that its server runs, and its rights",
            file=sys.stderr,
        )
        raise SystemExit(FAILED) from None
