"""The log tells what broke and where, and nothing of what a citizen wrote."""

from __future__ import annotations

import asyncio
import builtins
import errno
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from backend.errors import NotFoundError
from paoyici.serve import log_as_json
from paoyici.tracebacks import BareText, bare

PHONE = "13800001234"


@pytest.fixture
def json_log() -> Iterator[None]:
    """Log as the product does, until the test ends."""
    log_as_json("INFO")
    yield
    structlog.reset_defaults()


def raised(work: object) -> BaseException:
    """Return what a function raises, with its traceback."""
    try:
        work()  # type: ignore[operator]
    except (KeyError, ValueError) as error:
        return error
    raise AssertionError("nothing was raised")


def reads_a_number() -> None:
    try:
        int(f"X{PHONE}")
    except ValueError as error:
        raise KeyError(f"X{PHONE}") from error


def test_a_traceback_tells_kind_file_line_and_function_only(json_log, capsys):
    structlog.get_logger().error("turn.defect", exc_info=raised(reads_a_number))
    line = capsys.readouterr().out
    assert PHONE not in line
    told = json.loads(line)["exception"]
    assert [each["type"] for each in told] == ["builtins.KeyError", "builtins.ValueError"]
    assert all("message" not in each for each in told)
    assert told[0]["frames"][-1].endswith(" reads_a_number")
    assert f"{__file__}:" in told[0]["frames"][-1]


def test_the_members_of_a_group_are_told_too():
    group = builtins.ExceptionGroup(PHONE, [ValueError(PHONE), raised(reads_a_number)])  # type: ignore[list-item]
    told = bare((type(group), group, None))
    assert [each["type"].rpartition(".")[2] for each in told] == [
        "ExceptionGroup",
        "ValueError",
        "KeyError",
        "ValueError",
    ]
    assert PHONE not in str(told)


def test_an_error_of_the_house_keeps_its_key():
    error = NotFoundError("case.not_found", number=PHONE)
    told = bare((type(error), error, None))
    assert told == [
        {"type": "backend.errors.NotFoundError", "message": "case.not_found", "frames": []}
    ]


def test_what_a_library_logs_is_bare_too():
    error = raised(reads_a_number)
    record = logging.LogRecord(
        "aiohttp.server", logging.ERROR, "web.py", 1, "Error handling request", (), None
    )
    record.exc_info = (type(error), error, error.__traceback__)
    text = BareText().format(record)
    assert "Error handling request" in text
    assert "builtins.KeyError" in text
    assert " reads_a_number" in text
    assert PHONE not in text


async def test_a_task_nobody_waited_for_is_told_without_its_error():
    written: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(BareText().format(record))  # type: ignore[method-assign]
    logging.getLogger("asyncio").addHandler(handler)
    try:
        error = raised(reads_a_number)
        loop = asyncio.get_running_loop()
        loop.default_exception_handler(
            {"message": "Task exception was never retrieved", "exception": error, "why": PHONE}
        )
    finally:
        logging.getLogger("asyncio").removeHandler(handler)
    assert written[0].startswith("ERROR:asyncio:Task exception was never retrieved\n")
    assert PHONE not in written[0]


class FullDisk(io.StringIO):
    """A file that takes nothing while its disk is full."""

    full = True

    def write(self, text: str) -> int:
        """Write, or fail as the system does."""
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(text)


def test_a_log_on_a_full_disk_breaks_nothing_and_tells_what_is_missing(monkeypatch):
    disk = FullDisk()
    monkeypatch.setattr(sys, "stdout", disk)
    log_as_json("INFO")
    structlog.get_logger().error("store.panic")
    structlog.get_logger().exception("background.defect", exc_info=raised(reads_a_number))
    disk.full = False
    structlog.get_logger().info("store.ok")
    structlog.reset_defaults()
    told = [json.loads(line) for line in disk.getvalue().splitlines() if line]
    assert [line["event"] for line in told] == ["log.lost", "store.ok"]
    assert told[0]["lines"] == 2
