"""A conversation knows which cases wait in it for a supplement."""

from __future__ import annotations

from typing import Any

from backend.cases.earlier import expect_supplements

Json = dict[str, Any]


async def send_back(case: Json, approver: Any) -> None:
    body = {"why": "差一样", "missing": ["户口簿"]}
    status, answer = await approver.post(f"/desk/cases/{case['number']}/return", body)
    assert status == 200, answer


async def expected(service: Any, citizen: Any, key: str) -> list[str]:
    """Say something, as the door does; return the cases that are expected to be supplemented."""
    body = {
        "key": key,
        "direction": "in",
        "author": {"kind": "citizen"},
        "body": {"kind": "text", "text": "来了"},
        "at": "2026-11-23T09:00:00+08:00",
    }
    status, answer = await service.post(f"/conversations/{citizen.name}/messages", body)
    assert status == 200, answer
    return [entry["number"] for entry in answer["expects"]]


async def test_a_case_sent_back_is_expected_until_it_is_supplemented(
    citizen: Any, service: Any, login: Any
) -> None:
    case = await citizen.apply()
    assert await expected(service, citizen, "m1") == []
    await send_back(case, await login("approver"))
    assert await expected(service, citizen, "m2") == [case["number"]]
    path = f"/cases/{case['number']}/supplement"
    body = {"identity": citizen.identity, "why": "补好了"}
    for _ in range(2):
        status, _answer = await service.post(path, body, key="c1:m3:supplement")
        assert status == 200
    assert await expected(service, citizen, "m4") == []


async def test_a_case_that_was_withdrawn_expects_nothing_and_another_one_goes_on_waiting(
    citizen: Any, service: Any, login: Any
) -> None:
    first, second = await citizen.apply(), await citizen.apply()
    approver = await login("approver")
    await send_back(first, approver)
    await send_back(second, approver)
    assert await expected(service, citizen, "m1") == [first["number"], second["number"]]
    path = f"/cases/{first['number']}/withdraw"
    assert (await service.post(path, {"identity": citizen.identity}))[0] == 200
    assert await expected(service, citizen, "m2") == [second["number"]]


async def test_what_an_earlier_version_sent_back_is_expected_after_the_next_start(
    citizen: Any, service: Any, login: Any, office: Any
) -> None:
    waits, done = await citizen.apply(), await citizen.apply()
    approver = await login("approver")
    await send_back(waits, approver)
    await send_back(done, approver)
    path = f"/cases/{done['number']}/supplement"
    assert (await service.post(path, {"identity": citizen.identity, "why": "补好了"}))[0] == 200
    await office.database["conversations"].update_many({}, {"$unset": {"expects": ""}})
    assert await expected(service, citizen, "m1") == []
    for _ in range(2):
        await expect_supplements(office)
    assert await expected(service, citizen, "m2") == [waits["number"]]


async def test_the_notice_of_a_return_offers_the_supplement_first(
    citizen: Any, service: Any, login: Any
) -> None:
    case = await citizen.apply()
    await send_back(case, await login("approver"))
    _, log = await service.get(f"/conversations/{citizen.name}/messages")
    chips = log["messages"][0]["body"]["chips"]
    assert chips[0] == {
        "title": "补材料",
        "payload": f'/supplement{{"case_number":"{case["number"]}"}}',
    }
