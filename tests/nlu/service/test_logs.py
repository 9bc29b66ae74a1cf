"""The dialogue service's log tells what broke and where, and nothing of what a citizen wrote."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from dialogue.errors import ActionAwayError
from dialogue.logs import JsonLines
from test_turns import said

PHONE = "13800001234"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the service writes to its log during the test."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)


def _unreadable() -> Exception:
    try:
        int(f"X{PHONE}")
    except ValueError as error:
        return error
    raise AssertionError("it was read")


async def test_a_defect_is_told_without_the_words_it_broke_on(service, tiny_actions, log):
    tiny_actions.failure = _unreadable()
    await service.turn(said(f"数一数 {PHONE}", kind="button", payload="/count"))
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    told = [line["exception"] for line in lines if "exception" in line]
    assert told
    assert "builtins.ValueError" in told[0]
    assert " run\n" in told[0] + "\n"
    assert PHONE not in log.getvalue()


def test_an_error_of_the_house_keeps_its_text():
    error = ActionAwayError("action_count")
    text = JsonLines().formatException((type(error), error, None))
    assert text == "dialogue.errors.ActionAwayError: action_count"


def test_what_asyncio_quotes_is_left_out():
    record = logging.LogRecord(
        "asyncio", logging.ERROR, "", 0, f"Task exception was never retrieved\nfuture: {PHONE}",
        (), None,
    )  # fmt: skip
    line = JsonLines().format(record)
    assert json.loads(line)["event"] == "Task exception was never retrieved"
