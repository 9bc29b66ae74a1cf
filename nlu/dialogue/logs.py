"""The service's log: one JSON object a line, ids only, Rasa kept quiet."""

from __future__ import annotations

import json
import logging
import os
import sys
import warnings

_TALKATIVE = ("rasa", "rasa_sdk", "matplotlib", "tensorflow", "jieba", "asyncio")


class JsonLines(logging.Formatter):
    """Formats a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


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
