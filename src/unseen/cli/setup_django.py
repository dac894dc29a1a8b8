"""Make Django ready for a command that needs the centre's database."""

import os
import sys

from unseen.config.values import OptionError

USAGE = 2


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
