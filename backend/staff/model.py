"""Rules of staff accounts and sessions: pure, time is a parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

Role = Literal["agent", "supervisor", "approver", "dispatcher", "admin", "auditor"]
ROLES: frozenset[Role] = frozenset(get_args(Role))
# 坐席、主管: who talks with citizens.
ANSWERING: frozenset[Role] = frozenset({"agent", "supervisor"})
# 等保三级, separation of duties: who grants rights does no case, and who audits does neither.
_ALONE: frozenset[Role] = frozenset({"admin", "auditor"})
FirstStep = Literal["password", "second_factor"]

LEAST_PASSWORD = 12
MOST_PASSWORD = 200
MAX_FAILURES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
# After so long without another failure nothing is counted any more.
FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """工作人员: one account; `name` is what colleagues see.

    Attributes:
        password_given: somebody else gave the password and knows it.
        second_factor: a log-in asks for a code of the authenticator app too (动态码).
    """

    id: str
    username: str
    name: str
    roles: frozenset[Role]
    disabled: bool = False
    password_given: bool = False
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Guesses:
    """Failures of a user name from one place since the last success there.

    Attributes:
        last_at: when the last one was.
        locked_until: until when every try from there is refused.
        untold: the account's history does not tell of the last lock yet.
    """

    failures: int = 0
    last_at: datetime | None = None
    locked_until: datetime | None = None
    untold: bool = False


def locked_for(guesses: Guesses, now: datetime) -> int:
    """Return for how many seconds tries are refused whatever the password (等保 lock-out)."""
    if guesses.locked_until is None:
        return 0
    return max(0, math.ceil((guesses.locked_until - now).total_seconds()))


def after_failure(guesses: Guesses, now: datetime) -> Guesses:
    """Count a wrong password or code; from the fifth in a row each locks twice as long."""
    fresh = guesses.last_at is None or now - guesses.last_at >= FORGET_AFTER
    failures = 1 if fresh else guesses.failures + 1
    if failures < MAX_FAILURES:
        return Guesses(failures, now, untold=guesses.untold)
    # Beyond the longest lock no power is taken, however often somebody guesses.
    doubled = FIRST_LOCK * 2 ** min(failures - MAX_FAILURES, 10)
    return Guesses(failures, now, now + min(doubled, LONGEST_LOCK), untold=True)


def may_hold(roles: frozenset[Role]) -> bool:
    """Tell whether one person may hold these roles (等保三级, separation of duties)."""
    return len(roles) == 1 or (bool(roles) and not roles & _ALONE)


def first_steps(member: StaffMember, *, second_factor_required: bool) -> list[FirstStep]:
    """Tell what somebody has to do before any work: a password that only they know, a factor."""
    steps: list[FirstStep] = []
    if member.password_given:
        steps.append("password")
    if second_factor_required and not member.second_factor:
        steps.append("second_factor")
    return steps


@dataclass(frozen=True, slots=True)
class Session:
    """A log-in: ends at `expires_at`, or earlier when nothing was asked for a while.

    Attributes:
        seen_at: when something was last asked for.
        here_at: the last sign that somebody sits there: also an open desk page, unlike `seen_at`.
        opened_at: when it began, where that is known.
    """

    staff_id: str
    expires_at: datetime
    seen_at: datetime
    here_at: datetime
    opened_at: datetime | None = None


def alive(session: Session, now: datetime, idle: timedelta) -> bool:
    """Tell whether a session still opens doors."""
    return now < session.expires_at and now - session.seen_at <= idle
