"""Several dialogue processes: a dead or hanging one is replaced at once, and nothing goes stale."""

from __future__ import annotations

import asyncio
import os
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from forms import answer_to, fields_of
from house import House, new_house
from people import CASE, Speaker, fill
from servers import free_port

from bot.dialogue import rendezvous
from bot.replies import Replies
from paoyici.citizen import Citizen, Memory, RefusedError

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
ITEM = "MZ008"
APOLOGY = Replies.load(ROOT / "data").reply("apology")["text"]
BAR = 2.0


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house with two dialogue processes and an office of its own."""
    house = new_house(
        tmp_path_factory.mktemp("pair"),
        DIALOGUE_PROCESSES="2",
        EMBEDDED_DIALOGUE_PORT=str(free_port(2)),
        EMBEDDED_BACKEND_PORT=str(free_port()),
    )
    house.start()
    yield house
    assert house.stop() == 0


class Ears:
    """The dialogue processes of a house, in the order in which one conversation prefers them."""

    def __init__(self, house: House, http: aiohttp.ClientSession, speaker: Speaker) -> None:
        first = int(house.environment["EMBEDDED_DIALOGUE_PORT"])
        self._house, self._http = house, http
        bases = [f"http://127.0.0.1:{port}" for port in (first, first + 1)]
        self.first, self.second = rendezvous(
            speaker.citizen._memory.state["conversation_id"], bases
        )

    def pid(self, base: str) -> int:
        """Return the process id of what was started at an address."""
        return self._at(base, self._house.pids("dialogue"))

    def serving(self, base: str) -> int:
        """Return the process id of what answers at an address."""
        return self._at(base, self._house.serving("dialogue"))

    def _at(self, base: str, pids: list[int]) -> int:
        mark = f"DIALOGUE_PORT={base.rpartition(':')[2]}".encode()
        (found,) = [
            pid for pid in pids if mark in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        ]
        return found

    async def well(self, base: str) -> bool:
        """Say whether a process answers."""
        try:
            async with self._http.get(f"{base}/health") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def back(self, base: str) -> None:
        """Wait until a process is there again, and the door knows it."""
        for _ in range(600):
            if await self.well(base) and await self._door_says_ok():
                return
            await asyncio.sleep(0.1)
        pytest.fail(self._house.logs())

    async def _door_says_ok(self) -> bool:
        async with self._http.get(f"{self._house.origin}/healthz") as answer:
            return bool((await answer.json())["status"] == "ok")


@pytest.fixture
async def speaker(
    pair: House, http: aiohttp.ClientSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Speaker:
    """A new citizen of that house."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    citizen = Citizen(http, pair.origin, Memory(uuid.uuid4().hex, pair.origin))
    await citizen.enter()
    return Speaker(citizen)


@pytest.fixture
def ears(pair: House, http: aiohttp.ClientSession, speaker: Speaker) -> Ears:
    """The processes, as the citizen's conversation prefers them."""
    return Ears(pair, http, speaker)


async def test_a_form_goes_on_at_the_other_process_and_back_at_the_first_after_kill_9(
    pair: House, http: aiohttp.ClientSession, speaker: Speaker, ears: Ears
) -> None:
    answers = [answer_to(field, 7) for field in fields_of(ITEM)]
    await speaker.say("我要申请高龄津贴")
    await speaker.say(answers[0])

    os.kill(ears.pid(ears.first), signal.SIGKILL)
    begun = time.monotonic()
    await speaker.say(answers[1])
    assert time.monotonic() - begun < BAR
    assert not await ears.well(ears.first)
    assert APOLOGY not in speaker.text
    assert "手机号" in await speaker.say("填到哪了")

    await ears.back(ears.first)
    os.kill(ears.pid(ears.second), signal.SIGKILL)
    for answer in answers[2:]:
        await speaker.say(answer)
    receipt = await speaker.say("确认提交")
    assert not await ears.well(ears.second)
    number = CASE.search(receipt)
    assert number, receipt

    await ears.back(ears.second)
    assert number[0] in await speaker.say("我的件办到哪了")
    log = await speaker.citizen._call("GET", "/messages", params={"after": "0", "limit": "200"})
    said = [row["body"].get("text") for row in log["messages"]]
    assert APOLOGY not in said
    assert [said.count(answer) for answer in answers if answer != "跳过"] == [1] * len(
        [answer for answer in answers if answer != "跳过"]
    )


