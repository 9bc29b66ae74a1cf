"""《个人信息保护法》第四十七条: the door and the dialogue erase their share when it is ordered."""

from __future__ import annotations

from typing import Any

import pytest
from eventually import eventually
from followers import conversation_of

from bot.errors import DialogueAwayError
from bot.personal.eraser import Eraser
from bot.personal.store import Personal
from bot.privacy import Envelope

SAID = "只有我知道的话"


@pytest.fixture
def eraser(settings: Any) -> Any:
    """Make the work of a door that waits for nobody: `eraser(door)`."""

    def of(door: Any) -> Eraser:
        personal = Personal(door.database, Envelope(settings.data_keys))
        return Eraser(personal, door.dialogue, door.office, settle_seconds=0)

    return of


async def everything(database: Any, envelope: Envelope) -> dict[str, str]:
    """Return each collection as text, with whatever is sealed opened."""
    found = {}
    for name in await database.list_collection_names():
        rows = await database[name].find({}).to_list(None)
        found[name] = " ".join(_opened(envelope, row) for row in rows)
    return found


def _opened(envelope: Envelope, value: object) -> str:
    if isinstance(value, dict):
        return " ".join(f"{key} {_opened(envelope, item)}" for key, item in value.items())
    sealed = isinstance(value, bytes) and value.startswith(b"gAAAA")
    return str(envelope.unseal(value) if sealed else value)


async def test_a_browsers_conversation_goes_from_every_collection_and_is_closed(
    door: Any, citizen: Any, office: Any, dialogue: Any, eraser: Any, settings: Any
) -> None:
    cid, envelope = citizen.conversation_id, Envelope(settings.data_keys)
    await citizen.say(SAID)
    assert SAID in (await everything(door.door.database, envelope))["inbox"]
    office.erasures["e1"] = [cid]
    await eraser(door.door).look()
    for name, text in (await everything(door.door.database, envelope)).items():
        assert SAID not in text, name
        assert cid not in text, name
    assert office.erased["e1"] >= 4
    assert cid not in dialogue.order
    again = await eventually(lambda: _refused(citizen))
    assert again.error == "session.unknown"


async def _refused(citizen: Any) -> Any:
    """Return the answer once no process remembers the session."""
    answer = await citizen.request("GET", "/messages")
    return answer if answer.status == 401 else None


async def test_a_copy_holds_what_came_in_and_what_was_said(
    door: Any, citizen: Any, settings: Any
) -> None:
    await citizen.say(SAID)
    personal = Personal(door.door.database, Envelope(settings.data_keys))
    [copied] = await personal.copy([citizen.conversation_id])
    assert copied["received"][0]["body"]["text"] == SAID
    assert copied["said"][0]["body"]["text"] == f"答:{SAID}"
    assert (copied["channel"], copied["browsers"]) == ("web", 1)


async def test_a_follower_who_comes_back_begins_anew_and_is_answered(
    wechat: Any, office: Any, eraser: Any, settings: Any
) -> None:
    await wechat.say("oA", SAID)
    cid, door = conversation_of(wechat, "oA"), wechat.door.door
    office.erasures["e1"] = [cid]
    await eraser(door).look()
    for name, text in (await everything(door.database, Envelope(settings.data_keys))).items():
        assert SAID not in text, name
        assert "oA" not in text, name
    assert (await wechat.say("oA", "我又来了")).answer == "答:我又来了"
    assert "我又来了" not in office.texts(cid)
    # Erased a second time, the new conversation goes too.
    [fresh] = [one for one in office.log if "我又来了" in office.texts(one)]
    office.erasures["e2"] = [fresh]
    await eraser(door).look()
    assert (await wechat.say("oA", "第三次")).answer == "答:第三次"
    assert "第三次" not in office.texts(fresh)


async def test_without_the_dialogue_nothing_is_said_to_be_done(
    door: Any, citizen: Any, office: Any, dialogue: Any, eraser: Any
) -> None:
    await citizen.say(SAID)
    office.erasures["e1"] = [citizen.conversation_id]
    dialogue.away = True
    with pytest.raises(DialogueAwayError):
        await eraser(door.door).look()
    assert (office.erased, list(office.erasures)) == ({}, ["e1"])
    dialogue.away = False
    await eraser(door.door).look()
    assert office.erasures == {}
    assert await door.door.database["inbox"].count_documents({}) == 0
