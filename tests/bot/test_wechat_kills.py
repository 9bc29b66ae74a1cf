"""The WeChat door as a real process that is killed, and a real store that goes away under it.

Whatever was acknowledged is answered exactly once; whatever could not be stored was not
acknowledged, so that the platform asks again.
"""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from emulators.door import DoorProcess, settings, wechat_environment
from emulators.wechat_platform import WeChatPlatform
from eventually import eventually
from pymongo import MongoClient
from servers import free_port, mongo_command, wait_for_port

SEED = 20261122


class OwnStore:
    """A MongoDB-protocol server of this test alone, which it may kill and start again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.uri = f"mongodb://127.0.0.1:{self.port}/?directConnection=true&retryWrites=false"
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it on the data it has."""
        with (self._folder / "store.log").open("ab") as log:
            self._process = subprocess.Popen(
                mongo_command(self.port, self._folder / "data"), stdout=log, stderr=log
            )
        wait_for_port(self.port, self._process)

    def kill(self) -> None:
        """Kill -9."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def stand_still(self) -> None:
        """Stop answering, as a server does whose disk hangs; connections stay open."""
        if self._process:
            self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Go on where it stood."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)

    def end_transactions(self) -> None:
        """Do what `paoyici run --restart` does when a room has died."""
        with MongoClient(self.uri) as client:
            client.admin.command("killAllSessions", [])

    def accepted(self) -> set[str]:
        """Return the MsgIds that stand in the inbox."""
        with MongoClient(self.uri) as client:
            return {row["_id"].rpartition(":")[2] for row in client["door"]["inbox"].find()}

    def recorded(self) -> set[str]:
        """Return the MsgIds whose answer is on the record as sent."""
        with MongoClient(self.uri) as client:
            sent = client["door"]["outbox"].find({"state": "sent"})
            return {row["inbox_id"].rpartition(":")[2] for row in sent}


@pytest.fixture
async def store(tmp_path):
    """A store that may die."""
    own = OwnStore(tmp_path)
    await asyncio.to_thread(own.start)
    yield own
    await asyncio.to_thread(own.kill)


@pytest.fixture
async def door_process(store, redis_url, office, dialogue, platform, tmp_path):
    """A door that may die, with the emulated platform before it."""
    environment = settings(
        mongo=store.uri, redis=redis_url, office=office.url, dialogue=dialogue.url
    )
    process = DoorProcess(environment | wechat_environment(platform), tmp_path / "door.log")
    platform.callback_url = f"{process.url}/channels/wechat"
    platform.pause_after_refusal = 5.0
    process.start()
    await asyncio.to_thread(process.wait)
    yield process
    await asyncio.to_thread(process.stop)


def answers(platform: WeChatPlatform) -> Counter[str]:
    """Return how often each answer was read."""
    return Counter(
        piece.removeprefix("答:")
        for who in platform.followers.values()
        for text in who.texts
        for piece in text.split("\n")
        if piece.startswith("答:")
    )


def statuses(platform: WeChatPlatform) -> Counter[int]:
    """Return how often the tries of all callbacks were answered with each status."""
    return Counter(status for one in platform.callbacks for status in one.statuses)


class Crowd:
    """Followers who write one message after the other; the text of a message is its MsgId."""

    def __init__(self, platform: WeChatPlatform) -> None:
        self._platform = platform
        self._numbers = iter(range(10**9, 2 * 10**9))
        self.acknowledged: set[str] = set()

    async def talk(self, openid: str, messages: int) -> None:
        """Let one follower write."""
        for _ in range(messages):
            id = str(next(self._numbers))
            message = {"MsgType": "text", "Content": id}
            callback = await self._platform.send(openid, message, id=id)
            if 200 in callback.statuses:
                self.acknowledged.add(id)

    async def all(self, people: int, messages: int) -> None:
        """Let everybody write at once."""
        await asyncio.gather(*(self.talk(f"o{number}", messages) for number in range(people)))


async def test_a_bot_killed_with_callbacks_in_flight_answers_everything_it_took_once(
    store, door_process, platform, dialogue
):
    chance, crowd, doubtful = random.Random(SEED), Crowd(platform), set()
    talking = asyncio.create_task(crowd.all(people=8, messages=12))
    for _ in range(3):
        begun = len(dialogue.turns)
        await eventually(lambda enough=begun + 6: len(dialogue.turns) > enough)
        await asyncio.sleep(chance.uniform(0, 0.2))
        await asyncio.to_thread(door_process.kill)
        await asyncio.to_thread(store.end_transactions)
        # WeChat cannot tell the next process what it has taken from this one.
        doubtful |= set(answers(platform)) - await asyncio.to_thread(store.recorded)
        door_process.start()
        await asyncio.to_thread(door_process.wait)
    await talking
    accepted = await asyncio.to_thread(store.accepted)
    assert sum(callback.unreached for callback in platform.callbacks) > 0
    assert crowd.acknowledged <= accepted
    await eventually(lambda: accepted <= set(answers(platform)), seconds=40)
    twice = {id for id, count in answers(platform).items() if count > 1}
    assert twice <= doubtful
    assert set(answers(platform)) == accepted
    assert platform.over_quota == 0
    assert len(dialogue.turns) == len(accepted)


async def test_a_retry_that_reaches_the_next_process_gets_no_second_answer(
    store, door_process, platform, dialogue
):
    message = {"MsgType": "text", "Content": "77"}
    assert (await platform.send("oA", message, id="77")).answer == "答:77"
    await asyncio.to_thread(door_process.kill)
    door_process.start()
    await asyncio.to_thread(door_process.wait)
    again = await platform.send("oA", message, id="77")
    assert again.answer == "答:77", "the platform asks again because it has not got the answer"
    assert len(dialogue.turns) == 1
    assert [one.via for one in platform.follower("oA").shown] == ["passive", "passive"]


async def test_while_the_store_is_away_nothing_is_acknowledged_that_is_not_stored(
    store, door_process, platform, dialogue
):
    crowd = Crowd(platform)
    talking = asyncio.create_task(crowd.all(people=6, messages=8))
    await eventually(lambda: len(dialogue.turns) > 6)
    await asyncio.to_thread(store.kill)
    # Whoever is waiting for an answer now may have been stored; a newcomer cannot be.
    newcomer = asyncio.create_task(crowd.talk("newcomer", messages=1))
    await eventually(lambda: 503 in statuses(platform))
    await asyncio.to_thread(store.start)
    await asyncio.gather(talking, newcomer)
    assert set(statuses(platform)) == {200, 503}
    assert all(seconds < 5 for one in platform.callbacks for seconds in one.tries)
    accepted = await asyncio.to_thread(store.accepted)
    assert crowd.acknowledged <= accepted
    await eventually(lambda: accepted <= set(answers(platform)), seconds=40)
    assert max(answers(platform).values()) == 1
    assert len(dialogue.turns) == len(accepted)


async def test_a_store_that_hangs_lets_no_callback_wait_and_no_message_be_lost(
    store, door_process, platform, dialogue
):
    crowd = Crowd(platform)
    assert (await platform.say("o0", "0")).answer == "答:0"
    store.stand_still()
    talking = asyncio.create_task(crowd.all(people=4, messages=2))
    await asyncio.sleep(6)
    assert crowd.acknowledged == set()
    store.go_on()
    await talking
    assert statuses(platform)[503] >= 4
    assert all(seconds < 5 for one in platform.callbacks for seconds in one.tries)
    accepted = await asyncio.to_thread(store.accepted)
    assert crowd.acknowledged <= accepted
    expected = {row.fields["Content"] for row in platform.callbacks}
    await eventually(lambda: expected <= set(answers(platform)), seconds=40)
    assert max(answers(platform).values()) == 1
