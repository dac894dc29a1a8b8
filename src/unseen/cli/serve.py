"""`unseen serve`: the desk and the intake API in two processes."""

import sys

import typer
from django.conf import settings
from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger

from unseen.accounts.queries import anybody_can_log_in
from unseen.cli.start import start
from unseen.config.log_lines import JsonLines
from unseen.config.wsgi import application

# `make benchmark-door`, two cores: one process of eight threads took 107 reports a second, since threads wait for each other's
# turn in Python; two processes of two threads took 137 to 183. Each process keeps its own budgets in memory, so whoever types
# wrong receipts has up to twice the tries that domain/limits.py names.
PROCESSES = 2
THREADS = 2


class ServerLog(Logger):  # type: ignore[misc]  # gunicorn ships no types
    """Gunicorn's own lines quote the request and name its sender; through our filter they hold neither (promise 9)."""

    def setup(self, cfg: Config) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(JsonLines())


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    def __init__(self, bind: str) -> None:
        self._bind = bind
        super().__init__()

    def load_config(self) -> None:
        self.cfg.set("bind", self._bind)
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("threads", THREADS)
        self.cfg.set("workers", PROCESSES)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("loglevel", "warning")
        self.cfg.set("logger_class", ServerLog)

    def load(self) -> object:
        return application


def serve() -> None:
    """Serve the desk and the intake API at UNSEEN_BIND. Stop it with Ctrl-C."""
    start()
    sys.argv = ["unseen serve"]  # gunicorn reads it for the process title
    if not anybody_can_log_in():
        typer.echo(
            "nobody can log in to the desk yet: add a person with `unseen staff add NAME --role administrator`",
            err=True,
        )
    _let_go_of_the_database()
    print(f"Unseen serves http://{settings.UNSEEN.bind}", flush=True)
    _Server(str(settings.UNSEEN.bind)).run()


def _let_go_of_the_database() -> None:
    """The processes that serve are forks of this one, and no connection may be used on both sides of a fork."""
    for connection in connections.all():
        connection.close()
        if connection.vendor == "postgresql":
            connection.close_pool()  # type: ignore[attr-defined]  # of Django's PostgreSQL backend only
