"""Tracebacks for the log: kind, file, line and function, without what the error was about."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from types import TracebackType
from typing import Any

_OURS = ("backend.", "bot.", "paoyici.")
# Loggers whose text quotes an error behind its first line.
_QUOTING = "asyncio"

Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def bare(exc_info: Raised) -> list[dict[str, Any]]:
    """Return an exception and those that led to it, the last one first.

    An exception's text may quote what a citizen wrote (`invalid literal for int(): …`), so it is
    left out unless the exception is of the house, whose texts are keys.

    Args:
        exc_info: what `sys.exc_info` gives.
    """
    return [
        {
            "type": f"{type(error).__module__}.{type(error).__qualname__}",
            **({"message": str(error)} if type(error).__module__.startswith(_OURS) else {}),
            "frames": [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ],
        }
        for error in _chain(exc_info[1], set())
    ]


class BareText(logging.Formatter):
    """Formats what libraries log through `logging`, without the texts of their exceptions."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one record; of a logger that quotes errors the first line only."""
        text = f"{record.levelname}:{record.name}:{record.getMessage()}"
        if record.name == _QUOTING:
            text = text.partition("\n")[0]
        if record.exc_info and record.exc_info[1]:
            text += "\n" + self.formatException(record.exc_info)
        return text

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the standard library's
        """Return an exception as `bare` has it, a line each."""
        lines: list[str] = []
        for error in bare(ei):
            lines.append(": ".join(filter(None, (error["type"], error.get("message")))))
            lines += [f"  {frame}" for frame in error["frames"]]
        return "\n".join(lines)


def _chain(error: BaseException, seen: set[int]) -> Iterator[BaseException]:
    """Yield an exception, its group's members, and what led to it."""
    if id(error) in seen:
        return
    seen.add(id(error))
    yield error
    for member in getattr(error, "exceptions", ()):
        if isinstance(member, BaseException):
            yield from _chain(member, seen)
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _chain(before, seen)
