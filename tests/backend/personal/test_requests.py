"""《个人信息保护法》第四十五至五十条: a citizen asks, staff answer in time or say why not."""

from __future__ import annotations

import asyncio
import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from door_at_work import DOOR_SAYS, first_waited_for, hand_in, waited_for

from backend.clock import let_go_after
from backend.personal import door as at_the_door
from backend.personal import door_store
from backend.personal import service as personal
from backend.personal.subject import Subject

WHY = "本人到大厅来办，核对过身份证"
REQUESTS = "/desk/personal/requests"


async def ask(service: Any, citizen: Any, kind: str) -> Any:
    body = {"conversation_id": citizen.name, "identity": citizen.identity, "kind": kind}
    status, request = await service.post("/personal/requests", body)
    assert status == 200, request
    return request


async def notices(service: Any, citizen: Any) -> list[str]:
    _, log = await service.get(f"/conversations/{citizen.name}/messages?limit=500")
    return [one["body"]["text"] for one in log["messages"] if one["body"]["kind"] == "notice"]


async def test_a_request_has_a_number_and_is_due_after_fifteen_working_days(
    citizen: Any, service: Any, login: Any
) -> None:
    request = await ask(service, citizen, "copy")
    assert request["number"] == "GX2026112300001"
    assert request["due_at"] == "2026-12-14T17:00:00+08:00"
    assert (request["state"], request["verified"]) == ("open", False)
    assert await ask(service, citizen, "copy") == request
    assert (await ask(service, citizen, "correct"))["number"] == "GX2026112300002"
    supervisor = await login("supervisor")
    _, listed = await supervisor.get(REQUESTS)
    assert [one["number"] for one in listed["requests"]] == ["GX2026112300001", "GX2026112300002"]


@pytest.mark.parametrize("username", ["agent", "approver", "dispatcher", "auditor"])
async def test_only_supervisors_and_administrators_see_requests(login: Any, username: str) -> None:
    caller = await login(username)
    assert (await caller.get(REQUESTS))[0] == 403


@pytest.mark.parametrize("step", ["copy", "erase", "done", "refuse"])
async def test_an_administrator_carries_no_request_out(
    citizen: Any, service: Any, login: Any, step: str
) -> None:
    request = await ask(service, citizen, "copy")
    admin = await login("admin")
    assert (await admin.get(REQUESTS))[0] == 200
    assert (await admin.post(f"{REQUESTS}/{request['number']}/{step}", {"why": WHY}))[0] == 403


async def test_a_copy_is_given_as_a_file_and_every_look_is_noted(
    citizen: Any, leave: Any, service: Any, login: Any, client: Any, office: Any, door: Any
) -> None:
    trace = await leave(citizen)
    request = await ask(service, citizen, "copy")
    assert request["verified"] is True
    supervisor = await login("supervisor")
    path = f"{REQUESTS}/{request['number']}/copy"
    assert (await supervisor.post(path, {"why": "aaaaaa"}))[0] == 422
    reasons = [WHY, "第一次没下载完，本人还在等"]
    for why in reasons:
        async with client.post(
            f"/api/v1{path}", json={"why": why}, headers=supervisor.headers
        ) as answer:
            assert (answer.status, answer.content_type) == (200, "application/zip")
            assert answer.headers["Cache-Control"] == "no-store"
            packed = zipfile.ZipFile(io.BytesIO(await answer.read()))
    copied = packed.read("personal.json").decode()
    assert trace.words[0] in copied
    assert DOOR_SAYS in copied
    assert len(door) == len(reasons)
    assert all(citizen.name in conversations for conversations in door)
    rows = await office.database["access_log"].find({"action": "personal.copy"}).to_list(9)
    assert [(row["entity_id"], row["why"]) for row in rows] == [
        (request["number"], why) for why in reasons
    ]
    status, over = await supervisor.post(f"{REQUESTS}/{request['number']}/done", {"why": WHY})
    assert (status, over["state"]) == (200, "done")
    assert any("准备好了" in text for text in await notices(service, citizen))


