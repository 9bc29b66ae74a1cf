"""Reports over HTTP as other rooms and the staff desk use them."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

Json = dict[str, Any]
IN_THE_DISTRICT = {"lat": 30.6, "lon": 104.1, "system": "gcj02", "label": "石桥路口"}


async def made(citizen: Any, **changes: object) -> Json:
    status, report = await citizen.service.post("/reports", citizen.report(**changes))
    assert status == 200, report
    return report


async def moved(dispatcher: Any, number: str, step: str, **body: str) -> Json:
    status, report = await dispatcher.post(f"/desk/reports/{number}/{step}", body)
    assert status == 200, report
    return report


async def test_a_report_stands_with_category_urgency_grid_and_due_time_from_the_start(
    citizen: Any,
) -> None:
    report = await made(citizen, location=IN_THE_DISTRICT)
    assert report["number"] == "GD2026112300001"
    assert (report["category"], report["category_name"]) == ("P101", "井盖缺失破损")
    assert (report["priority"], report["urgent"]) == ("urgent", True)
    assert report["department"] == "住房和城乡建设局"
    assert report["due_at"] == "2026-11-23T11:00:00+08:00"
    assert report["accept_by"] == "2026-11-23T09:15:00+08:00"
    assert report["grid"]["street"] == "柳塘街道"
    assert (report["state"], report["state_label"]) == ("registered", "已登记")
    assert report["owner"] == "云溪区网格化管理中心"


async def test_outside_the_district_the_centre_is_the_fallback_owner(citizen: Any) -> None:
    report = await made(citizen, location={"lat": -33.9, "lon": 151.2, "system": "wgs84"})
    assert report["grid"] is None
    assert report["owner"] == "云溪区网格化管理中心"


async def test_without_a_category_the_dispatcher_sorts_it(citizen: Any, login: Any) -> None:
    report = await made(citizen, category=None)
    assert (report["category"], report["department"]) == (None, None)
    assert report["due_at"] == "2026-11-30T09:00:00+08:00"
    dispatcher = await login("dispatcher")
    path = f"/desk/reports/{report['number']}/dispatch"
    status, answer = await dispatcher.post(path, {"why": "派"})
    assert (status, answer["error"]["key"]) == (422, "report.unit_missing")
    status, answer = await dispatcher.post(path, {"why": "派", "category": "X999"})
    assert (status, answer["error"]["key"]) == (422, "report.category_unknown")
    sent = await moved(dispatcher, report["number"], "dispatch", category="E102")
    assert (sent["owner"], sent["state"]) == ("城市管理局", "dispatched")
    assert sent["due_at"] == "2026-11-23T14:30:00+08:00"


@pytest.mark.parametrize(
    "location",
    [
        {"lat": 999, "lon": 104.1, "system": "gcj02"},
        {"lat": 30.6, "lon": -181, "system": "gcj02"},
        {"lat": "NaN", "lon": 104.1, "system": "gcj02"},
        {"lat": 30.6, "lon": 104.1, "system": "bd09"},
        {"lat": 30.6},
        "30.6,104.1",
    ],
)
async def test_a_place_that_is_not_on_earth_is_refused(citizen: Any, location: object) -> None:
    status, answer = await citizen.service.post("/reports", citizen.report(location=location))
    assert (status, answer["error"]["key"]) == (422, "request.invalid")
    assert answer["error"]["detail"]["fields"][0]["field"] == "location"


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"category": "Z999"}, 422, "report.category_unknown"),
        ({"text": ""}, 422, "request.invalid"),
        ({"text": "长" * 5000}, 422, "request.invalid"),
        ({"media_ids": ["gone"]}, 422, "media.unknown"),
        ({"contact_phone": "12"}, 422, "report.phone"),
        ({"conversation_id": "nobody"}, 404, "conversation.not_found"),
    ],
)
async def test_a_report_that_cannot_be_taken_is_refused_with_a_key(
    citizen: Any, change: Json, status: int, key: str
) -> None:
    answered, answer = await citizen.service.post("/reports", citizen.report(**change))
    assert (answered, answer["error"]["key"]) == (status, key)
    assert answer["error"]["message"]


async def test_a_report_sent_twice_under_one_key_is_one_report(citizen: Any) -> None:
    answers = await asyncio.gather(
        *(citizen.service.post("/reports", citizen.report(), key="k") for _ in range(6))
    )
    assert len({answer["number"] for _, answer in answers}) == 1


async def test_a_foreign_report_and_no_report_are_answered_alike(arrive: Any) -> None:
    owner, other = await arrive("a"), await arrive("b")
    report = await made(owner)
    service = owner.service
    looks = [
        await service.post(f"/reports/{number}/own", other.owner)
        for number in (report["number"], "GD2026112399999", "x")
    ]
    assert looks[0] == looks[1] == looks[2]
    assert looks[0][0] == 404
    body = {"identity": other.identity, "text": "我也来说一句"}
    notes = [
        await service.post(f"/reports/{number}/note", body)
        for number in (report["number"], "GD2026112399999")
    ]
    assert notes[0] == notes[1]
    assert notes[0][0] == 404


async def test_the_citizen_hears_of_every_step_and_sees_the_timeline(
    citizen: Any, login: Any
) -> None:
    report = await made(citizen)
    dispatcher = await login("dispatcher")
    number = report["number"]
    await moved(dispatcher, number, "dispatch", unit="水务局")
    await moved(dispatcher, number, "sign")
    await moved(dispatcher, number, "resolve", why="井盖装好了")
    await moved(dispatcher, number, "close")
    _, seen = await citizen.service.post(f"/reports/{number}/own", citizen.owner)
    assert seen["state"] == "closed"
    assert [line["label"] for line in seen["timeline"]] == [
        "收到您反映的问题", "派给水务局", "水务局开始处理", "水务局处理好了", "结案",
    ]  # fmt: skip
    _, log = await citizen.service.get(f"/conversations/{citizen.name}/messages")
    told = [message["body"]["text"] for message in log["messages"]]
    assert len(told) == 4
    assert "井盖装好了" in told[2]


async def test_a_unit_sends_back_twice_and_then_the_dispatcher_decides(
    citizen: Any, login: Any, office: Any
) -> None:
    report = await made(citizen)
    dispatcher = await login("dispatcher")
    number = report["number"]
    for unit in ("水务局", "城市管理局"):
        await moved(dispatcher, number, "dispatch", unit=unit)
        back = await moved(dispatcher, number, "reject", why="不归我们管")
        assert (back["state"], back["owner"]) == ("registered", unit)
    final = await moved(dispatcher, number, "dispatch", unit="公安局")
    assert final["steps"] == ["sign"]
    body = {"why": "也不归我们管"}
    status, answer = await dispatcher.post(f"/desk/reports/{number}/reject", body)
    assert (status, answer["error"]["key"]) == (409, "report.bounce_cap")
    events = await office.database["events"].find({"entity": "report"}).sort("seq", 1).to_list(20)
    assert all(event["data"]["owner"] for event in events)
    assert [event["type"] for event in events].count("report.rejected") == 2


async def test_a_report_is_only_sent_to_a_unit_that_exists(citizen: Any, login: Any) -> None:
    report = await made(citizen)
    dispatcher = await login("dispatcher")
    path = f"/desk/reports/{report['number']}/dispatch"
    status, answer = await dispatcher.post(path, {"unit": "月球办"})
    assert (status, answer["error"]["key"]) == (422, "report.unit_unknown")
    _, seen = await dispatcher.get(f"/desk/reports/{report['number']}")
    assert "柳塘街道" in seen["units"]
    assert seen["state"] == "registered"


async def test_two_dispatchers_at_once_send_it_once(citizen: Any, login: Any) -> None:
    report = await made(citizen)
    one, two = await login("dispatcher"), await login("dispatcher")
    path = f"/desk/reports/{report['number']}/dispatch"
    answers = await asyncio.gather(
        one.post(path, {"unit": "水务局"}), two.post(path, {"unit": "公安局"})
    )
    assert sorted(status for status, _ in answers) == [200, 409]


async def test_words_added_later_stand_in_the_timeline_until_the_report_is_closed(
    citizen: Any, login: Any
) -> None:
    report = await made(citizen)
    path = f"/reports/{report['number']}/note"
    body = {"identity": citizen.identity, "text": "就在公交站旁边"}
    status, noted = await citizen.service.post(path, body)
    assert (status, len(noted["timeline"])) == (200, 2)
    empty = {"identity": citizen.identity, "text": "  "}
    status, answer = await citizen.service.post(path, empty)
    assert (status, answer["error"]["key"]) == (422, "report.note_empty")
    dispatcher = await login("dispatcher")
    _, seen = await dispatcher.get(f"/desk/reports/{report['number']}")
    assert seen["notes"][0]["text"] == "就在公交站旁边"
    await moved(dispatcher, report["number"], "dispatch")
    for step in ("sign", "resolve", "close"):
        await moved(dispatcher, report["number"], step, why="好了")
    status, answer = await citizen.service.post(path, body)
    assert (status, answer["error"]["key"]) == (409, "report.closed")


async def test_the_desk_sees_the_place_and_a_masked_person(
    citizen: Any, login: Any, office: Any
) -> None:
    report = await made(
        citizen,
        text=f"井盖没了，打我电话 {citizen.phone}",
        contact_phone=citizen.phone,
        location=IN_THE_DISTRICT,
    )
    dispatcher = await login("dispatcher")
    _, seen = await dispatcher.get(f"/desk/reports/{report['number']}")
    assert seen["contact_phone"] == "199****0001"
    assert citizen.phone not in json.dumps(seen, ensure_ascii=False)
    assert seen["location"] == IN_THE_DISTRICT
    log = await office.database["access_log"].find({"entity": "report"}).to_list(10)
    assert [look["entity_id"] for look in log] == [report["number"]]
    stored = await office.database["reports"].find_one({"_id": report["number"]})
    assert citizen.phone not in str(stored)
    assert "井盖没了" not in str(stored)


async def test_a_place_is_masked_in_every_field_it_stands_in(citizen: Any, login: Any) -> None:
    words = "张三家 电话13800005678 身份证990101198403174214"
    shown = "张三家 电话138****5678 身份证990***********4214"
    number = (await made(citizen, place=words, location=IN_THE_DISTRICT | {"label": words}))[
        "number"
    ]
    note = {"identity": citizen.identity, "text": words, "place": f"不对，是{words}"}
    await citizen.service.post(f"/reports/{number}/note", note)
    dispatcher = await login("dispatcher")
    _, seen = await dispatcher.get(f"/desk/reports/{number}")
    assert seen["location"]["label"] == shown
    assert seen["notes"][0]["earlier_place"] == shown
    for digits in ("13800005678", "990101198403174214"):
        assert digits not in json.dumps(seen, ensure_ascii=False)
    _, clear = await dispatcher.post(f"/desk/reports/{number}/reveal", {"why": "上门找不到地方"})
    assert clear["location"]["label"] == words


async def test_the_reason_of_a_withdrawal_is_masked_for_the_desk(citizen: Any, login: Any) -> None:
    number = (await made(citizen))["number"]
    why = "修好了，打13800005678问我，我叫瞿霜凛"
    body = {"identity": citizen.identity, "why": why}
    _, own = await citizen.service.post(f"/reports/{number}/withdraw", body)
    assert own["timeline"][-1]["note"] == why
    _, seen = await (await login("dispatcher")).get(f"/desk/reports/{number}")
    assert seen["timeline"][-1]["note"] == "修好了，打138****5678问我，我叫瞿**"


async def test_whoever_must_call_back_sees_the_phone_and_is_written_down(
    citizen: Any, login: Any, office: Any
) -> None:
    words = f"井盖没了，打我电话 {citizen.phone}"
    number = (await made(citizen, text=words, contact_phone=citizen.phone))["number"]
    dispatcher = await login("dispatcher")
    path = f"/desk/reports/{number}/reveal"
    assert (await dispatcher.post(path, {"why": " "}))[0] == 422
    status, clear = await dispatcher.post(path, {"why": "回电问具体位置"})
    assert (status, clear["revealed"]) == (200, True)
    assert (clear["contact_phone"], clear["text"]) == (citizen.phone, words)
    log = await office.database["access_log"].find({"entity_id": number}).to_list(10)
    assert [look["action"] for look in log] == ["report.reveal"]
    event = await office.database["events"].find_one({"type": "report.revealed"})
    assert (event["why"], event["who"]["kind"]) == ("回电问具体位置", "staff")
    _, seen = await dispatcher.get(f"/desk/reports/{number}")
    assert (seen["revealed"], seen["contact_phone"]) == (False, "199****0001")


@pytest.mark.parametrize("username", ["agent", "approver", "admin"])
async def test_only_a_dispatcher_dispatches(citizen: Any, login: Any, username: str) -> None:
    report = await made(citizen)
    somebody = await login(username)
    for step in ("dispatch", "sign", "reject", "resolve", "close", "reveal"):
        status, _ = await somebody.post(f"/desk/reports/{report['number']}/{step}", {"why": "试"})
        assert status == 403, step


async def test_the_desk_lists_by_state_and_marks_what_is_overdue(
    citizen: Any, login: Any, hands: Any
) -> None:
    first, second = await made(citizen), await made(citizen, category="E101")
    dispatcher = await login("dispatcher")
    hands.advance(hours=3)
    dispatcher = await login("dispatcher")
    _, listed = await dispatcher.get("/desk/reports?state=registered")
    overdue = {report["number"]: report["overdue"] for report in listed["reports"]}
    assert overdue == {first["number"]: True, second["number"]: False}
    assert listed["total"] == 2
    _, empty = await dispatcher.get("/desk/reports?state=closed")
    assert empty["reports"] == []
