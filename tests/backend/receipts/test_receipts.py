"""Receipts: anyone can check one, nobody can make one, none says who applied."""

from __future__ import annotations

import json
from typing import Any

import pytest


async def test_anyone_can_check_a_receipt_and_learns_nothing_about_the_person(
    citizen: Any, stranger: Any, login: Any
) -> None:
    case = await citizen.apply()
    token = case["receipt"]["token"]
    status, answer = await stranger.get(f"/receipts/{token}")
    assert status == 200
    assert answer["genuine"] is True
    assert (answer["number"], answer["state"]) == (case["number"], "submitted")
    assert "测" not in json.dumps({**answer, "item_name": ""}, ensure_ascii=False)
    approver = await login("approver")
    await approver.post(f"/desk/cases/{case['number']}/pre-accept")
    _, answer = await stranger.get(f"/receipts/{token}")
    assert answer["state_label"] == "预受理通过"


async def test_a_changed_receipt_is_not_genuine(citizen: Any, stranger: Any) -> None:
    token = (await citizen.apply())["receipt"]["token"]
    head, body, signature = token.split(".")
    unsigned = "eyJhbGciOiJub25lIn0"
    for forged in (
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body[:-2]}AA.{signature}",
        f"{unsigned}.{body}.",
        f"{head}.{body}",
        "x",
        "a" * 5000,
        "回执",
    ):
        status, answer = await stranger.get(f"/receipts/{forged}")
        assert (status, answer["error"]["key"]) == (404, "receipt.not_genuine"), forged[:99]
        status, _ = await stranger.get(f"/receipts/{forged}/qr.svg")
        assert status == 404


async def test_other_rooms_may_ask_whether_a_number_was_given_out(
    citizen: Any, service: Any, stranger: Any
) -> None:
    number = (await citizen.apply())["number"]
    _, report = await service.post("/reports", citizen.report())
    for known in (number, report["number"]):
        assert await service.get(f"/receipts/numbers/{known}") == (200, {"number": known})
    for made_up in ("BJ2026112299999", "GD2026112299999", "x"):
        status, answer = await service.get(f"/receipts/numbers/{made_up}")
        assert (status, answer["error"]["key"]) == (404, "number.not_found")
    assert (await stranger.get(f"/receipts/numbers/{number}"))[0] == 401


@pytest.mark.parametrize(
    ("kind", "mime", "start"),
    [("svg", "image/svg+xml", b"<?xml"), ("png", "image/png", b"\x89PNG")],
)
async def test_the_qr_code_is_drawn(
    citizen: Any, client: Any, kind: str, mime: str, start: bytes
) -> None:
    case = await citizen.apply()
    path = case["receipt"]["qr_url"].removesuffix("svg") + kind
    async with client.get(path) as drawn:
        assert drawn.status == 200
        assert drawn.content_type == mime
        assert (await drawn.read()).startswith(start)
