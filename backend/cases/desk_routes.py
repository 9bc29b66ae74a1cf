"""办件 HTTP of cases for the staff desk."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from backend.auth import staff
from backend.cases import desk
from backend.cases.model import State, Step
from backend.cases.record import Record
from backend.cases.service import mask_for
from backend.cases.views import DeskCase, DeskPage, desk_case, desk_line
from backend.db import Transaction
from backend.routing import Call, Routes
from backend.supervision.reasons import RevealReason
from backend.validation import Body, LongText, Page, ShortText

routes = Routes("desk cases")
READ = staff("approver", "admin")
DECIDE = staff("approver")

Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]


class CaseQuery(Page):
    """Which cases to list."""

    state: State | None = None


class Decision(Body):
    """办理意见 Why a case goes on."""

    why: Why = ""


class Return(Decision):
    """补正告知 Why a case goes back, and everything that is missing, told once."""

    missing: list[ShortText] = Field(default_factory=list, max_length=40)


class Reveal(Body):
    """Why personal data must be seen in clear."""

    why: LongText


@routes.get("/desk/cases", READ)
async def page(call: Call, query: CaseQuery) -> DeskPage:
    """办件列表: list cases, newest first."""
    records, total = await desk.page(call.office, query.state, query.page, query.limit)
    return DeskPage(
        cases=[desk_line(call.office, record) for record in records],
        total=total,
        page=query.page,
        limit=query.limit,
    )


@routes.get("/desk/cases/{number}", READ)
async def read(call: Call) -> DeskCase:
    """办件详情: give one case, masked; the look is noted."""
    return await _view(
        call, await desk.read(call.office, call.request.match_info["number"], call.caller.staff)
    )


@routes.post("/desk/cases/{number}/reveal", DECIDE, replayed=False)
async def reveal(call: Call, tx: Transaction, body: Reveal) -> DeskCase:
    """查看明文: give one case in clear; who asked and why is kept."""
    record = await desk.reveal(
        call.office,
        tx,
        call.request.match_info["number"],
        call.caller.staff,
        RevealReason(body.why, again=call.again),
    )
    return await _view(call, record, revealed=True)


@routes.post("/desk/cases/{number}/pre-accept", DECIDE)
async def pre_accept(call: Call, tx: Transaction, body: Decision) -> DeskCase:
    """预受理通过: the papers are complete as far as can be seen."""
    return await _move(call, tx, Step.PRE_ACCEPT, body)


@routes.post("/desk/cases/{number}/accept", DECIDE)
async def accept(call: Call, tx: Transaction, body: Decision) -> DeskCase:
    """受理: take the case on."""
    return await _move(call, tx, Step.ACCEPT, body)


@routes.post("/desk/cases/{number}/return", DECIDE)
async def send_back(call: Call, tx: Transaction, body: Return) -> DeskCase:
    """一次告知补正: send the case back with everything that is missing."""
    return await _move(call, tx, Step.RETURN, body, body.missing)


@routes.post("/desk/cases/{number}/approve", DECIDE)
async def approve(call: Call, tx: Transaction, body: Decision) -> DeskCase:
    """准予: decide for the applicant."""
    return await _move(call, tx, Step.APPROVE, body)


@routes.post("/desk/cases/{number}/decline", DECIDE)
async def decline(call: Call, tx: Transaction, body: Decision) -> DeskCase:
    """不予: decide against the applicant, with the reason."""
    return await _move(call, tx, Step.DECLINE, body)


@routes.post("/desk/cases/{number}/conclude", DECIDE)
async def conclude(call: Call, tx: Transaction, body: Decision) -> DeskCase:
    """办结: close the case after its decision."""
    return await _move(call, tx, Step.CONCLUDE, body)


async def _move(
    call: Call, tx: Transaction, step: Step, body: Decision, missing: list[str] | None = None
) -> DeskCase:
    record = await desk.move(
        call.office,
        tx,
        call.request.match_info["number"],
        step,
        call.caller.staff,
        body.why,
        missing or (),
    )
    return await _view(call, record)


async def _view(call: Call, record: Record, *, revealed: bool = False) -> DeskCase:
    mask = await mask_for(call.office, record.identity)
    return desk_case(call.office, record, mask, revealed=revealed)
