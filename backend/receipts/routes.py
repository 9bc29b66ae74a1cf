"""回执 HTTP of receipts: whoever is shown one may check it; bare numbers are for other rooms."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from aiohttp import web

from backend.auth import PUBLIC, SERVICE
from backend.cases import service as cases
from backend.errors import NotFoundError
from backend.receipts import service
from backend.reports import service as reports
from backend.routing import Call, Capability, Routes
from backend.validation import Answer

routes = Routes("receipts")
_MIMES = {"svg": "image/svg+xml", "png": "image/png"}


class ReceiptView(Answer):
    """回执 A genuine receipt and where its case stands; nothing about the person."""

    genuine: Literal[True] = True
    number: str
    item_code: str
    item_name: str
    department: str
    submitted_at: datetime
    state: str
    state_label: str


@routes.get("/receipts/{token}", PUBLIC)
async def check(call: Call) -> ReceiptView:
    """回执核验: tell whether a receipt is genuine and where its case stands."""
    receipt = service.read(call.office, call.request.match_info["token"])
    standing = await cases.standing(call.office, receipt.number)
    return ReceiptView.model_validate(standing, from_attributes=True)


class NumberView(Answer):
    """A number that was given out."""

    number: str


@routes.get("/receipts/numbers/{number}", SERVICE)
async def known(call: Call) -> NumberView:
    """编号核对: tell whether a case or a report has this number, and nothing else about it."""
    number = call.path("number")
    if not (await cases.exists(call.office, number) or await reports.exists(call.office, number)):
        raise NotFoundError("number.not_found")
    return NumberView(number=number)


@routes.get("/receipts/{token}/qr.svg", PUBLIC)
async def qr_svg(call: Call) -> web.Response:
    """回执二维码: draw the receipt's QR code as SVG."""
    return _drawn(call, "svg")


@routes.get("/receipts/{token}/qr.png", PUBLIC)
async def qr_png(call: Call) -> web.Response:
    """回执二维码: draw the receipt's QR code as PNG."""
    return _drawn(call, "png")


def _drawn(call: Call, kind: str) -> web.Response:
    token = call.request.match_info["token"]
    service.read(call.office, token)
    return web.Response(body=service.draw(call.office, token, kind), content_type=_MIMES[kind])


CAPABILITY = Capability("receipts", routes.endpoints)
