"""个人信息请求 HTTP for whoever answers requests about personal data."""

from __future__ import annotations

from typing import Annotated, Literal

from aiohttp import web
from pydantic import StringConstraints

from backend.auth import staff
from backend.db import Transaction
from backend.events import Who
from backend.office import Inside
from backend.personal import door, requests, service
from backend.personal.archive import archive
from backend.personal.request import Request, RequestKind, RequestState, RequestStep
from backend.personal.views import DeskRequest, OpenRequest, RequestPage
from backend.routing import Call, Routes
from backend.staff.model import StaffMember
from backend.supervision.reasons import RevealReason
from backend.supervision.service import note_access, note_reveal, require_reason
from backend.validation import Answer, Body, Page

routes = Routes("personal")
LIST, ANSWER = staff("supervisor", "admin"), staff("supervisor")


class RequestQuery(Page):
    """Which requests to list; without a state all, what is open and due first on top."""

    # Spelled out: a query holds no references.
    state: Literal["open", "done", "refused"] | None = None


class Reason(Body):
    """Why a request is carried out or refused; a refusal is told to the citizen."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=6, max_length=200)]


class Ordered(Answer):
    """删除 The erasure that a request has set going."""

    number: str
    erasure_id: str


@routes.get("/desk/personal/requests", LIST)
async def listing(call: Call, query: RequestQuery) -> RequestPage:
    """个人信息请求: list requests about personal data."""
    state = RequestState(query.state) if query.state else None
    found, total = await requests.page(call.office, state, query.page, query.limit)
    now = call.office.clock.now()
    return RequestPage(
        requests=[DeskRequest.of(request, now) for request in found],
        total=total,
        page=query.page,
        limit=query.limit,
    )


@routes.get("/desk/personal/requests/{number}", LIST)
async def one(call: Call) -> OpenRequest:
    """个人信息请求: show what was asked, and who did what."""
    request = await requests.get(call.office, call.path("number"))
    return await OpenRequest.told(call.office, request)


@routes.post("/desk/personal/requests/{number}/copy", ANSWER)
async def copy(call: Call, body: Reason) -> web.Response:
    """查阅、复制: give all there is of whoever asks as one ZIP; every look is noted."""
    office, member, number = call.office, call.caller.staff, call.path("number")
    request = await requests.get_open(office, number, RequestKind.COPY)
    reason = RevealReason(body.why)
    await office.transact(lambda tx: require_reason(office, tx, member, reason))
    person = await service.by_conversation(office, request.conversation_id)
    # First of all: what was noted as a look has been seen.
    beyond = await door.share(office, person.subject.conversations)
    await office.transact(lambda tx: _note_copy(office, tx, member, request, reason))
    copied = await service.copy(office, person, Who("staff", member.id), body.why)
    content = await archive(office, person.subject, copied | beyond)
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
    office, member, number = call.office, call.caller.staff, call.path("number")
    request = await requests.get_open(office, number, RequestKind.ERASE)
    person = await service.by_conversation(office, request.conversation_id)
    erasure = await service.begin(
        office,
        person,
        Who("staff", member.id),
        body.why,
        lambda tx: _note_order(office, tx, member, request, body.why),
    )
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
    over = await requests.end(call.office, tx, number, state, member, why)
    return DeskRequest.of(over, call.office.clock.now())


async def _note_copy(
    office: Inside, tx: Transaction, member: StaffMember, request: Request, reason: RevealReason
) -> None:
    await note_reveal(office, tx, member, "personal.copy", "personal", request.number, reason)
    await requests.note_step(office, tx, request, RequestStep.GIVEN, member)


async def _note_order(
    office: Inside, tx: Transaction, member: StaffMember, request: Request, why: str
) -> None:
    await note_access(office, tx, member, "personal.erase", "personal", request.number, why)
    await requests.note_step(office, tx, request, RequestStep.ORDERED, member)
