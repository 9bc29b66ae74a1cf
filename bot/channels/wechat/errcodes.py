"""返回码: what the platform's error codes mean for a message that was not taken. Pure."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

_SOON = timedelta(seconds=1)
_LONGEST = timedelta(minutes=5)


class Course(Enum):
    """What to do about a refusal."""

    RENEW_TOKEN = "renew"  # noqa: S105 (a course of action, no password)
    RETRY = "retry"
    MERGE = "merge"
    GIVE_UP = "give up"


_COURSES = {
    -1: Course.RETRY,
    40001: Course.RENEW_TOKEN,
    40014: Course.RENEW_TOKEN,
    41001: Course.RENEW_TOKEN,
    42001: Course.RENEW_TOKEN,
    # Out of the 48 hours, or over the number within them: wait for the citizen, then merge.
    45015: Course.MERGE,
    45047: Course.MERGE,
    95001: Course.MERGE,
    95002: Course.MERGE,
    # Called too often: later.
    45009: Course.RETRY,
    45011: Course.RETRY,
    45033: Course.RETRY,
    50002: Course.GIVE_UP,
}


class PlatformError(Exception):
    """The platform did not do it.

    Args:
        code: its errcode, or 0 when it did not answer at all.
        reason: for the record: the code or the kind of network failure, never a text of theirs.
        unheard: whether the platform certainly never got the call.
    """

    def __init__(self, code: int, reason: str, *, unheard: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self._unheard = unheard

    @property
    def course(self) -> Course:
        """Return what to do about it."""
        return course_of(self.code)

    @property
    def certainly_not_sent(self) -> bool:
        """Say whether it refused or never heard of it: otherwise nobody knows."""
        return self.code != 0 or self._unheard


def course_of(code: int) -> Course:
    """Return what to do about an errcode; 0 stands for no answer at all."""
    if code == 0:
        return Course.RETRY
    return _COURSES.get(code, Course.GIVE_UP)


def delay_after(attempts: int, code: int) -> timedelta:
    """Return how long to wait after failed attempts; calling too often needs longest."""
    if code in {45009, 45011, 45033}:
        return _LONGEST
    return min(_LONGEST, _SOON * (1 << min(attempts, 9)))
