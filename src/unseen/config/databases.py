"""Django's DATABASES, for one SQLite file or one PostgreSQL server."""

from typing import Any

from unseen.config.options import Options
from unseen.config.values import PostgresDatabase, SqliteDatabase

# A writer holds SQLite's one write lock for milliseconds; a wait this long means something is stuck.
BUSY_TIMEOUT_S = 20.0
# Connections of one process: the web server's threads, or the worker and its probes.
POOL_CONNECTIONS_MAX = 16
POOL_WAIT_S = 10.0
PREPARED_AFTER = 3  # times that a connection has sent the same statement

# To open and close a file for every request costs 3 ms, for the last one to close it writes the whole WAL back.
SQLITE_KEPT_OPEN_S = 600

# WAL: readers do not wait for the writer. FULL: a commit survives a power cut (NORMAL may lose the last ones).
# secure_delete: what is removed or overwritten is overwritten with zeros, in the page and in the freelist.
SQLITE_PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": "FULL",
    "foreign_keys": "ON",
    "secure_delete": "ON",
}


def databases(options: Options) -> dict[str, dict[str, Any]]:
    if isinstance(options.database, PostgresDatabase):
        return {"default": _postgres(options.database)}
    return {"default": _sqlite(options.database)}


def _sqlite(database: SqliteDatabase) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(database.path),
        "CONN_MAX_AGE": SQLITE_KEPT_OPEN_S,
        "OPTIONS": {
            "timeout": BUSY_TIMEOUT_S,
            # Taking the write lock at BEGIN; upgrading a read transaction later fails at once with "locked".
            "transaction_mode": "IMMEDIATE",
            "init_command": "".join(f"PRAGMA {name}={value};" for name, value in SQLITE_PRAGMAS.items()),
        },
        # A file, as in production: an in-memory database has neither WAL nor the same locks.
        "TEST": {"NAME": str(database.path.with_name(f"test-{database.path.name}"))},
    }


def _postgres(database: PostgresDatabase) -> dict[str, Any]:
    options: dict[str, Any] = {
        "pool": {"min_size": 1, "max_size": POOL_CONNECTIONS_MAX, "timeout": POOL_WAIT_S},
        # The driver's C code binds the values, and a statement that comes again is not parsed again.
        "server_side_binding": True,
        "prepare_threshold": PREPARED_AFTER,
        # Planned for its values each time: a plan for any time at all would read the whole table to learn that nothing is due.
        "options": "-c plan_cache_mode=force_custom_plan",
    }
    if database.sslmode:
        options["sslmode"] = database.sslmode
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": database.port,
        "USER": database.role,
        "PASSWORD": database.password.reveal(),
        "OPTIONS": options,
    }
