"""`BLIND_INDEX_KEY` is replaced: found under both keys, then under the first alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bson
import pytest

from backend.personal import service as personal
from backend.privacy import IndexKey
from backend.reindexing import reindex
from backend.rewriting import Tally
from backend.settings import SettingsError
from backend.supervision.model import Noted
from backend.supervision.service import verify

OLD, NEW = "ab" * 32, "12" * 32
BOTH = {"blind_index_key": f"{NEW},{OLD}"}
ALONE = {"blind_index_key": NEW}


def silent(_: str, __: Tally) -> None:
    """Tell nobody."""


async def live(follower: Any, leave: Any, service: Any, login: Any) -> Any:
    """Leave something under every index there is, and let staff look at it."""
    here = {"conversation_id": follower.name, "identity": follower.identity}
    assert (await service.post("/personal/consents", here | {"version": "2026-11"}))[0] == 200
    trace = await leave(follower)
    assert (await service.post("/personal/requests", here | {"kind": "copy"}))[0] == 200
    approver = await login("approver")
    for _ in range(3):
        assert (await approver.get(f"/desk/cases/{trace.case}"))[0] == 200
    return trace


async def found(office: Any, service: Any, follower: Any) -> Any:
    """Return what is found of somebody in every way there is to look."""
    _, cases = await service.post("/cases/own", follower.owner)
    _, reports = await service.post("/reports/own", follower.owner)
    _, standing = await service.post("/personal/standing", follower.owner)
    by_number = await personal.by_id_number(office, follower.id_number, follower.phone)
    by_talk = await personal.by_conversation(office, follower.name)
    body = {"conversation_id": follower.name, "identity": follower.identity, "kind": "copy"}
    _, request = await service.post("/personal/requests", body)
    whose = [
        {k: v for k, v in person.subject.to_document().items() if k != "links"}
        for person in (by_number, by_talk)
    ]
    return cases, reports, standing, whose, request["number"]


async def under(key: str, office: Any, follower: Any) -> list[str]:
    """Return the documents in which an index of a key stands."""
    hashed, who = IndexKey(key), f"{follower.channel}:{follower.id}"
    indexes = [hashed.of(purpose, who) for purpose in ("identity", "consent", "personal_request")]
    indexes += [hashed.of("id_number", follower.id_number), hashed.of("phone", follower.phone)]
    return sorted(
        {
            name
            for name in await office.database.list_collection_names()
            async for row in office.database[name].find({})
            if any(index.encode() in bson.encode(row) for index in indexes)
        }
    )


INDEXED = ["cases", "consents", "conversations", "identities", "people", "personal_requests",
           "reports"]  # fmt: skip


async def test_everything_is_found_under_both_keys_and_then_under_the_first_alone(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    before = await found(office, service, follower)
    noted = (await verify(office)).last
    async with reopen(**BOTH) as (between, rooms):
        assert await found(between, rooms, follower) == before
        assert await under(OLD, between, follower) == INDEXED
        totals = await reindex(between, silent)
        assert {name for name, tally in totals.items() if tally.changed} == {*INDEXED, "access_log"}
        assert not any(tally.left for tally in totals.values())
        assert await under(OLD, between, follower) == []
        assert await under(NEW, between, follower) == INDEXED
        assert await found(between, rooms, follower) == before
        again = await reindex(between, silent)
        assert set(map(repr, again.values())) == {repr(Tally())}
    async with reopen(**ALONE) as (after, rooms):
        assert await found(after, rooms, follower) == before
        verdict = await verify(after, Noted(noted.seq, noted.mac[:12]))
        assert (verdict.intact, verdict.as_noted) == (True, True)


async def test_an_office_lacking_a_key_by_which_something_is_found_does_not_open_and_says_which(
    follower: Any, leave: Any, service: Any, login: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    for given in (ALONE, {"blind_index_key": f"{NEW},{'34' * 32}"}):
        with pytest.raises(SettingsError, match="BLIND_INDEX_KEY"):
            async with reopen(**given):
                pass
    async with reopen(**BOTH) as (between, _):
        # New ones are written under the new key: nobody goes back to the old one alone.
        with pytest.raises(SettingsError, match="BLIND_INDEX_KEY") as refused:
            async with reopen(blind_index_key=OLD):
                pass
        assert OLD not in str(refused.value)
        await reindex(between, silent)
    async with reopen(**ALONE):
        pass


async def test_what_happens_between_the_keys_belongs_to_the_same_person(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    async with reopen(**BOTH) as (between, rooms):
        here = replace(follower, service=rooms)
        second = await here.apply("MZ002")
        assert await between.database["people"].count_documents({}) == 1
        claim = {
            "channel": follower.channel, "identity": "other-phone",
            "id_number": follower.id_number, "phone": follower.phone,
        }  # fmt: skip
        assert (await rooms.post("/people/verify", claim))[1]["verified"]
        await reindex(between, silent)
    async with reopen(**ALONE) as (_, rooms):
        _, seen = await rooms.post("/cases/own", replace(follower, id="other-phone").owner)
        assert len(seen["cases"]) == 2
        assert second["number"] in [one["number"] for one in seen["cases"]]


async def test_an_effect_asked_for_again_under_another_key_happens_once(
    follower: Any, service: Any, reopen: Any
) -> None:
    _, report = await service.post("/reports", follower.report(), key="once")
    async with reopen(**BOTH) as (between, rooms):
        assert await rooms.post("/reports", follower.report(), key="once") == (200, report)
        assert await between.database["reports"].count_documents({}) == 1
        other = await rooms.post("/reports", follower.report(text="别的事"), key="once")
        assert other[0] == 409


async def test_wrong_answers_count_on_though_the_key_is_another(
    follower: Any, leave: Any, service: Any, login: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    wrong = {
        "channel": follower.channel, "identity": follower.id,
        "id_number": follower.id_number, "phone": "19900000009",
    }  # fmt: skip
    for _ in range(3):
        assert (await service.post("/people/verify", wrong))[1]["locked_until"] is None
    async with reopen(**BOTH) as (_, rooms):
        assert (await rooms.post("/people/verify", wrong))[1]["locked_until"] is None
        assert (await rooms.post("/people/verify", wrong))[1]["locked_until"] is not None


async def test_what_an_earlier_version_kept_by_its_index_alone_is_had_from_where_it_still_stands(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    before = await found(office, service, follower)
    database, privacy = office.database, office.privacy
    await database["people"].update_many({}, {"$unset": {"phone_seals": ""}})
    await database["consents"].update_many({}, {"$unset": {"sealed": ""}})
    async for row in database["personal_requests"].find({}):
        asked = privacy.unseal_document(row["sealed"])
        del asked["identity"]
        sealed = {"$set": {"sealed": privacy.seal_document(asked)}}
        await database["personal_requests"].update_one({"_id": row["_id"]}, sealed)
    mark = {"$set": {"marks.BLIND_INDEX_KEY": privacy.blind_index("canary", "canary")}}
    await database["office_canary"].update_one({}, mark)
    async with reopen(**BOTH) as (between, _):
        totals = await reindex(between, silent)
        assert not any(tally.left for tally in totals.values())
    async with reopen(**ALONE) as (after, rooms):
        assert await found(after, rooms, follower) == before


async def test_a_phone_that_is_known_by_its_index_alone_is_told_and_keeps_the_old_key(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    lost = IndexKey(OLD).of("phone", "19900000008")
    await office.database["people"].update_one({}, {"$push": {"phones": lost}})
    async with reopen(**BOTH) as (between, _):
        assert (await reindex(between, silent))["people"].left == 1
    with pytest.raises(SettingsError, match="BLIND_INDEX_KEY"):
        async with reopen(**ALONE):
            pass
    async with reopen(**BOTH) as (between, rooms):
        # Whoever proves it once more tells it, and it is kept sealed from then on.
        claim = {
            "channel": "web", "identity": "b", "id_number": follower.id_number,
            "phone": "19900000008",
        }  # fmt: skip
        assert (await rooms.post("/people/verify", claim))[1]["verified"]
        assert (await reindex(between, silent))["people"].left == 0
    async with reopen(**ALONE):
        pass


async def test_a_record_of_looks_that_was_changed_is_not_vouched_for_anew(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    await live(follower, leave, service, login)
    last = (await verify(office)).last.seq
    assert last >= 3
    changed = {"$set": {"why": "没有看过"}}
    await office.database["access_log"].update_one({"_id": f"{2:012d}"}, changed)
    async with reopen(**BOTH) as (between, _):
        totals = await reindex(between, silent)
        assert totals["access_log"] == Tally(1, last - 1)
        assert (await verify(between)).broken_at == 2


async def test_looks_noted_while_the_chain_is_vouched_for_anew_hang_on_to_it(
    follower: Any, leave: Any, service: Any, login: Any, office: Any, reopen: Any
) -> None:
    trace = await live(follower, leave, service, login)
    chain = office.database["access_log"]
    as_it_was = await chain.find({}).to_list(None)
    async with reopen(**BOTH) as (between, _):
        await reindex(between, silent)
        # Broken off after the first record: the others are of the old key still.
        for row in as_it_was[1:]:
            await chain.replace_one({"_id": row["_id"]}, row)
        assert (await verify(between)).intact
        approver = await login("approver")
        assert (await approver.get(f"/desk/cases/{trace.case}"))[0] == 200
        assert (await verify(between)).intact
        totals = await reindex(between, silent)
        assert totals["access_log"] == Tally(len(as_it_was), 0)
        assert (await verify(between)).intact
    async with reopen(**ALONE) as (after, _):
        assert (await verify(after)).intact