async def test_a_conversation_whose_process_hangs_is_taken_over_and_the_sleeper_changes_nothing(
    pair: House, http: aiohttp.ClientSession, speaker: Speaker, ears: Ears
) -> None:
    answers = [answer_to(field, 8) for field in fields_of(ITEM)]
    await speaker.say("我要申请高龄津贴")
    sleeper = ears.serving(ears.first)
    os.kill(sleeper, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        await speaker.say(answers[0])
        assert time.monotonic() - begun < 2 * BAR
        await speaker.say(answers[1])
    finally:
        os.kill(sleeper, signal.SIGCONT)
    await ears.back(ears.first)
    assert "手机号" in await speaker.say("填到哪了")
    for answer in answers[2:]:
        await speaker.say(answer)
    assert CASE.search(await speaker.say("确认提交")), speaker.text


@pytest.mark.parametrize("part", ["dialogue", "backend"])
async def test_whoever_writes_to_a_house_that_hangs_is_told_within_two_seconds_and_answered_once(
    pair: House, http: aiohttp.ClientSession, speaker: Speaker, ears: Ears, part: str
) -> None:
    await speaker.say("您好")
    if part == "dialogue":
        sleepers = pair.serving("dialogue")
    else:
        sleepers = [pid for pid in pair.pids("street") if _room(pid) == "backend"]
    for pid in sleepers:
        os.kill(pid, signal.SIGSTOP)
    try:
        begun = time.monotonic()
        told = await _send(speaker, "补身份证要带什么")
        took = time.monotonic() - begun
    finally:
        for pid in sleepers:
            os.kill(pid, signal.SIGCONT)
    assert [message["body"]["text"] for message in told["messages"]] == [APOLOGY]
    assert told["done"] is False
    assert took < BAR
    await _answered(speaker, "户口簿")
    await speaker.say("您好")
    log = await speaker.citizen._call("GET", "/messages", params={"after": "0"})
    texts = [row["body"].get("text") for row in log["messages"]]
    assert texts.count("补身份证要带什么") == 1
    assert texts.count(APOLOGY) == (1 if part == "dialogue" else 0)
    assert sum("户口簿" in str(row["body"]) for row in log["messages"]) == 1


async def test_an_old_turn_asked_for_again_files_nothing_twice_at_whichever_process(
    pair: House, http: aiohttp.ClientSession, speaker: Speaker, ears: Ears
) -> None:
    await speaker.say("我要申请高龄津贴")
    await fill(speaker, ITEM, 9)
    filed = await _send(speaker, "确认提交", "file-it")
    number = CASE.search(str(filed))
    assert number, filed
    await speaker.say("您好")
    conversation = speaker.citizen._memory.state["conversation_id"]
    old = {
        "conversation_id": conversation,
        "key": f"web:{conversation}:file-it",
        "at": "2026-11-22T09:00:00+08:00",
        "message": {"kind": "text", "text": "确认提交"},
        "identity": {"channel": "web", "id": conversation},
    }
    unknown = old | {"key": f"web:{conversation}:lost-on-its-way", "ticket": [1, 1]}
    for base in (ears.first, ears.second):
        for turn in (old, unknown):
            async with http.post(f"{base}/turn", json=turn) as answer:
                assert answer.status == 409
                assert (await answer.json())["error"]["key"] == "turn.overtaken"
    await speaker.say("我的件办到哪了")
    assert set(CASE.findall(speaker.text)) == {number[0]}


async def _answered(speaker: Speaker, words: str) -> None:
    """Wait until the log holds an answer with these words; a part that is back needs a moment."""
    for _ in range(150):
        with suppress(RefusedError):
            log = await speaker.citizen._call("GET", "/messages", params={"after": "0"})
            if words in str(log["messages"]):
                return
        await asyncio.sleep(0.1)
    pytest.fail(f"no answer with {words}")


async def _send(speaker: Speaker, text: str, id: str | None = None) -> dict[str, Any]:
    """Send a text and return what the door says, without reading the log."""
    return await speaker.citizen._call(
        "POST",
        "/messages",
        json={"kind": "text", "text": text, "client_msg_id": id or uuid.uuid4().hex},
        headers={"Prefer": "wait=30"},
    )


def _room(pid: int) -> str:
    """Return which room a process serves."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[-2].decode()
