"""What every test starts from: options of its own, whatever the developer's environment says."""

import os
import tempfile

import django

from unseen.config.languages import compile_catalogues

# xdist's workers inherit the folder of the process that started them; pytest-django gives each a database of its own.
if "PYTEST_XDIST_WORKER" not in os.environ:
    for variable in [name for name in os.environ if name.startswith("UNSEEN_")]:
        del os.environ[variable]
    _FOLDER = tempfile.TemporaryDirectory(prefix="unseen-tests-", ignore_cleanup_errors=True)
    os.environ["UNSEEN_DATA_DIR"] = _FOLDER.name
    os.environ["UNSEEN_SECRET_KEY"] = "only-for-tests-" * 4
    os.environ["UNSEEN_ORGANISATION"] = "Support Centre Example"
    os.environ["UNSEEN_ORGANISATION_EMAIL"] = "notices@centre.example"
    os.environ["UNSEEN_SIGNATORY"] = "Head of the centre"
    os.environ["UNSEEN_LOG_LEVEL"] = "ERROR"
    compile_catalogues()  # a test reads the translations as they are written now, not as of the last set-up

os.environ["DJANGO_SETTINGS_MODULE"] = "unseen.config.settings"
# Under pytest itself, so that the first import of a model in a test module finds the settings.
django.setup()
