"""A message that can never be done is set aside and answered, and the conversation goes on."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import pytest
import structlog
from citizen import Citizen
from conftest import ROOT
from cryptography.fernet import Fernet
from eventually import eventually

from bot.metrics import SET_ASIDE as WAITING
from bot.metrics import TURNS
from bot.replies import Replies
from paoyici.cli import main

REPLIES = Replies.load(ROOT / "data")
SET_ASIDE = REPLIES.reply("set_aside")["text"]
STRANGE = Fernet(Fernet.generate_key()).encrypt(b"{}")


@pytest.fixture
async def at_once(start_door: Any, http: Any, clock: Any) -> Any:
    """A door, a citizen, and what lets the time between two tries pass until something is so."""
    door = await start_door(poll_seconds=0.1)
    citizen = await Citizen.arrive(http, door.url)

    async def until(probe: Any) -> Any:
        async def later() -> Any:
            clock.forward(1)
            return await probe()

        return await eventually(later)

    return door, citizen, until


def state_of(door: Any, citizen: Citizen, id: str) -> Any:
    async def probe() -> bool:
        state = await door.door.inbox.state(f"web:{citizen.conversation_id}:{id}")
        return state == "set_aside"

    return probe


def counted() -> float:
    return TURNS.labels("set_aside")._value.get()


async def test_words_no_key_opens_are_set_aside_by_their_name_and_later_ones_answered(
    at_once, office, dialogue
):
    door, citizen, until = at_once
    before = counted()
    dialogue.away = True
    await citizen.say("办社保", id="one", wait=0)
    key = f"web:{citizen.conversation_id}:one"
    await door.door.database["inbox"].update_one({"_id": key}, {"$set": {"body": STRANGE}})
    with structlog.testing.capture_logs() as lines:
        await until(state_of(door, citizen, "one"))
    dialogue.away = False
    answer = await citizen.say("查社保")
    assert "答:查社保" in answer.texts
    assert office.texts(citizen.conversation_id).count(SET_ASIDE) == 1
    told = [line for line in lines if line["event"] == "turn.set_aside"]
    assert [(line["why"], line["log_level"]) for line in told] == [("key_wrong", "error")]
    assert "turn.defect" not in {line["event"] for line in lines}
    assert counted() == before + 1


async def test_a_defect_that_repeats_is_set_aside_with_a_way_to_a_person(at_once, office, dialogue):
    door, citizen, until = at_once
    dialogue.fails_at.add("毒")
    await citizen.say("毒", id="one", wait=0)
    await citizen.say("办社保", id="two", wait=0)
    with structlog.testing.capture_logs() as lines:
        await until(state_of(door, citizen, "one"))
    assert [line["why"] for line in lines if line["event"] == "turn.set_aside"] == ["internal"]
    assert dialogue.calls.count(f"web:{citizen.conversation_id}:one") == 6
    await eventually(lambda: "答:办社保" in office.texts(citizen.conversation_id))
    assert "12345" in SET_ASIDE
    assert [chip["payload"] for chip in REPLIES.reply("set_aside")["chips"]] == ["/ask_human"]


async def test_a_defect_of_the_doors_own_is_logged_once_and_set_aside(
    at_once, office, dialogue, monkeypatch
):
    door, citizen, until = at_once
    append = door.door.office.append

    async def stumble(*arguments: Any, **options: Any) -> Any:
        if options["body"].get("text") == "毒":
            raise KeyError("defect")
        return await append(*arguments, **options)

    monkeypatch.setattr(door.door.office, "append", stumble)
    with structlog.testing.capture_logs() as lines:
        await citizen.say("毒", id="one", wait=0)
        await until(state_of(door, citizen, "one"))
    events = [line["event"] for line in lines]
    assert events.count("turn.defect") == 1
    assert [line["why"] for line in lines if line["event"] == "turn.set_aside"] == ["KeyError"]
    assert "答:办社保" in (await citizen.say("办社保")).texts


async def test_a_neighbour_that_is_only_away_never_has_a_message_set_aside(
    at_once, office, dialogue
):
    _, citizen, until = at_once
    dialogue.away = True
    await citizen.say("办社保", id="one", wait=0)

    async def tried_often() -> bool:
        return len(dialogue.calls) > 8

    await until(tried_often)
    dialogue.away = False
    await eventually(lambda: "答:办社保" in office.texts(citizen.conversation_id))
    assert SET_ASIDE not in office.texts(citizen.conversation_id)


async def test_a_reply_no_key_opens_is_given_up_and_holds_nothing_up(at_once, office, dialogue):
    door, citizen, until = at_once
    dialogue.fails_at.add("毒")
    office.away = True
    await citizen.say("毒", id="one", wait=0)
    outbox = door.door.database["outbox"]

    async def apologised() -> Any:
        return await outbox.find_one({"state": "pending"})

    reply = await until(apologised)
    await outbox.update_one({"_id": reply["_id"]}, {"$set": {"body": STRANGE}})

    async def given_up() -> bool:
        return (await outbox.find_one({"_id": reply["_id"]}))["state"] == "failed"

    # The office stays away until then: whoever read the words before they changed cannot say them.
    await until(given_up)
    office.away = False
    await citizen.say("办社保", wait=0)

    async def answered() -> bool:
        return "答:办社保" in office.texts(citizen.conversation_id)

    await until(answered)


@pytest.fixture
def aside(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], settings: Any
) -> Any:
    """Type `paoyici aside list` or `retry`; return what it says."""
    monkeypatch.setenv("MONGODB_URI", settings.mongodb_uri)
    monkeypatch.setenv("MONGODB_DATABASE", settings.mongodb_database)

    async def run(does: str) -> str:
        monkeypatch.setattr(sys, "argv", ["paoyici", "aside", does])
        assert await asyncio.to_thread(main) == 0
        said = capsys.readouterr()
        return said.out + said.err

    return run


async def test_what_was_set_aside_is_answered_when_the_defect_is_mended(
    at_once, office, dialogue, http, aside
):
    door, citizen, until = at_once
    dialogue.fails_at.add("毒")
    await citizen.say("毒", id="one", wait=0)
    await until(state_of(door, citizen, "one"))
    await door.door.set_aside.look()
    async with http.get(f"{door.url}/healthz") as answer:
        assert (await answer.json())["set_aside"] == WAITING._value.get() == 1
    listed = await aside("list")
    assert f"web:{citizen.conversation_id}:one：试过 5 次，internal" in listed
    assert "毒" not in listed
    before = office.texts(citizen.conversation_id)
    assert "1 条交回门口" in await aside("retry")
    await until(state_of(door, citizen, "one"))
    calls = dialogue.calls.count(f"web:{citizen.conversation_id}:one")
    assert calls == 7, "one try more, and no second apology"
    assert office.texts(citizen.conversation_id) == before
    dialogue.fails_at.clear()
    await aside("retry")
    await eventually(lambda: "答:毒" in office.texts(citizen.conversation_id))
    assert "0 条交回门口" in await aside("retry")
    assert office.texts(citizen.conversation_id).count("毒") == 1
    row = await door.door.database["inbox"].find_one({})
    assert (row["state"], len(row["retried"])) == ("done", 2)


async def test_what_the_conversation_has_gone_past_is_shown_and_left(
    at_once, office, dialogue, aside
):
    door, citizen, until = at_once
    dialogue.fails_at.add("对")
    await citizen.say("对", id="one", wait=0)
    await until(state_of(door, citizen, "one"))
    await citizen.say("办社保")
    dialogue.fails_at.clear()
    assert "往下走了" in await aside("list")
    said = await aside("retry")
    assert "0 条交回门口" in said
    assert "1 条没有动" in said
    assert await state_of(door, citizen, "one")()
