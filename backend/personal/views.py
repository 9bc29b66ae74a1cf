"""个人信息请求 How a request about personal data looks to staff."""

from __future__ import annotations

from datetime import datetime

from backend.clear import Clear
from backend.clock import local
from backend.office import Office
from backend.personal import requests
from backend.personal.request import Request, RequestKind, RequestState, RequestStep, desk_steps
from backend.staff import service as staff
from backend.validation import Answer


class DeskRequest(Answer):
    """个人信息请求 A request as staff see it; `why` is what whoever ended it said."""

    number: str
    kind: RequestKind
    state: RequestState
    verified: bool
    opened_at: datetime
    due_at: datetime
    due_provisional: bool
    overdue: bool
    ended_at: datetime | None
    conversation_id: str
    why: Clear

    @classmethod
    def of(cls, request: Request, now: datetime) -> DeskRequest:
        """Return the view of a request at a moment."""
        return cls(
            number=request.number,
            kind=request.kind,
            state=request.state,
            verified=request.verified,
            opened_at=local(request.opened_at),
            due_at=local(request.due_at),
            due_provisional=request.due_provisional,
            overdue=request.overdue(now),
            ended_at=local(request.ended_at) if request.ended_at else None,
            conversation_id=request.conversation_id,
            why=Clear(request.why),
        )


class RequestPage(Answer):
    """个人信息请求 One page of requests, what is open and due first on top."""

    requests: list[DeskRequest]
    total: int
    page: int
    limit: int


class StepView(Answer):
    """办理经过 What was done, when, and which of the staff did it."""

    at: datetime
    step: RequestStep
    staff_name: str | None


class OpenRequest(DeskRequest):
    """个人信息请求 One request with what was done, and what may be done now."""

    timeline: list[StepView]
    steps: list[str]

    @classmethod
    async def told(cls, office: Office, request: Request) -> OpenRequest:
        """Return the view of a request and its history."""
        taken = await requests.history(office, request.number)
        names = await staff.names(office, {by for _, _, by in taken if by})
        timeline = [
            StepView(at=local(at), step=step, staff_name=names.get(by) if by else None)
            for step, at, by in taken
        ]
        line = DeskRequest.of(request, office.clock.now())
        steps = desk_steps(request, {step for step, _, _ in taken})
        return cls(**dict(line), timeline=timeline, steps=list(steps))
