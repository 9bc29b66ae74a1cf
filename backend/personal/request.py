"""个人信息请求 What a citizen asks for about their own data: pure rules.

《个人信息保护法》第四十五至五十条: a copy, a correction, an erasure; a refusal gives its reason.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backend.clock import local
from backend.errors import ConflictError
from backend.workdays import Span, deadline_after

# GB/T 35273-2020 8.7: answered within thirty days; the house promises fifteen working days.
WORKING_DAYS = 15


class RequestKind(StrEnum):
    """What is asked for."""

    COPY = "copy"
    CORRECT = "correct"
    ERASE = "erase"


class RequestState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"


class RequestStep(StrEnum):
    """What happens to one: `given` and `ordered` leave it open."""

    ASKED = "asked"
    GIVEN = "given"
    ORDERED = "ordered"
    DONE = "done"
    REFUSED = "refused"


_DESK_STEPS = {
    RequestKind.COPY: ("copy", "done", "refuse"),
    RequestKind.CORRECT: ("done", "refuse"),
    RequestKind.ERASE: ("erase", "refuse"),
}


@dataclass(frozen=True, slots=True)
class Request:
    """个人信息请求 One request.

    Attributes:
        owner: keyed hash of the channel identity that asks; empty once that is erased.
        verified: they had proved who they are when they asked.
        due_at: when it must be answered, in working days.
        conversation_id: where they asked; empty once that is erased.
        identity: who asks, as one string; empty once that is erased, and in what an earlier
            version wrote.
        why: the reason of whoever ended it.
        ended_by: account of whoever ended it; None where an erasure did.
    """

    number: str
    kind: RequestKind
    state: RequestState
    owner: str
    verified: bool
    opened_at: datetime
    due_at: datetime
    due_provisional: bool
    conversation_id: str
    identity: str = ""
    why: str = ""
    ended_at: datetime | None = None
    ended_by: str | None = None

    def overdue(self, now: datetime) -> bool:
        """Tell whether it is, or was, answered late."""
        return (self.ended_at or now) > self.due_at


def desk_steps(request: Request, taken: Collection[RequestStep]) -> tuple[str, ...]:
    """Return what may be done with a request, the usual first.

    Args:
        request: as it stands.
        taken: what was done with it.
    """
    if request.state is not RequestState.OPEN or RequestStep.ORDERED in taken:
        return ()
    return _DESK_STEPS[request.kind]


def opened(
    number: str,
    kind: RequestKind,
    owner: str,
    identity: str,
    conversation_id: str,
    at: datetime,
    *,
    verified: bool,
) -> Request:
    """Return a request whose fifteen working days begin."""
    due = deadline_after(WORKING_DAYS, (Span(local(at).date()),))
    assert due is not None, "its clock never stands still"
    return Request(
        number,
        kind,
        RequestState.OPEN,
        owner,
        verified,
        at,
        due.at,
        due.provisional,
        conversation_id,
        identity,
    )


def ended(request: Request, state: RequestState, at: datetime, by: str | None, why: str) -> Request:
    """Return a request that is done or refused.

    Raises:
        ConflictError: it has ended already.
    """
    if request.state is not RequestState.OPEN:
        raise ConflictError("personal.request_ended")
    return replace(request, state=state, ended_at=at, ended_by=by, why=why)


def bare(request: Request) -> Request:
    """Return a request that no longer says whose it was."""
    return replace(request, owner="", identity="", conversation_id="", why="")
