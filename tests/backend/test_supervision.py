"""An auditor reads who looked at whose personal data, when and why (GB/T 35273)."""

from __future__ import annotations

from typing import Any

import pytest

Json = dict[str, Any]
LOG = "/supervision/accesses"


@pytest.fixture
async def number(citizen: Any) -> str:
    """A report's number."""
    _, report = await citizen.service.post("/reports", citizen.report())
    return str(report["number"])


async def test_every_look_is_told_with_who_when_and_why_newest_first(
    citizen: Any, login: Any, hands: Any, number: str
) -> None:
    dispatcher, admin = await login("dispatcher"), await login("admin")
    await dispatcher.get(f"/desk/reports/{number}")
    hands.advance(minutes=1)
    await dispatcher.post(f"/desk/reports/{number}/reveal", {"why": "回电问具体位置"})
    status, answer = await admin.get(LOG)
    assert (status, answer["total"]) == (200, 2)
    reveal, read = answer["accesses"]
    assert (reveal["action"], reveal["why"]) == ("report.reveal", "回电问具体位置")
    assert (read["action"], read["why"]) == ("report.read", "")
    me = (await dispatcher.get("/staff/me"))[1]
    assert {look["staff_id"] for look in (reveal, read)} == {me["id"]}
    assert {look["staff_name"] for look in (reveal, read)} == {me["name"]}
    assert {(look["entity"], look["entity_id"]) for look in (reveal, read)} == {("report", number)}
    assert read["at"] < reveal["at"]
    assert citizen.phone not in str(answer)


async def test_one_report_is_found_by_its_number_however_it_is_written(
    citizen: Any, login: Any, number: str
) -> None:
    _, other = await citizen.service.post("/reports", citizen.report())
    dispatcher, admin = await login("dispatcher"), await login("admin")
    for each in (number, other["number"]):
        await dispatcher.get(f"/desk/reports/{each}")
    spoken = f"{number[:2].lower()} {number[2:10]}-{number[10:]}"
    _, answer = await admin.get(f"{LOG}?entity_id={spoken}")
    assert [look["entity_id"] for look in answer["accesses"]] == [number]
    assert (await admin.get(f"{LOG}?entity_id=GD2026112399999"))[1]["accesses"] == []


async def test_the_looks_of_one_person_are_told_apart(login: Any, number: str) -> None:
    dispatcher, admin = await login("dispatcher"), await login("admin")
    for staff in (dispatcher, admin):
        await staff.get(f"/desk/reports/{number}")
    mine = (await admin.get("/staff/me"))[1]["id"]
    _, answer = await admin.get(f"{LOG}?staff_id={mine}")
    assert [look["staff_id"] for look in answer["accesses"]] == [mine]
    assert (await admin.get(LOG))[1]["total"] == 2


async def test_a_long_log_is_turned_page_by_page(login: Any, hands: Any, number: str) -> None:
    dispatcher, admin = await login("dispatcher"), await login("admin")
    for _ in range(5):
        await dispatcher.get(f"/desk/reports/{number}")
        hands.advance(seconds=1)
    pages = [(await admin.get(f"{LOG}?limit=2&page={page}"))[1] for page in (1, 2, 3)]
    moments = [look["at"] for page in pages for look in page["accesses"]]
    assert [len(page["accesses"]) for page in pages] == [2, 2, 1]
    assert {page["total"] for page in pages} == {5}
    assert moments == sorted(set(moments), reverse=True)


@pytest.mark.parametrize("username", ["agent", "approver", "dispatcher"])
async def test_only_an_administrator_reads_the_log(login: Any, username: str) -> None:
    assert (await (await login(username)).get(LOG))[0] == 403
