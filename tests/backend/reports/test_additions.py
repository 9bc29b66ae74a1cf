"""What comes later: a place, a photo, a phone; and a citizen who takes a report back."""

from __future__ import annotations

import json
from typing import Any

import pytest

Json = dict[str, Any]
HERE = {"lat": 30.6, "lon": 104.1, "system": "gcj02", "label": "石桥路口"}
THERE = {"lat": 30.57, "lon": 104.07, "system": "wgs84", "label": "河边"}


async def made(citizen: Any, **changes: object) -> str:
    status, report = await citizen.service.post("/reports", citizen.report(**changes))
    assert status == 200, report
    return str(report["number"])


async def added(citizen: Any, number: str, **what: object) -> Json:
    body = {"identity": citizen.identity, **what}
    status, report = await citizen.service.post(f"/reports/{number}/note", body)
    assert status == 200, report
    return report


async def seen(login: Any, number: str) -> Json:
    _, report = await (await login("dispatcher")).get(f"/desk/reports/{number}")
    return report


async def newest_event(office: Any, number: str) -> Json:
    found = office.database["events"].find({"entity": "report", "entity_id": number})
    return (await found.sort("seq", -1).to_list(1))[0]


async def test_place_point_and_phone_complete_a_report_that_had_none(
    citizen: Any, login: Any, office: Any
) -> None:
    number = await made(citizen)
    report = await added(
        citizen, number, place="石桥路口公交站", location=HERE, contact_phone=citizen.phone
    )
    assert report["grid"]["street"] == "柳塘街道"
    assert report["timeline"][-1]["label"] == "您补充了地点"
    shown = await seen(login, number)
    assert (shown["place"], shown["location"]) == ("石桥路口公交站", HERE)
    assert shown["contact_phone"] == "199****0001"
    event = await newest_event(office, number)
    assert event["data"]["added"] == ["place", "location", "contact_phone"]
    assert citizen.phone not in str(event)
    assert "石桥路" not in str(event)


async def test_a_corrected_place_is_the_newest_and_the_earlier_one_is_not_lost(
    citizen: Any, login: Any
) -> None:
    number = await made(citizen, place="荷塘街6号", location=HERE)
    report = await added(citizen, number, place="荷塘街16号", location=THERE)
    assert report["grid"]["street"] == "清河街道"
    shown = await seen(login, number)
    assert (shown["place"], shown["location"]) == ("荷塘街16号", THERE)
    note = shown["notes"][0]
    assert (note["place"], note["earlier_place"]) == ("荷塘街16号", "荷塘街6号")
    assert note["earlier_location"]["lat"] == HERE["lat"]


async def test_the_same_place_again_corrects_nothing(citizen: Any, login: Any) -> None:
    number = await made(citizen, place="荷塘街6号")
    await added(citizen, number, place="荷塘街6号")
    assert (await seen(login, number))["notes"][0]["earlier_place"] == ""


async def test_a_second_phone_stands_beside_the_first(citizen: Any, login: Any) -> None:
    number = await made(citizen, contact_phone=citizen.phone)
    await added(citizen, number, contact_phone="199 0000 0002")
    shown = await seen(login, number)
    assert shown["contact_phone"] == "199****0001"
    assert shown["notes"][0]["contact_phone"] == "199****0002"
    status, clear = await (await login("dispatcher")).post(
        f"/desk/reports/{number}/reveal", {"why": "回电问清楚位置"}
    )
    assert (status, clear["notes"][0]["contact_phone"]) == (200, "19900000002")


async def test_what_was_added_is_sealed_and_masked(citizen: Any, login: Any, office: Any) -> None:
    number = await made(citizen)
    place = f"荷塘街6号，电话 {citizen.phone}"
    await added(citizen, number, place=place, contact_phone=citizen.phone)
    stored = await office.database["reports"].find_one({"_id": number})
    assert citizen.phone not in str(stored)
    assert "荷塘街" not in str(stored)
    assert citizen.phone not in json.dumps(await seen(login, number), ensure_ascii=False)


