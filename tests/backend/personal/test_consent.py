"""《个人信息保护法》第十五、二十九条: a separate consent, withdrawn as easily as it is given."""

from __future__ import annotations

from typing import Any

VERSION = "2026-11"


def body(citizen: Any, **more: str) -> dict[str, Any]:
    return {"conversation_id": citizen.name, "identity": citizen.identity, **more}


async def test_a_consent_is_kept_with_its_version_and_time_and_told_once(
    citizen: Any, service: Any, office: Any, hands: Any
) -> None:
    nothing = {"consent": None, "verified": False}
    assert await service.post("/personal/standing", citizen.owner) == (200, nothing)
    for _ in range(2):
        status, told = await service.post("/personal/consents", body(citizen, version=VERSION))
        assert (status, told["consent"]) == (200, VERSION)
    [event] = await office.database["events"].find({"type": "consent.given"}).to_list(9)
    assert (event["data"], event["at"]) == ({"version": VERSION}, hands.now())
    assert event["entity_id"] == citizen.name
    # Who agreed stands nowhere in clear: an open id names a person.
    [kept] = await office.database["consents"].find({}).to_list(9)
    assert citizen.identity["id"] not in f"{kept} {event['who']}"


async def test_a_consent_is_withdrawn_at_once_and_can_be_given_again(
    citizen: Any, service: Any, office: Any
) -> None:
    await service.post("/personal/consents", body(citizen, version=VERSION))
    for was_one in (True, False):
        status, told = await service.post("/personal/consents/withdraw", body(citizen))
        assert (status, told["withdrawn"]) == (200, was_one)
    assert await office.database["events"].count_documents({"type": "consent.withdrawn"}) == 1
    _, told = await service.post("/personal/consents", body(citizen, version=VERSION))
    assert told["consent"] == VERSION


async def test_a_consent_holds_for_whoever_gave_it_and_for_a_talk_there_is(
    citizen: Any, arrive: Any, service: Any
) -> None:
    await service.post("/personal/consents", body(citizen, version=VERSION))
    other = await arrive("b")
    _, told = await service.post("/personal/standing", other.owner)
    assert told["consent"] is None
    nowhere = body(citizen, version=VERSION) | {"conversation_id": "nowhere"}
    assert (await service.post("/personal/consents", nowhere))[0] == 404
