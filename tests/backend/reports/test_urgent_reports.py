"""Somebody in danger: sent at once and by rule, one a conversation, kind and two hours."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from backend.app import open_office
from backend.desk.model import frame, visible
from backend.people.model import Identity
from backend.reports.alarm import raise_alarm
from backend.reports.service import Complaint

Json = dict[str, Any]
CENTRE = "云溪区网格化管理中心"
FIRE_BRIGADE = "消防救援大队"
IN_THE_DISTRICT = {"lat": 30.6, "lon": 104.1, "system": "gcj02", "label": "石桥路口"}


def alarm(citizen: Any, **changes: object) -> Json:
    """What the bot says of a fire."""
    return {
        "conversation_id": citizen.name,
        "identity": citizen.identity,
        "kind": "fire",
        "text": "着火了！！",
        "category": "E510",
    } | changes


async def raised(citizen: Any, **changes: object) -> Json:
    status, report = await citizen.service.post("/reports/urgent", alarm(citizen, **changes))
    assert status == 200, report
    return report


async def noted(citizen: Any, number: str, **added: object) -> Json:
    body = {"identity": citizen.identity, **added}
    status, report = await citizen.service.post(f"/reports/{number}/note", body)
    assert status == 200, report
    return report


async def events_of(office: Any, number: str) -> list[Json]:
    found = office.database["events"].find({"entity": "report", "entity_id": number})
    return await found.sort("seq", 1).to_list(100)


async def test_a_danger_without_a_place_is_sent_to_the_dispatcher_on_duty_at_once(
    citizen: Any,
) -> None:
    report = await raised(citizen)
    assert (report["created"], report["state"], report["owner"]) == (True, "dispatched", CENTRE)
    assert (report["urgent"], report["danger"]) == (True, "fire")
    assert report["accept_by"] == "2026-11-23T09:15:00+08:00"
    assert report["due_at"] == "2026-11-23T10:00:00+08:00"


@pytest.mark.parametrize("where", [{"place": "荷塘街6号三楼"}, {"location": IN_THE_DISTRICT}])
async def test_a_danger_whose_place_is_known_is_sent_to_who_can_help(
    citizen: Any, where: Json
) -> None:
    report = await raised(citizen, **where)
    assert (report["state"], report["owner"]) == ("dispatched", FIRE_BRIGADE)


async def test_nobody_s_confirmation_is_waited_for_and_the_dispatcher_reads_which_rule_it_was(
    citizen: Any, office: Any, login: Any
) -> None:
    report = await raised(citizen, place="荷塘街6号三楼")
    registered, dispatched = await events_of(office, report["number"])
    assert (registered["type"], registered["who"]["kind"]) == ("report.registered", "citizen")
    assert (dispatched["type"], dispatched["who"]["kind"]) == ("report.dispatched", "system")
    assert "先派后补" in dispatched["why"]
    _, seen = await (await login("dispatcher")).get(f"/desk/reports/{report['number']}")
    assert seen["timeline"][-1]["note"] == seen["rule"] == dispatched["why"]
    assert FIRE_BRIGADE in dispatched["why"]
    assert report["timeline"][-1] == {
        "at": "2026-11-23T09:00:00+08:00", "label": f"派给{FIRE_BRIGADE}", "note": "",
    }  # fmt: skip


async def test_the_events_of_a_danger_say_enough_for_a_desk_to_ring(
    citizen: Any, office: Any
) -> None:
    report = await raised(citizen)
    await raised(citizen, text="火大了")
    for event in await events_of(office, report["number"]):
        assert visible(event, frozenset({"dispatcher"}))
        told = frame(event)["data"]
        assert told["urgent"] is True, event["type"]
        assert told["accept_by"] == "2026-11-23T09:15:00+08:00"
        assert (told["danger"], told["owner"]) == ("fire", CENTRE)
        assert "着火" not in json.dumps(frame(event), ensure_ascii=False)


async def test_a_danger_is_urgent_under_a_category_of_everyday_matters(
    citizen: Any, login: Any
) -> None:
    report = await raised(citizen, kind="trapped", category="C701", text="邻居要跳楼，站在楼顶")
    assert (report["priority"], report["urgent"]) == ("urgent", True)
    assert report["due_at"] == "2026-11-23T11:00:00+08:00"
    dispatcher = await login("dispatcher")
    path = f"/desk/reports/{report['number']}/dispatch"
    status, sent = await dispatcher.post(path, {"category": "E107", "unit": "公安局"})
    assert (status, sent["owner"], sent["urgent"]) == (200, "公安局", True)
    assert sent["due_at"] == "2026-11-23T11:00:00+08:00"


async def test_however_often_a_danger_is_told_it_is_one_report(
    citizen: Any, login: Any, hands: Any
) -> None:
    first = await raised(citizen)
    for minute, words in enumerate(["快点啊", "烟好大", "着火了！！"]):
        hands.advance(minutes=1 + minute)
        again = await raised(citizen, text=words)
        assert (again["number"], again["created"]) == (first["number"], False)
    _, seen = await (await login("dispatcher")).get(f"/desk/reports/{first['number']}")
    assert [note["text"] for note in seen["notes"]] == ["快点啊", "烟好大", "着火了！！"]
    assert seen["text"] == "着火了！！"


async def test_a_danger_told_six_times_at_once_is_one_report(citizen: Any, office: Any) -> None:
    told = await asyncio.gather(*(raised(citizen, text=f"着火了{n}") for n in range(6)))
    assert len({report["number"] for report in told}) == 1
    assert [report["created"] for report in told].count(True) == 1
    assert await office.database["reports"].count_documents({}) == 1
    types = [event["type"] for event in await events_of(office, told[0]["number"])]
    assert types.count("report.dispatched") == 1
    assert types.count("report.noted") == 5


async def test_a_danger_told_to_two_processes_at_once_is_one_report(
    citizen: Any, office: Any, settings: Any, hands: Any
) -> None:
    complaint = Complaint(
        conversation_id=citizen.name,
        identity=Identity("web", citizen.name),
        text="着火了",
        category="E510",
        media_ids=[],
        location=None,
        label="",
        place="",
        contact_phone="",
    )
    # Keys as in the first process: what one wrote the other reads.
    async with open_office(settings, office.replies, hands) as other:
        told = await asyncio.gather(
            *(
                place.transact(lambda tx, at=place: raise_alarm(at, tx, complaint, "fire"))
                for place in (office, other) * 4
            )
        )
    assert len({record.number for record, _ in told}) == 1
    assert [created for _, created in told].count(True) == 1


async def test_a_replay_tells_the_same_and_adds_nothing(citizen: Any, office: Any) -> None:
    first, again = [
        await citizen.service.post("/reports/urgent", alarm(citizen), key="turn-1")
        for _ in range(2)
    ]
    assert first == again
    assert first[1]["created"] is True
    assert len(await events_of(office, first[1]["number"])) == 2


async def test_another_kind_of_danger_and_another_conversation_are_reports_of_their_own(
    arrive: Any,
) -> None:
    one, two = await arrive("a"), await arrive("b")
    reports = [
        await raised(one),
        await raised(one, kind="gas", category="E503", text="煤气味好重"),
        await raised(two),
    ]
    assert len({report["number"] for report in reports}) == 3
    assert all(report["created"] for report in reports)


async def test_two_hours_later_the_same_danger_is_another_report(citizen: Any, hands: Any) -> None:
    first = await raised(citizen)
    hands.advance(hours=1, minutes=59, seconds=59)
    assert (await raised(citizen))["number"] == first["number"]
    hands.advance(seconds=1)
    second = await raised(citizen)
    assert second["created"] is True
    assert second["number"] != first["number"]
    assert (await raised(citizen))["number"] == second["number"]


async def test_what_nobody_is_on_the_way_for_any_more_is_another_report(citizen: Any) -> None:
    first = await raised(citizen)
    body = {"identity": citizen.identity}
    await citizen.service.post(f"/reports/{first['number']}/withdraw", body)
    second = await raised(citizen, text="又着火了")
    assert (second["created"], second["state"]) == (True, "dispatched")


async def test_the_fifty_first_time_it_is_told_it_is_still_not_refused(
    citizen: Any, office: Any
) -> None:
    number = (await raised(citizen))["number"]
    for _ in range(52):
        await raised(citizen)
    assert len(await events_of(office, number)) == 52
    assert (await raised(citizen, place="荷塘街6号"))["owner"] == FIRE_BRIGADE


async def test_a_place_that_comes_later_sends_it_on_to_who_can_help(
    citizen: Any, office: Any, login: Any
) -> None:
    report = await raised(citizen)
    sent_on = await noted(citizen, report["number"], place="荷塘街6号三楼")
    assert (sent_on["state"], sent_on["owner"]) == ("dispatched", FIRE_BRIGADE)
    noted_event, sent_event = (await events_of(office, report["number"]))[-2:]
    assert (noted_event["type"], noted_event["data"]["added"]) == ("report.noted", ["place"])
    assert (sent_event["type"], sent_event["who"]["kind"]) == ("report.dispatched", "system")
    assert "荷塘街" not in str(noted_event) + str(sent_event)
    _, seen = await (await login("dispatcher")).get(f"/desk/reports/{report['number']}")
    assert seen["place"] == "荷塘街6号三楼"
    assert sorted(line["label"] for line in seen["timeline"]) == sorted(
        ["收到您反映的问题", f"派给{CENTRE}", "您补充了地点", f"派给{FIRE_BRIGADE}"]
    )


async def test_a_place_said_with_the_second_alarm_sends_it_on_too(citizen: Any) -> None:
    await raised(citizen)
    again = await raised(citizen, text="我在石桥路口", location=IN_THE_DISTRICT)
    assert (again["created"], again["owner"]) == (False, FIRE_BRIGADE)
    assert again["grid"]["street"] == "柳塘街道"


async def test_words_without_a_place_leave_it_with_the_dispatcher_on_duty(citizen: Any) -> None:
    report = await raised(citizen)
    assert (await noted(citizen, report["number"], text="快点"))["owner"] == CENTRE


async def test_a_place_does_not_take_it_from_whoever_has_signed_for_it(
    citizen: Any, login: Any
) -> None:
    report = await raised(citizen)
    dispatcher = await login("dispatcher")
    path = f"/desk/reports/{report['number']}"
    await dispatcher.post(f"{path}/sign")
    kept = await noted(citizen, report["number"], place="荷塘街6号三楼")
    assert (kept["state"], kept["owner"]) == ("signed", CENTRE)
    status, sent = await dispatcher.post(f"{path}/dispatch", {"why": "问清了地点"})
    assert (status, sent["state"], sent["owner"]) == (200, "dispatched", FIRE_BRIGADE)
    assert sent["rule"] is None


@pytest.mark.parametrize(
    ("change", "status", "key"),
    [
        ({"category": "Z999"}, 422, "report.category_unknown"),
        ({"kind": "Not A Kind"}, 422, "request.invalid"),
        ({"text": " "}, 422, "request.invalid"),
        ({"media_ids": ["gone"]}, 422, "media.unknown"),
        ({"conversation_id": "nobody"}, 404, "conversation.not_found"),
    ],
)
async def test_what_is_no_alarm_is_refused_with_a_key(
    citizen: Any, change: Json, status: int, key: str
) -> None:
    answered, answer = await citizen.service.post("/reports/urgent", alarm(citizen, **change))
    assert (answered, answer["error"]["key"]) == (status, key)
