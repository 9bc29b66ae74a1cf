"""诉求 HTTP of reports for the staff desk."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from backend.auth import staff
from backend.cases.service import mask_for
from backend.db import Transaction
from backend.reports import desk
from backend.reports.desk import Decision
from backend.reports.model import State, Step
from backend.reports.record import Record
from backend.reports.views import DeskPage, DeskReport, desk_line, desk_report
from backend.routing import Call, Routes
from backend.supervision.reasons import RevealReason
from backend.validation import Body, LongText, Page, ShortText

routes = Routes("desk reports")
READ = staff("dispatcher", "admin")
DISPATCH = staff("dispatcher")


class ReportQuery(Page):
    """Which reports to list."""

    state: State | None = None


class Opinion(Body):
    """处置意见 Why a report goes on."""

    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""


class Reveal(Body):
    """Why personal data must be seen in clear."""

    why: LongText


class Dispatch(Opinion):
    """派单 To whom, and under which category if the first guess was wrong."""

    unit: ShortText | None = None
    category: ShortText | None = None


@routes.get("/desk/reports", READ)
async def page(call: Call, query: ReportQuery) -> DeskPage:
    """工单列表: list reports, urgent and open first, then by what is due first."""
    records, total = await desk.page(call.office, query.state, query.page, query.limit)
    return DeskPage(
        reports=[desk_line(call.office, record) for record in records],
        total=total,
        page=query.page,
        limit=query.limit,
    )


@routes.get("/desk/reports/{number}", READ)
async def read(call: Call) -> DeskReport:
    """工单详情: give one report, the person masked; the look is noted."""
    return await _view(
        call, await desk.read(call.office, call.request.match_info["number"], call.caller.staff)
    )


@routes.post("/desk/reports/{number}/reveal", DISPATCH, replayed=False)
async def reveal(call: Call, tx: Transaction, body: Reveal) -> DeskReport:
    """查看明文: give one report in clear; who asked and why is kept."""
    record = await desk.reveal(
        call.office,
        tx,
        call.request.match_info["number"],
        call.caller.staff,
        RevealReason(body.why, again=call.again),
    )
    return await _view(call, record, revealed=True)


@routes.post("/desk/reports/{number}/dispatch", DISPATCH)
async def dispatch(call: Call, tx: Transaction, body: Dispatch) -> DeskReport:
    """派单: send a report to a unit, by default its category's department."""
    decision = Decision(body.why, body.unit, body.category)
    return await _move(call, tx, Step.DISPATCH, decision)


@routes.post("/desk/reports/{number}/sign", DISPATCH)
async def sign(call: Call, tx: Transaction, body: Opinion) -> DeskReport:
    """签收: the unit takes the report on."""
    return await _move(call, tx, Step.SIGN, Decision(body.why))


@routes.post("/desk/reports/{number}/reject", DISPATCH)
async def reject(call: Call, tx: Transaction, body: Opinion) -> DeskReport:
    """退单: the unit sends the report back with its reason, at most twice."""
    return await _move(call, tx, Step.REJECT, Decision(body.why))


@routes.post("/desk/reports/{number}/resolve", DISPATCH)
async def resolve(call: Call, tx: Transaction, body: Opinion) -> DeskReport:
    """处置完成: say what was done."""
    return await _move(call, tx, Step.RESOLVE, Decision(body.why))


@routes.post("/desk/reports/{number}/close", DISPATCH)
async def close(call: Call, tx: Transaction, body: Opinion) -> DeskReport:
    """结案: close a report that was resolved."""
    return await _move(call, tx, Step.CLOSE, Decision(body.why))


async def _move(call: Call, tx: Transaction, step: Step, decision: Decision) -> DeskReport:
    record = await desk.move(
        call.office, tx, call.request.match_info["number"], step, call.caller.staff, decision
    )
    return await _view(call, record)


async def _view(call: Call, record: Record, *, revealed: bool = False) -> DeskReport:
    units = await desk.units(call.office)
    mask = await mask_for(call.office, record.identity)
    return desk_report(call.office, record, units, mask, revealed=revealed)
