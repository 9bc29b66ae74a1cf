"""A file is seen by whoever may see its case, report or talk; a case's paper with a reason."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from phone_files import picture

STAFF = ("agent", "supervisor", "approver", "dispatcher", "admin", "auditor")
WHY = "核对申请人提交的户口簿"
Json = dict[str, Any]
Look = Callable[[str, str], Awaitable[int]]


@pytest.fixture
async def photo(service: Any, client: Any) -> str:
    """A file that nobody has sent to anybody yet."""
    form = aiohttp.FormData()
    form.add_field("file", picture("PNG"), filename="x.png")
    async with client.post("/api/v1/media", data=form, headers=service.headers) as answer:
        return str((await answer.json())["media_id"])


@pytest.fixture
def look(login: Any, client: Any) -> Look:
    """Let somebody look at a file: `await look("agent", media_id)` gives the status."""

    callers: Json = {}

    async def looked(username: str, media_id: str) -> int:
        caller = callers.get(username) or callers.setdefault(username, await login(username))
        async with client.get(f"/api/v1/media/{media_id}", headers=caller.headers) as answer:
            return int(answer.status)

    return looked


async def send(service: Any, hands: Any, cid: str, media_id: str) -> None:
    """Let a citizen send a file in a conversation."""
    message = {
        "key": f"m:{media_id}",
        "direction": "in",
        "author": {"kind": "citizen"},
        "body": {"kind": "photo", "media_ids": [media_id]},
        "at": hands.now().isoformat(),
    }
    assert (await service.post(f"/conversations/{cid}/messages", message))[0] == 200


async def ask_for_a_person(service: Any, cid: str) -> str:
    body = {"conversation_id": cid, "reason": "asked", "summary": ""}
    _, handoff = await service.post("/handoffs", body)
    return str(handoff["handoff_id"])


async def apply_with(service: Any, citizen: Any, media_id: str) -> str:
    application = await citizen.application("MZ001")
    application["media"] = [{"name": "photo_hukou", "media_id": media_id}]
    status, case = await service.post("/cases", application)
    assert status == 200, case
    return str(case["number"])


async def allowed(look: Look, media_id: str) -> set[str]:
    """Return who may see a file without a word."""
    return {each for each in STAFF if await look(each, media_id) == 200}


async def test_a_file_nobody_was_sent_is_seen_by_nobody(look: Look, photo: str) -> None:
    assert await allowed(look, photo) == set()


async def test_a_photo_of_a_report_is_seen_by_those_who_read_reports(
    service: Any, citizen: Any, look: Look, photo: str
) -> None:
    await service.post("/reports", citizen.report(media_ids=[photo]))
    assert await allowed(look, photo) == {"dispatcher", "admin"}


async def test_a_photo_added_to_a_report_later_is_seen_by_the_same(
    service: Any, citizen: Any, look: Look, photo: str
) -> None:
    _, report = await service.post("/reports", citizen.report())
    note = {"identity": citizen.identity, "text": "拍到了", "media_ids": [photo]}
    assert (await service.post(f"/reports/{report['number']}/note", note))[0] == 200
    assert await allowed(look, photo) == {"dispatcher", "admin"}


async def test_a_photo_of_a_talk_is_seen_by_those_who_read_it_once_a_person_is_asked_for(
    service: Any, citizen: Any, hands: Any, look: Look, photo: str
) -> None:
    await send(service, hands, citizen.name, photo)
    assert await allowed(look, photo) == set()
    await ask_for_a_person(service, citizen.name)
    assert await allowed(look, photo) == {"agent", "supervisor", "admin"}


async def test_a_paper_of_a_case_is_seen_by_nobody_without_a_reason(
    service: Any, citizen: Any, look: Look, photo: str
) -> None:
    await apply_with(service, citizen, photo)
    assert await allowed(look, photo) == set()


async def test_a_paper_opens_for_a_while_to_whoever_said_why_they_look_at_its_case(
    service: Any, citizen: Any, arrive: Any, look: Look, login: Any, hands: Any, office: Any,
    photo: str,
) -> None:  # fmt: skip
    number = await apply_with(service, citizen, photo)
    approver = await login("approver")
    other = await (await arrive("b")).apply()
    await approver.post(f"/desk/cases/{other['number']}/reveal", {"why": WHY})
    assert await look("approver", photo) == 403
    assert (await approver.post(f"/desk/cases/{number}/reveal", {"why": WHY + "原件"}))[0] == 200
    assert await allowed(look, photo) == {"approver"}
    log = await office.database["access_log"].find({"entity_id": photo}).to_list(10)
    assert [entry["action"] for entry in log] == ["media.read"]
    hands.advance(minutes=11)
    assert await look("approver", photo) == 403


async def test_a_paper_that_was_sent_in_a_talk_opens_there_with_a_reason_too(
    service: Any, citizen: Any, hands: Any, look: Look, login: Any, photo: str
) -> None:
    await send(service, hands, citizen.name, photo)
    talk = await ask_for_a_person(service, citizen.name)
    await apply_with(service, citizen, photo)
    assert await allowed(look, photo) == set()
    agent = await login("agent")
    assert (await agent.post(f"/desk/handoffs/{talk}/claim"))[0] == 200
    assert (await agent.post(f"/desk/handoffs/{talk}/reveal", {"why": WHY}))[0] == 200
    assert await allowed(look, photo) == {"agent"}


async def test_a_refused_look_tells_what_to_do_and_is_no_look(
    service: Any, citizen: Any, login: Any, office: Any, photo: str
) -> None:
    await apply_with(service, citizen, photo)
    status, answer = await (await login("approver")).get(f"/media/{photo}")
    assert (status, answer["error"]["key"]) == (403, "media.reason_needed")
    assert "写明为什么" in answer["error"]["message"]
    assert await office.database["access_log"].count_documents({"entity": "media"}) == 0


async def test_files_of_an_earlier_version_still_open(
    service: Any, citizen: Any, look: Look, office: Any, photo: str
) -> None:
    # Which conversation they were sent in, and the files of notes, were not written down then.
    await office.database["media"].update_one({"_id": photo}, {"$unset": {"conversations": 1}})
    assert await allowed(look, photo) == {"agent", "supervisor", "dispatcher", "admin"}
    await apply_with(service, citizen, photo)
    assert await allowed(look, photo) == set()


async def test_the_other_rooms_see_a_file_for_its_citizen(
    service: Any, client: Any, citizen: Any, photo: str
) -> None:
    await apply_with(service, citizen, photo)
    async with client.get(f"/api/v1/media/{photo}", headers=service.headers) as answer:
        assert answer.status == 200


@pytest.fixture
def unsent(service: Any) -> Callable[[], Awaitable[list[str]]]:
    """Give the old files that no matter has, as the door asks for them."""

    async def found() -> list[str]:
        status, answer = await service.get("/media/unsent")
        assert status == 200
        return list(answer["media_ids"])

    return found


async def test_an_old_file_that_no_matter_has_is_told_to_the_door(
    photo: str, unsent: Any, service: Any, hands: Any
) -> None:
    hands.advance(days=1, hours=23)
    assert await unsent() == []
    hands.advance(hours=2)
    assert await unsent() == [photo]
    assert await service.get(f"/media/unsent?after={photo}") == (
        200,
        {"media_ids": [], "next": None},
    )


@pytest.mark.parametrize("matter", ["talk", "case", "report"])
async def test_what_a_matter_has_is_neither_told_nor_removed(
    photo: str, unsent: Any, service: Any, citizen: Any, hands: Any, client: Any, matter: str
) -> None:
    if matter == "talk":
        await send(service, hands, citizen.name, photo)
    elif matter == "case":
        await apply_with(service, citizen, photo)
    else:
        assert (await service.post("/reports", citizen.report(media_ids=[photo])))[0] == 200
    hands.advance(days=3)
    assert await unsent() == []
    async with client.delete(f"/api/v1/media/{photo}", headers=service.headers) as answer:
        assert (answer.status, (await answer.json())["error"]["key"]) == (409, "media.held")


async def test_what_an_office_that_died_left_of_a_file_is_told_and_goes_wholly(
    photo: str, unsent: Any, service: Any, client: Any, office: Any, hands: Any
) -> None:
    await office.database["media.files"].delete_many({})
    hands.advance(days=3)
    (left,) = await unsent()
    async with client.delete(f"/api/v1/media/{left}", headers=service.headers) as answer:
        assert answer.status == 200
    for collection in ("media", "media.files", "media.chunks"):
        assert await office.database[collection].count_documents({}) == 0
