"""Who somebody is to their platform stands nowhere in clear, and what was written so opens."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import bson
import pytest

from backend.earlier import seal_identities
from backend.events import Who
from backend.people.at_rest import unseal
from backend.personal import service as personal

OPENID = "oPLANTED000000000000000000001"
KEY = f"wechat:{OPENID}"
WHY = "本人到大厅来办，核对过身份证"

Places = Callable[[], Awaitable[list[str]]]


@pytest.fixture
def places(office: Any) -> Places:
    """Give every document that the open id stands in: `await places()`."""

    async def look() -> list[str]:
        return [
            f"{name} {row['_id']}"
            for name in await office.database.list_collection_names()
            async for row in office.database[name].find({})
            if OPENID.encode() in bson.encode(row)
        ]

    return look


async def everything(follower: Any, leave: Any, service: Any, login: Any) -> Any:
    """Do whatever touches an identity, and let staff work on it."""
    who = {"identity": follower.identity}
    here = {"conversation_id": follower.name, **who}
    wrong = {
        "channel": "wechat",
        "identity": OPENID,
        "id_number": follower.id_number,
        "phone": "19900000009",
    }
    assert (await service.post("/personal/consents", here | {"version": "2026-11"}))[0] == 200
    assert (await service.post("/people/verify", wrong))[0] == 200
    trace = await leave(follower)
    assert (await service.post("/people/verify", wrong))[0] == 200
    _, report = await service.post("/reports", follower.report(), key="wechat-1:again")
    note = who | {"text": "就在路口"}
    assert (await service.post(f"/reports/{report['number']}/note", note))[0] == 200
    for path in ("cases", "reports"):
        assert (await service.post(f"/{path}/own", follower.owner))[0] == 200
    assert (await service.post("/personal/requests", here | {"kind": "copy"}))[0] == 200
    approver, dispatcher = await login("approver"), await login("dispatcher")
    reveal = {"why": "核对申请人的身份证号"}
    assert (await approver.post(f"/desk/cases/{trace.case}/reveal", reveal))[0] == 200
    steps = f"/desk/reports/{report['number']}"
    for step in ("dispatch", "sign", "resolve", "close"):
        status, answer = await dispatcher.post(f"{steps}/{step}", {"why": "已经处理好了"})
        assert status == 200, answer
    return trace


async def test_an_open_id_stands_in_no_document_whatever_its_owner_did(
    follower: Any, leave: Any, service: Any, login: Any, places: Places,
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    trace = await everything(follower, leave, service, login)
    assert await places() == []
    _, cases = await service.post("/cases/own", follower.owner)
    assert [one["number"] for one in cases["cases"]] == [trace.case]
    said = capfd.readouterr()
    assert OPENID not in said.out + said.err + caplog.text


async def test_a_copy_tells_its_owner_who_they_are_and_an_erasure_leaves_nothing(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, places: Places
) -> None:
    await everything(follower, leave, service, login)
    person = await personal.by_conversation(office, follower.name)
    copied = await personal.copy(office, person, Who("staff", "s"), WHY)
    assert copied["people"][0]["proven"][0]["as"] == KEY
    assert copied["consents"][0]["as"] == KEY
    erasure = await personal.begin(office, person, Who("staff", "s"), WHY)
    await office.transact(lambda tx: personal.door_finished(office, tx, erasure.id, 0))
    await personal.go_on(office, erasure.id)
    assert await places() == []
    assert await office.database["identities"].count_documents({}) == 0
    _, standing = await service.post("/personal/standing", follower.owner)
    assert standing == {"consent": None, "verified": False}


async def in_clear(office: Any) -> None:
    """Write back what stands sealed as an earlier version wrote it."""
    database, privacy = office.database, office.privacy
    who = {"channel": "wechat", "id": OPENID}
    for name, field in (("cases", "owner"), ("reports", "reporter")):
        async for row in database[name].find({}):
            sealed = privacy.unseal_document(row["sealed"])
            assert sealed.pop("identity") == who
            was = {"identity": who, field: KEY, "sealed": privacy.seal_document(sealed)}
            await database[name].update_one({"_id": row["_id"]}, {"$set": was})
    async for row in database["identities"].find({}):
        assert unseal(privacy, row.pop("sealed")).key == KEY
        await database["identities"].delete_one({"_id": row["_id"]})
        await database["identities"].insert_one({**row, "_id": KEY})
    async for row in database["verifications"].find({}):
        if row["_id"].startswith("who:"):
            await database["verifications"].delete_one({"_id": row["_id"]})
            await database["verifications"].insert_one({**row, "_id": f"who:{KEY}"})
    async for row in database["events"].find({"who.kind": "citizen"}):
        if isinstance(row["who"]["id"], bytes):
            await database["events"].update_one({"_id": row["_id"]}, {"$set": {"who.id": KEY}})
    await database["counters"].delete_one({"_id": "events sealed"})


async def test_what_an_earlier_version_wrote_in_clear_is_sealed_once_and_found(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, places: Places
) -> None:
    await everything(follower, leave, service, login)
    mine = [await service.post(f"/{path}/own", follower.owner) for path in ("cases", "reports")]
    failures = [row["count"] async for row in office.database["verifications"].find({})]
    await in_clear(office)
    assert {place.split()[0] for place in await places()} == {
        "cases", "reports", "identities", "verifications", "events",
    }  # fmt: skip
    for _ in range(2):
        await seal_identities(office)
        assert await places() == []
        again = [
            await service.post(f"/{path}/own", follower.owner) for path in ("cases", "reports")
        ]
        assert again == mine
        _, standing = await service.post("/personal/standing", follower.owner)
        assert standing == {"consent": "2026-11", "verified": True}
        kept = [row["count"] async for row in office.database["verifications"].find({})]
        assert sorted(kept) == sorted(failures)


async def test_a_sealing_that_was_broken_off_loses_nothing(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, places: Places
) -> None:
    await everything(follower, leave, service, login)
    await in_clear(office)
    # It ends between the new identity and the old one: both stand there.
    row = await office.database["identities"].find_one({"_id": KEY})
    index = office.privacy.blind_index("identity", KEY)
    newer = {**row, "_id": index, "sealed": office.privacy.seal_document(follower.identity)}
    await office.database["identities"].insert_one(newer)
    await seal_identities(office)
    assert await places() == []
    assert [one["_id"] async for one in office.database["identities"].find({})] == [index]
    _, standing = await service.post("/personal/standing", follower.owner)
    assert standing["verified"]
