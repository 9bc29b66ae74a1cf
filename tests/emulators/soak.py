"""Many emulated WeChat turns at once: `make soak TURNS=2000`.

A real door in a process of its own on a real MongoDB-protocol server; the platform, the office and
the dialogue are emulated in this process, and the office and the dialogue count effects. One turn
in ten is understood slowly, one answer in twenty gets lost on the way so that the platform asks
again, one customer message in thirty is refused at first, and tokens expire now and then. The last
line is JSON; the exit code is 1 if anything was lost, doubled or late.

A callback is measured here from its sending to its answer. What this process itself was late
meanwhile is no lateness of the door: it is told apart as `late_here`, and never taken away from
`within_5_s`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp
import uvloop
from aiohttp import web
from aiohttp.test_utils import TestServer
from dialogue_double import DialogueDouble
from office_double import OfficeDouble
from servers import free_port, mongo_command, redis_command, running

from bot.clock import now
from emulators.door import DoorProcess, settings, wechat_environment
from emulators.soak_report import Lateness, cpu_seconds, left_behind, report, warnings_in
from emulators.wechat_platform import WeChatPlatform

_SLOW_SHARE, _LOST_SHARE, _REFUSED_SHARE = 0.10, 0.05, 0.03
_SLOW_SECONDS = (4.5, 5.5)
_DRAIN_SECONDS = 60.0
# What a soak records is kept to its end, so a full collection finds nothing: at 4,000 turns it
# stands still for 56 ms, at 100,000 for most of a second, in which no callback's answer is read.
_NO_FULL_COLLECTION = 1_000_000


class SlowDialogue(DialogueDouble):
    """The dialogue's double, slow for one turn in ten, which counts what a turn causes."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random = random.Random(seed)
        self.slow = 0
        self.effects: Counter[str] = Counter()

    async def _turn(self, request: web.Request) -> web.Response:
        key = (await request.json())["key"]
        if key not in self.effects and self._random.random() < _SLOW_SHARE:
            self.slow += 1
            await asyncio.sleep(self._random.uniform(*_SLOW_SECONDS))
        if key not in self.turns:
            self.effects[key] += 1
        return await super()._turn(request)


class Soak:
    """The whole run.

    Attributes:
        open: answers that have yet to reach somebody.
        seen: answers that did, and how often.
    """

    def __init__(self, turns: int, people: int, at_once: int, seed: int) -> None:
        self.turns, self.people, self.seed = turns, people, seed
        self.gate = asyncio.Semaphore(at_once)
        self.dialogue = SlowDialogue(seed)
        self.office = OfficeDouble()
        self.platform = WeChatPlatform(now)
        self.platform.token_life = 400
        self.platform.on_shown = self._shown
        self.open: set[str] = set()
        self.seen: Counter[str] = Counter()
        self.sent = 0
        self.lateness = Lateness()

    async def run(self, folder: Path, mongo: str, redis: str) -> tuple[float, float]:
        """Start everything, send all messages, wait for the last answers; return the seconds."""
        async with contextlib.AsyncExitStack() as stack:
            await stack.enter_async_context(self.lateness)
            urls = []
            for app in (self.office.app(), self.dialogue.app(), self.platform.app()):
                server = await stack.enter_async_context(TestServer(app))
                urls.append(str(server.make_url("")).rstrip("/"))
            self.platform.url = urls[2]
            environment = settings(mongo=mongo, redis=redis, office=urls[0], dialogue=urls[1])
            self.door = DoorProcess(
                environment | wechat_environment(self.platform), folder / "door.log"
            )
            self.door.start()
            stack.push_async_callback(asyncio.to_thread, self.door.stop)
            await asyncio.to_thread(self.door.wait)
            connector = aiohttp.TCPConnector(limit=0)
            self.platform.http = await stack.enter_async_context(
                aiohttp.ClientSession(connector=connector)
            )
            self.platform.callback_url = f"{self.door.url}/channels/wechat"
            return await self._measured()

    async def _measured(self) -> tuple[float, float]:
        assert self.door.process
        self.door_cpu = cpu_seconds(self.door.process.pid)
        began = time.monotonic()
        await asyncio.gather(*(self._person(f"o{n:05d}") for n in range(self.people)))
        sending = time.monotonic() - began
        await self._drain()
        self.door_cpu = cpu_seconds(self.door.process.pid) - self.door_cpu
        return sending, time.monotonic() - began

    async def _drain(self) -> None:
        """Wait for the answers that are left, as long as any arrive.

        On a machine that is too small for what is offered, every callback is acknowledged in time
        and the answers come when they can: late is not lost.
        """
        left, since = len(self.open), time.monotonic()
        while self.open and time.monotonic() - since < _DRAIN_SECONDS:
            await asyncio.sleep(0.2)
            if len(self.open) < left:
                left, since = len(self.open), time.monotonic()

    async def _person(self, openid: str) -> None:
        """Let one follower write message after message, now and then two at once."""
        own = random.Random(f"{self.seed}{openid}")
        left = self.turns // self.people
        while left:
            step = min(left, 2 if own.random() < 0.1 else 1)
            async with self.gate:
                self._trouble(own)
                texts = [f"{openid}第{left - place}句" for place in range(step)]
                self.open.update(f"答:{text}" for text in texts)
                self.sent += step
                await asyncio.gather(*(self.platform.say(openid, text) for text in texts))
            left -= step

    def _trouble(self, own: random.Random) -> None:
        if own.random() < _LOST_SHARE:
            self.platform.drop_answers += own.choice([1, 1, 2])
        if own.random() < _REFUSED_SHARE:
            self.platform.send_faults.append(own.choice([-1, 40001, 42001]))
        if own.random() < 0.001:
            self.platform.expire_tokens()

    def _shown(self, text: str) -> None:
        """Cross off the answers in a message that somebody reads."""
        for piece in text.split("\n"):
            if piece.startswith("答:"):
                self.seen[piece] += 1
                self.open.discard(piece)


def main() -> int:
    """Run with the servers it needs; return 1 if anything was lost, doubled or late."""
    parser = argparse.ArgumentParser()
    parser.add_argument("turns", type=int, nargs="?", default=2000)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    gc.set_threshold(*gc.get_threshold()[:2], _NO_FULL_COLLECTION)
    people = min(options.turns, options.people or max(100, options.turns // 50))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mongo, redis = free_port(), free_port()
        with (
            running(mongo_command(mongo, folder / "data"), mongo, folder / "mongo.log") as store,
            running(redis_command(redis, folder), redis, folder / "redis.log"),
        ):
            # As in the embedded house: the server walks through all retryable writes at each write.
            uri = f"mongodb://127.0.0.1:{mongo}/?directConnection=true&retryWrites=false"
            soak = Soak(options.turns, people, options.at_once, options.seed)
            times = uvloop.run(soak.run(folder, uri, f"redis://127.0.0.1:{redis}/0"))
            store_cpu = cpu_seconds(store.pid)
            line = report(soak, *times, store_cpu=store_cpu, left=left_behind(uri))
            line["door_warned"] = warnings_in(folder / "door.log")
            if line["lost"]:
                sys.stderr.write((folder / "door.log").read_text()[-5000:])
    print(json.dumps(line, ensure_ascii=False))
    bad = ("duplicate_effects", "answered_twice", "over_quota", "lost", "unanswered_callbacks")
    return int(any(line[name] for name in bad) or line["within_5_s"] < 1)


if __name__ == "__main__":
    sys.exit(main())
