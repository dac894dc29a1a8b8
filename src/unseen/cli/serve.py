"""`unseen serve`: the desk and the intake API in one process."""

import sys

import typer
from django.conf import settings
from django.core.management import call_command
from gunicorn.app.base import BaseApplication

from unseen.accounts.queries import anybody_can_log_in
from unseen.config.wsgi import application

THREADS = 8


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, bind: str) -> None:
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self._bind)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("loglevel", "warning")

    def load(self) -> object:
        return application


def serve() -> None:
    """Serve the desk and the intake API at UNSEEN_BIND. Stop it with Ctrl-C."""
    call_command("migrate", verbosity=0)
    sys.argv = ["unseen serve"]  # gunicorn reads it for the process title
    if not anybody_can_log_in():
        typer.echo("nobody can log in to the desk yet: add a person with `unseen staff add NAME`", err=True)
    print(f"Unseen serves http://{settings.UNSEEN.bind}", flush=True)
    _Server(str(settings.UNSEEN.bind)).run()
