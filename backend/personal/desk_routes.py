"""个人信息请求 HTTP for whoever answers requests about personal data."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from aiohttp import web
from pydantic import StringConstraints

from backend.auth import staff
from backend.clear import Clear
from backend.clock import local
from backend.db import Transaction
from backend.events import Who
from backend.office import Office
from backend.personal import requests, service
from backend.personal.archive import archive
from backend.personal.request import Request, RequestKind, RequestState
from backend.routing import Call, Routes
from backend.supervision.reasons import RevealReason
from backend.supervision.service import note_look, note_reveal
from backend.validation import Answer, Body, Page

routes = Routes("personal")
LIST, ANSWER = staff("supervisor", "admin"), staff("supervisor")


class RequestQuery(Page):
    """Which requests to list."""

    # Spelled out: a query holds no references.
    state: Literal["open", "done", "refused"] = "open"


class Reason(Body):
    """Why a request is carried out or refused; a refusal is told to the citizen."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=200)]


class DeskRequest(Answer):
    """个人信息请求 A request as staff see it."""

    number: str
    kind: RequestKind
    state: RequestState
    verified: bool
    opened_at: datetime
    due_at: datetime
    due_provisional: bool
    overdue: bool
    conversation_id: str
    why: Clear


class RequestPage(Answer):
    """个人信息请求 One page of requests, what is due first on top."""

    requests: list[DeskRequest]
    total: int
    page: int
    limit: int


class Ordered(Answer):
    """删除 The erasure that a request has set going."""

    number: str
    erasure_id: str


@routes.get("/desk/personal/requests", LIST)
async def listing(call: Call, query: RequestQuery) -> RequestPage:
    """个人信息请求: list requests about personal data."""
    found, total = await requests.page(
        call.office, RequestState(query.state), query.page, query.limit
    )
    return RequestPage(
        requests=[_view(call.office, request) for request in found],
        total=total,
        page=query.page,
        limit=query.limit,
    )


@routes.post("/desk/personal/requests/{number}/copy", ANSWER)
async def copy(call: Call, body: Reason) -> web.Response:
    """查阅、复制: give all there is of whoever asks as one ZIP; every look is noted."""
    member, number = call.caller.staff, call.path("number")
    request = await requests.get(call.office, number, RequestKind.COPY)
    reason = RevealReason(body.why)
    await call.office.transact(
        lambda tx: note_reveal(call.office, tx, member, "personal.copy", "personal", number, reason)
    )
    person = await service.by_conversation(call.office, request.conversation_id)
    copied = await service.copy(call.office, person, Who("staff", member.id), body.why)
    content = await archive(call.office, person.subject, copied)
    return web.Response(
        body=content,
        content_type="application/zip",
        headers={
            "Cache-Control": "no-store",
            "Content-Disposition": f'attachment; filename="{number}.zip"',
        },
    )


@routes.post("/desk/personal/requests/{number}/erase", ANSWER)
async def erase(call: Call, body: Reason) -> Ordered:
    """删除: carry an erasure out; it goes on by itself until nothing is left."""
    member, number = call.caller.staff, call.path("number")
    request = await requests.get(call.office, number, RequestKind.ERASE)
    await note_look(call.office, member, "personal.erase", "personal", number, body.why)
    person = await service.by_conversation(call.office, request.conversation_id)
    erasure = await service.begin(call.office, person, Who("staff", member.id), body.why)
    return Ordered(number=number, erasure_id=erasure.id)


@routes.post("/desk/personal/requests/{number}/done", ANSWER)
async def done(call: Call, tx: Transaction, body: Reason) -> DeskRequest:
    """办结: say that a copy waits to be handed over, or that something was corrected."""
    return await _end(call, tx, RequestState.DONE, body.why)


@routes.post("/desk/personal/requests/{number}/refuse", ANSWER)
async def refuse(call: Call, tx: Transaction, body: Reason) -> DeskRequest:
    """拒绝: refuse a request, with the reason that the citizen is told."""
    return await _end(call, tx, RequestState.REFUSED, body.why)


async def _end(call: Call, tx: Transaction, state: RequestState, why: str) -> DeskRequest:
    member, number = call.caller.staff, call.path("number")
    return _view(call.office, await requests.end(call.office, tx, number, state, member, why))


def _view(office: Office, request: Request) -> DeskRequest:
    return DeskRequest(
        number=request.number,
        kind=request.kind,
        state=request.state,
        verified=request.verified,
        opened_at=local(request.opened_at),
        due_at=local(request.due_at),
        due_provisional=request.due_provisional,
        overdue=request.overdue(office.clock.now()),
        conversation_id=request.conversation_id,
        why=Clear(request.why),
    )