@pytest.mark.parametrize(
    ("what", "key"),
    [
        ({}, "report.note_empty"),
        ({"place": " ", "text": " "}, "report.note_empty"),
        ({"contact_phone": "12"}, "report.phone"),
        ({"location": {"lat": 999, "lon": 1}}, "request.invalid"),
        ({"media_ids": ["gone"]}, "media.unknown"),
    ],
)
async def test_an_addition_that_cannot_be_taken_is_refused_with_a_key(
    citizen: Any, what: Json, key: str
) -> None:
    number = await made(citizen)
    body = {"identity": citizen.identity, **what}
    status, answer = await citizen.service.post(f"/reports/{number}/note", body)
    assert (status, answer["error"]["key"]) == (422, key)


@pytest.mark.parametrize("steps", [(), ("dispatch",), ("dispatch", "sign")])
async def test_a_withdrawal_reaches_whoever_was_sent_with_its_reason(
    citizen: Any, login: Any, office: Any, steps: tuple[str, ...]
) -> None:
    number = await made(citizen)
    dispatcher = await login("dispatcher")
    for step in steps:
        await dispatcher.post(f"/desk/reports/{number}/{step}", {"why": ""})
    owner = (await seen(login, number))["owner"]
    why = f"已经修好了，有事打 {citizen.phone}"
    body = {"identity": citizen.identity, "why": why}
    status, report = await citizen.service.post(f"/reports/{number}/withdraw", body)
    assert (status, report["state"], report["state_label"]) == (200, "withdrawn", "已撤回")
    assert report["timeline"][-1]["label"] == "撤回了，不用再处理"
    event = await newest_event(office, number)
    assert (event["type"], event["who"]["kind"]) == ("report.withdrawn", "citizen")
    assert event["data"]["owner"] == owner
    shown = await seen(login, number)
    assert (shown["state"], shown["steps"], shown["overdue"]) == ("withdrawn", [], False)
    assert shown["timeline"][-1]["note"] == "已经修好了，有事打 199****0001"
    assert citizen.phone not in str(event)


async def test_a_report_is_taken_back_once(citizen: Any) -> None:
    number = await made(citizen)
    path, body = f"/reports/{number}/withdraw", {"identity": citizen.identity}
    first = await citizen.service.post(path, body, key="turn-1")
    assert first == await citizen.service.post(path, body, key="turn-1")
    assert first[0] == 200
    status, answer = await citizen.service.post(path, body, key="turn-2")
    assert (status, answer["error"]["key"]) == (409, "report.step_not_possible")
    note = {"identity": citizen.identity, "text": "还是坏的"}
    status, answer = await citizen.service.post(f"/reports/{number}/note", note)
    assert (status, answer["error"]["key"]) == (409, "report.withdrawn")


async def test_what_is_resolved_or_closed_cannot_be_taken_back(citizen: Any, login: Any) -> None:
    number = await made(citizen)
    dispatcher = await login("dispatcher")
    for step in ("dispatch", "sign", "resolve", "close"):
        await dispatcher.post(f"/desk/reports/{number}/{step}", {"why": "好了"})
        if step in ("resolve", "close"):
            body = {"identity": citizen.identity}
            status, answer = await citizen.service.post(f"/reports/{number}/withdraw", body)
            assert (status, answer["error"]["key"]) == (409, "report.step_not_possible")


async def test_nobody_takes_back_what_is_somebody_else_s(arrive: Any) -> None:
    owner, other = await arrive("a"), await arrive("b")
    number = await made(owner)
    body = {"identity": other.identity}
    status, answer = await other.service.post(f"/reports/{number}/withdraw", body)
    assert (status, answer["error"]["key"]) == (404, "report.not_found")


async def test_staff_read_why_a_unit_sent_it_back_and_the_citizen_does_not(
    citizen: Any, login: Any
) -> None:
    number = await made(citizen)
    dispatcher = await login("dispatcher")
    await dispatcher.post(f"/desk/reports/{number}/dispatch", {"unit": "水务局"})
    await dispatcher.post(f"/desk/reports/{number}/reject", {"why": "不归我们管"})
    assert (await seen(login, number))["timeline"][-1]["note"] == "不归我们管"
    _, own = await citizen.service.post(f"/reports/{number}/own", citizen.owner)
    assert own["timeline"][-1]["note"] == ""