async def test_without_the_door_no_copy_is_given_and_none_is_noted(
    citizen: Any, leave: Any, service: Any, login: Any, office: Any, monkeypatch: Any
) -> None:
    await leave(citizen)
    request = await ask(service, citizen, "copy")
    supervisor = await login("supervisor")
    monkeypatch.setattr(at_the_door, "PATIENCE_SECONDS", 0.3)
    status, answer = await supervisor.post(f"{REQUESTS}/{request['number']}/copy", {"why": WHY})
    assert (status, answer["error"]["key"]) == (503, "personal.door_away")
    assert "没有给" in answer["error"]["message"]
    assert await office.database["access_log"].count_documents({"action": "personal.copy"}) == 0
    assert await service.get("/personal/copies/door") == (200, {"copies": []})


async def test_what_the_door_hands_in_is_sealed_whole_and_gone_once_it_was_read(
    service: Any, office: Any, everything: Any
) -> None:
    waiting = asyncio.create_task(at_the_door.share(office, ["web-mine"]))
    copy = await first_waited_for(service)
    assert copy["conversations"] == ["web-mine"]
    # One door dies in the middle, and another begins anew: what both said is never mixed.
    for place in (0, 0):
        assert (await hand_in(service, copy, "first", (place,)))[0] == 200
    assert (await hand_in(service, copy, "second", (1,)))[0] == 200
    assert not waiting.done()
    kept = await office.database["personal_copy_pieces"].find({}).to_list(9)
    assert [DOOR_SAYS in str(row) for row in kept] == [False, False]
    assert DOOR_SAYS in (await everything())["personal_copy_pieces"]
    await hand_in(service, copy, "second", (0,))
    assert (await waiting)["door"] == [{"id": "web-mine", "said": DOOR_SAYS}]
    for name in ("personal_copies", "personal_copy_pieces"):
        assert await office.database[name].count_documents({}) == 0
    status, answer = await hand_in(service, copy, "third", (0,))
    assert (status, answer["error"]["key"]) == (404, "personal.no_copy")


async def test_an_erasure_takes_along_the_copies_that_still_wait(office: Any, service: Any) -> None:
    for name in ("web-mine", "web-yours"):
        until = office.clock.now() + timedelta(minutes=1)
        await door_store.order(
            office.database,
            office.privacy,
            f"c-{name}",
            [name],
            until,
            let_go_after(at_the_door.LIFE),
        )
        await hand_in(service, {"id": f"c-{name}", "conversations": [name]}, "d", (0, 1))
    assert await at_the_door.erase(office, Subject(conversations=("web-mine",))) == 3
    assert [copy["id"] for copy in await waited_for(service)] == ["c-web-yours"]
    assert await at_the_door.erase(office, Subject(conversations=("web-mine",))) == 0


async def test_what_is_open_and_due_first_stands_on_top_and_what_ended_below_newest_first(
    arrive: Any, service: Any, login: Any, hands: Any
) -> None:
    supervisor, numbers = await login("supervisor"), []
    for letter in "abc":
        numbers.append((await ask(service, await arrive(letter), "correct"))["number"])
        hands.advance(days=1)
        supervisor = await login("supervisor")
    for number in (numbers[1], numbers[0]):
        await supervisor.post(f"{REQUESTS}/{number}/done", {"why": WHY})
        hands.advance(minutes=1)
    wanted = [numbers[2], numbers[0], numbers[1]]
    pages = [await supervisor.get(f"{REQUESTS}?limit=2&page={page}") for page in (1, 2)]
    assert [one["number"] for _, page in pages for one in page["requests"]] == wanted
    assert [page["total"] for _, page in pages] == [3, 3]


