"""The one clock of the door, passed as a parameter so that tests can move it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def now() -> datetime:
    """Return the present moment, timezone aware."""
    return datetime.now(UTC)
