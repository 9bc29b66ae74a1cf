"""Log lines on a disk that may be full: a line that cannot be written breaks nothing."""

from __future__ import annotations

import json
from typing import Any, TextIO

import structlog


class LogLines(structlog.PrintLogger):
    """Writes lines where that is possible, and says afterwards how many are missing.

    The log lies on a disk like everything else. Whoever answers a citizen, and work that goes on
    for ever, must not end because the disk has no room for the line that tells of it.

    Attributes:
        lost: lines since the last one that was written.
    """

    def __init__(self, file: TextIO) -> None:
        super().__init__(file)
        self.lost = 0

    def msg(self, message: str) -> None:
        """Write a line, after one that tells of those that are missing."""
        try:
            if self.lost:
                gap = {"event": "log.lost", "level": "warning", "lines": self.lost}
                # The last line may have been cut in the middle.
                super().msg("\n" + json.dumps(gap))
                self.lost = 0
            super().msg(message)
        except OSError:
            self.lost += 1

    log = debug = info = warn = warning = msg
    fatal = failure = err = error = critical = exception = msg


class LogLinesFactory:
    """Gives every logger the same lines, so that one counts what is missing.

    Args:
        file: where they go.
    """

    def __init__(self, file: TextIO) -> None:
        self._lines = LogLines(file)

    def __call__(self, *_: Any) -> LogLines:
        """Return the lines."""
        return self._lines
