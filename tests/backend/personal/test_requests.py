"""《个人信息保护法》第四十五至五十条: a citizen asks, staff answer in time or say why not."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from backend.personal import service as personal

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
    citizen: Any, leave: Any, service: Any, login: Any, client: Any, office: Any
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
    assert trace.words[0] in packed.read("personal.json").decode()
    rows = await office.database["access_log"].find({"action": "personal.copy"}).to_list(9)
    assert [(row["entity_id"], row["why"]) for row in rows] == [
        (request["number"], why) for why in reasons
    ]
    status, over = await supervisor.post(f"{REQUESTS}/{request['number']}/done", {"why": WHY})
    assert (status, over["state"]) == (200, "done")
    assert any("准备好了" in text for text in await notices(service, citizen))


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
