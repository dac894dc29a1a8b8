import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from unseen.config.log_lines import JsonLines


@pytest.fixture
def lines() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("unseen.test_log_lines")
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield logger, stream
    logger.removeHandler(handler)


def test_ids_and_counts_are_written(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("notice sent", extra={"notice_id": 7, "count": 3, "platform": "slow"})
    line: dict[str, Any] = json.loads(stream.getvalue())
    assert (line["what"], line["notice_id"], line["count"], line["platform"]) == ("notice sent", 7, 3, "slow")


def test_what_is_not_on_the_list_is_dropped(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("report received", extra={"location": "https://slow.test/p/1", "words": "Xyzzy"})
    assert "slow.test" not in stream.getvalue()
    assert "Xyzzy" not in stream.getvalue()


def test_an_allowed_key_cannot_smuggle_an_address(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("probe failed", extra={"platform": "https://slow.test/p/1", "error": "two words"})
    line = json.loads(stream.getvalue())
    assert line["platform"] == line["error"] == "***"


def test_arguments_are_never_merged_into_the_message(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    logger.warning("fetched %s", "https://slow.test/p/1")
    assert json.loads(stream.getvalue())["what"] == "fetched %s"


def test_a_traceback_names_places_and_no_values(lines: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = lines
    try:
        raise ValueError("https://slow.test/p/1")  # noqa: TRY301 - the test needs a traceback
    except ValueError:
        logger.exception("worker failed")
    line = json.loads(stream.getvalue())
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith(f"{__name__}:")
    assert "slow.test" not in stream.getvalue()


def test_a_library_cannot_write_words_of_its_own(lines: tuple[logging.Logger, io.StringIO]) -> None:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, "Not Found: /p/1", (), None)
    assert "/p/1" not in JsonLines().format(record)
