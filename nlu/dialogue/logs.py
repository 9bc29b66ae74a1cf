"""The service's log: one JSON object a line, ids only, Rasa kept quiet."""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
import warnings
from typing import Any

_TALKATIVE = ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "jieba", "asyncio")


# Whose exceptions have texts of ours: keys and names, nothing a citizen wrote.
_OURS = ("dialogue.", "actions.")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON, without what an exception was about."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": _event(record),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is the standard library's
        """Return an exception and those that led to it: kind, file, line and function.

        An exception's text may quote what a citizen wrote (`invalid literal for int(): …`), so
        only those of the house keep it.
        """
        told: list[str] = []
        error: BaseException | None = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            kind = type(error)
            ours = kind.__module__.startswith(_OURS)
            told.append(f"{kind.__module__}.{kind.__qualname__}" + (f": {error}" if ours else ""))
            told += [
                f"  {frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(error.__traceback__)
            ]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(told)


def _event(record: logging.LogRecord) -> str:
    """Return what a record tells; asyncio quotes errors behind its first line."""
    text = record.getMessage()
    return text.partition("\n")[0] if record.name == "asyncio" else text


def be_quiet(level: str) -> None:
    """Set up logging before Rasa is imported, which would otherwise talk all the time."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    warnings.simplefilter("ignore")
    lines = logging.StreamHandler(sys.stdout)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[lines])
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
