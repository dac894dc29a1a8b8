"""Log lines as JSON that hold ids and counts only: what is not on the list here is not written."""

import json
import logging
from datetime import UTC, datetime
from typing import Any

# Promise 9. Ids are our own; none of these can hold a word or an address from a report.
ALLOWED_KEYS = frozenset(
    {
        "report_id", "case_id", "material_id", "item_id", "notice_id", "recheck_id", "entry_id", "lease_id",
        "platform", "channel", "stage", "rung", "finding", "outcome", "vantage", "due_kind", "command",
        "count", "failed", "done", "waiting", "duration_ms", "size_bytes", "status", "error", "signal", "attempt",
    }
)  # fmt: skip
TEXT_CHARACTERS_MAX = 80  # a slug or an error's class name; longer is a sentence somebody let slip


class JsonLines(logging.Formatter):
    """One JSON object a line. The message is the literal text in our code: arguments are never merged into it."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "what": record.msg if isinstance(record.msg, str) and record.name.startswith("unseen") else "",
        }
        for key, value in record.__dict__.items():
            if key in ALLOWED_KEYS:
                line[key] = _safe(value)
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["where"] = _where(record)
        return json.dumps(line, ensure_ascii=True)


def _safe(value: object) -> object:
    """Numbers pass; text passes if it is short and has no blank, slash or @ that an address or a sentence has."""
    if value is None or isinstance(value, bool | int | float):
        return value
    words = str(value)
    if len(words) > TEXT_CHARACTERS_MAX or any(character in words for character in " /@\n\r\t"):
        return "***"
    return words


def _where(record: logging.LogRecord) -> list[str]:
    """File and line of each frame: a traceback without the values and messages that may quote a report."""
    frames: list[str] = []
    trace = record.exc_info[2] if record.exc_info else None
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}")
        trace = trace.tb_next
    return frames


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error through `JsonLines`."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "unseen.config.log_lines.JsonLines"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # Their own handlers would print the request's address and the traceback with its values.
            "django": {"handlers": [], "level": "WARNING", "propagate": True},
            "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
            "httpx2": {"level": "WARNING"},
            "httpcore2": {"level": "WARNING"},
            "mail.log": {"level": "WARNING"},  # aiosmtpd, the demonstration's relay: a line a command
        },
    }
