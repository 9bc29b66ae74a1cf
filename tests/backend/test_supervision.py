"""An auditor reads who looked at whose personal data, when and why (GB/T 35273)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from backend.supervision import store

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
    dispatcher, auditor = await login("dispatcher"), await login("auditor")
    await dispatcher.get(f"/desk/reports/{number}")
    hands.advance(minutes=1)
    await dispatcher.post(f"/desk/reports/{number}/reveal", {"why": "回电问具体位置"})
    status, answer = await auditor.get(LOG)
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
    dispatcher, auditor = await login("dispatcher"), await login("auditor")
    for each in (number, other["number"]):
        await dispatcher.get(f"/desk/reports/{each}")
    spoken = f"{number[:2].lower()} {number[2:10]}-{number[10:]}"
    _, answer = await auditor.get(f"{LOG}?entity_id={spoken}")
    assert [look["entity_id"] for look in answer["accesses"]] == [number]
    assert (await auditor.get(f"{LOG}?entity_id=GD2026112399999"))[1]["accesses"] == []


async def test_the_looks_of_one_person_are_told_apart(login: Any, number: str) -> None:
    dispatcher, admin = await login("dispatcher"), await login("admin")
    auditor = await login("auditor")
    for staff in (dispatcher, admin):
        await staff.get(f"/desk/reports/{number}")
    mine = (await admin.get("/staff/me"))[1]["id"]
    _, answer = await auditor.get(f"{LOG}?staff_id={mine}")
    assert [look["staff_id"] for look in answer["accesses"]] == [mine]
    assert (await auditor.get(LOG))[1]["total"] == 2


async def test_a_long_log_is_turned_page_by_page(login: Any, hands: Any, number: str) -> None:
    dispatcher, auditor = await login("dispatcher"), await login("auditor")
    for _ in range(5):
        await dispatcher.get(f"/desk/reports/{number}")
        hands.advance(seconds=1)
    pages = [(await auditor.get(f"{LOG}?limit=2&page={page}"))[1] for page in (1, 2, 3)]
    moments = [look["at"] for page in pages for look in page["accesses"]]
    assert [len(page["accesses"]) for page in pages] == [2, 2, 1]
    assert {page["total"] for page in pages} == {5}
    assert moments == sorted(set(moments), reverse=True)


@pytest.mark.parametrize("username", ["agent", "approver", "dispatcher", "admin"])
async def test_only_an_auditor_reads_the_log(login: Any, username: str) -> None:
    assert (await (await login(username)).get(LOG))[0] == 403


async def test_who_audits_neither_grants_rights_nor_does_cases(login: Any, number: str) -> None:
    """等保三级, separation of duties: who audits neither grants rights nor approves cases."""
    auditor, admin = await login("auditor"), await login("admin")
    new = {"username": "wang", "name": "王", "password": "a-long-password", "roles": ["agent"]}
    assert (await auditor.post("/staff", new))[0] == 403
    for path in (f"/desk/reports/{number}", "/desk/cases", "/desk/handoffs", "/media/x"):
        assert (await auditor.get(path))[0] == 403, path
    for other in ("agent", "admin"):
        both = new | {"roles": ["auditor", other]}
        assert (await admin.post("/staff", both))[1]["error"]["key"] == "staff.roles_conflict"


@pytest.fixture
async def chained(login: Any, hands: Any, number: str) -> Any:
    """An auditor of a log with five looks."""
    dispatcher = await login("dispatcher")
    for _ in range(5):
        await dispatcher.get(f"/desk/reports/{number}")
        hands.advance(seconds=1)
    return await login("auditor")


async def test_a_log_that_nobody_touched_is_intact(chained: Any) -> None:
    """等保三级: a tamper-evident audit log."""
    status, verdict = await chained.get("/supervision/integrity")
    assert status == 200
    assert (verdict["intact"], verdict["last_seq"]) == (True, 5)
    assert (verdict["broken_at"], verdict["strangers"]) == (None, 0)
    assert len(verdict["last_code"]) == 12


@pytest.mark.parametrize("field", ["staff_id", "action", "entity_id", "why", "mac"])
async def test_a_changed_record_shows(chained: Any, office: Any, field: str) -> None:
    await office.database["access_log"].update_one({"seq": 3}, {"$set": {field: "x"}})
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["broken_at"], verdict["last_seq"]) == (False, 3, 2)


@pytest.mark.parametrize("seq", [1, 3, 5])
async def test_a_removed_record_shows(chained: Any, office: Any, seq: int) -> None:
    await office.database["access_log"].delete_one({"seq": seq})
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["broken_at"]) == (False, seq)


async def test_a_record_that_was_put_in_shows(chained: Any, office: Any) -> None:
    record = await office.database["access_log"].find_one({"seq": 5})
    stranger = {name: value for name, value in record.items() if name not in ("_id", "seq")}
    await office.database["access_log"].insert_one(stranger)
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["strangers"]) == (False, 1)
    for place, seq in enumerate([0, -1, 3, 6, "6"]):
        await office.database["access_log"].insert_one(stranger | {"_id": f"x{place}", "seq": seq})
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["broken_at"], verdict["strangers"]) == (None, 6)


@pytest.mark.parametrize("field", ["staff_id", "at", "entity_id", "mac", "seq"])
@pytest.mark.parametrize("change", [{"$unset": ""}, {"$set": 7}])
async def test_a_record_that_nobody_can_read_any_more_shows_and_hides_no_other(
    chained: Any, office: Any, field: str, change: Json
) -> None:
    made = {operator: {field: value} for operator, value in change.items()}
    await office.database["access_log"].update_one({"seq": 3}, made)
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["broken_at"]) == (False, 3)
    status, answer = await chained.get(LOG)
    assert (status, len(answer["accesses"])) == (200, 5)


async def test_a_long_chain_is_looked_through_to_its_end(
    chained: Any, office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "BATCH", 2)
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["last_seq"]) == (True, 5)
    await office.database["access_log"].update_one({"seq": 5}, {"$set": {"why": "x"}})
    assert (await chained.get("/supervision/integrity"))[1]["broken_at"] == 5


async def test_a_counter_that_was_set_far_forward_shows_at_once(chained: Any, office: Any) -> None:
    await office.database["counters"].update_one({"_id": "access_log"}, {"$set": {"value": 10**12}})
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["broken_at"]) == (False, 6)


async def test_a_counter_that_was_set_back_shows(chained: Any, office: Any) -> None:
    await office.database["counters"].update_one({"_id": "access_log"}, {"$set": {"value": 3}})
    verdict = (await chained.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["strangers"]) == (False, 2)


async def test_whoever_noted_the_last_code_sees_that_the_end_was_cut_off(
    chained: Any, login: Any, office: Any, number: str
) -> None:
    noted = (await chained.get("/supervision/integrity"))[1]
    await office.database["access_log"].delete_many({"seq": {"$gt": 3}})
    await office.database["counters"].update_one({"_id": "access_log"}, {"$set": {"value": 3}})
    asked = f"/supervision/integrity?seq={noted['last_seq']}&code={noted['last_code']}"
    assert (await chained.get("/supervision/integrity"))[1]["intact"], "a shorter chain is a chain"
    verdict = (await chained.get(asked))[1]
    assert (verdict["intact"], verdict["as_noted"]) == (False, False)
    dispatcher = await login("dispatcher")
    for _ in range(5):
        await dispatcher.get(f"/desk/reports/{number}")
    verdict = (await chained.get(asked))[1]
    assert (verdict["last_seq"], verdict["as_noted"]) == (8, False), "another record stands there"


async def test_a_log_that_only_grew_is_still_as_noted(
    chained: Any, login: Any, number: str
) -> None:
    noted = (await chained.get("/supervision/integrity"))[1]
    await (await login("dispatcher")).get(f"/desk/reports/{number}")
    asked = f"/supervision/integrity?seq={noted['last_seq']}&code={noted['last_code'].upper()}"
    verdict = (await chained.get(asked))[1]
    assert (verdict["intact"], verdict["as_noted"], verdict["last_seq"]) == (True, True, 6)


async def test_looks_at_the_same_moment_stand_in_one_chain(login: Any, number: str) -> None:
    dispatcher, auditor = await login("dispatcher"), await login("auditor")
    looks = [dispatcher.get(f"/desk/reports/{number}") for _ in range(12)]
    assert {status for status, _ in await asyncio.gather(*looks)} == {200}
    verdict = (await auditor.get("/supervision/integrity"))[1]
    assert (verdict["intact"], verdict["last_seq"]) == (True, 12)


async def test_who_changed_an_account_and_who_logged_in_is_told(login: Any, stranger: Any) -> None:
    admin, auditor = await login("admin"), await login("auditor")
    new = {"username": "wang", "name": "王", "password": "a-long-password", "roles": ["agent"]}
    account = (await admin.post("/staff", new))[1]["id"]
    await stranger.post("/staff/login", {"username": "wang", "password": "a-long-password"})
    await admin.post(f"/staff/{account}/disable")
    _, answer = await auditor.get(f"/supervision/accounts/{account}/events")
    told = [(event["type"], event["by"], event["own"]) for event in answer["events"]]
    assert not any(event["at_machine"] for event in answer["events"])
    assert told == [
        ("staff.disabled", "管理员", False),
        ("staff.in", "王", True),
        ("staff.created", "管理员", False),
    ]
    assert answer["events"][-1]["roles"] == ["agent"]
    assert (await admin.get(f"/supervision/accounts/{account}/events"))[0] == 403