async def test_the_desk_is_told_who_did_what_and_what_may_be_done(
    citizen: Any, leave: Any, service: Any, login: Any, door: Any
) -> None:
    await leave(citizen)
    number = (await ask(service, citizen, "copy"))["number"]
    supervisor = await login("supervisor")
    _, told = await supervisor.get(f"{REQUESTS}/{number}")
    assert told["steps"] == ["copy", "done", "refuse"]
    given = supervisor.client.post(
        f"/api/v1{REQUESTS}/{number}/copy", json={"why": WHY}, headers=supervisor.headers
    )
    assert (await given).status == 200
    await supervisor.post(f"{REQUESTS}/{number}/done", {"why": WHY})
    _, told = await (await login("admin")).get(f"{REQUESTS}/{number}")
    assert [(one["step"], one["staff_name"]) for one in told["timeline"]] == [
        ("asked", None),
        ("given", "主管老赵"),
        ("done", "主管老赵"),
    ]
    assert (told["steps"], told["why"], told["state"]) == ([], WHY, "done")
    assert (await supervisor.get(f"{REQUESTS}/GX0"))[0] == 404
    assert (await (await login("agent")).get(f"{REQUESTS}/{number}"))[0] == 403


async def test_what_is_being_erased_is_not_refused_any_more(
    citizen: Any, leave: Any, service: Any, login: Any
) -> None:
    await leave(citizen)
    number = (await ask(service, citizen, "erase"))["number"]
    supervisor = await login("supervisor")
    for _ in range(2):
        assert (await supervisor.post(f"{REQUESTS}/{number}/erase", {"why": WHY}))[0] == 200
    status, answer = await supervisor.post(f"{REQUESTS}/{number}/refuse", {"why": WHY})
    assert (status, answer["error"]["key"]) == (409, "personal.request_erasing")
    _, told = await supervisor.get(f"{REQUESTS}/{number}")
    assert [one["step"] for one in told["timeline"]] == ["asked", "ordered"]
    assert told["steps"] == []


async def test_an_erasure_is_carried_out_and_the_request_keeps_nobodys_name(
    citizen: Any, leave: Any, service: Any, login: Any, office: Any, everything: Any
) -> None:
    trace = await leave(citizen)
    request = await ask(service, citizen, "erase")
    path = f"{REQUESTS}/{request['number']}"
    supervisor = await login("supervisor")
    # It is carried out, not ticked off.
    assert (await supervisor.post(f"{path}/done", {"why": WHY}))[0] == 409
    status, ordered = await supervisor.post(f"{path}/erase", {"why": WHY})
    assert status == 200, ordered
    erasure = ordered["erasure_id"]
    await service.post(f"/personal/erasures/{erasure}/door", {"touched": 0})
    await personal.go_on(office, erasure)
    _, listed = await supervisor.get(f"{REQUESTS}?state=done")
    assert [(one["number"], one["conversation_id"]) for one in listed["requests"]] == [
        (request["number"], "")
    ]
    for name, text in (await everything()).items():
        assert [word for word in trace.words if word in text] == [], name
        if name not in ("counters", "events"):
            assert citizen.name not in text, name
    assert (await supervisor.post(f"{path}/erase", {"why": WHY}))[0] == 409


async def test_a_refusal_gives_its_reason_to_the_citizen(
    citizen: Any, service: Any, login: Any
) -> None:
    request = await ask(service, citizen, "erase")
    supervisor = await login("supervisor")
    path = f"{REQUESTS}/{request['number']}/refuse"
    assert (await supervisor.post(path, {"why": "."}))[0] == 422
    status, over = await supervisor.post(path, {"why": "还有低保在办，办完再删"})
    assert (status, over["state"]) == (200, "refused")
    [notice] = await notices(service, citizen)
    assert "还有低保在办" in notice
    assert (await supervisor.post(path, {"why": "还有低保在办，办完再删"}))[0] == 409
    assert (await supervisor.post(f"{REQUESTS}/GX0/refuse", {"why": WHY}))[0] == 404
