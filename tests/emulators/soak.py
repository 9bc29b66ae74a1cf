"""Many emulated WeChat turns at once: `make soak TURNS=2000`.

A real door on a real MongoDB-protocol server, the office and the dialogue as HTTP doubles that
count effects. One turn in ten is understood slowly, one answer in twenty gets lost on the way so
that the platform asks again, one customer message in thirty is refused at first, and tokens
expire now and then. The last line is JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import logging
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.fernet import Fernet
from dialogue_double import DialogueDouble
from office_double import OfficeDouble
from servers import free_port, mongo_command, redis_command, running

from bot.app import create_app
from bot.channels.wechat.settings import WeChatSettings
from bot.clock import now
from bot.settings import Settings
from emulators.wechat_platform import WeChatPlatform

TESTS = Path(__file__).resolve().parents[1]
_SLOW_SHARE, _LOST_SHARE, _REFUSED_SHARE = 0.10, 0.05, 0.03
_SLOW_SECONDS = (4.5, 5.5)
_DRAIN_SECONDS = 60.0


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
    """The whole run."""

    def __init__(self, turns: int, people: int, at_once: int, seed: int) -> None:
        self.turns, self.people, self.seed = turns, people, seed
        self.random = random.Random(seed)
        self.gate = asyncio.Semaphore(at_once)
        self.dialogue = SlowDialogue(seed)
        self.office = OfficeDouble()
        self.platform = WeChatPlatform(now)
        self.platform.token_life = 400
        self.sent: dict[str, list[str]] = {}

    async def run(self, mongo: str, redis: str) -> dict[str, Any]:
        """Start everything, send all messages, wait for the last answers, count."""
        async with contextlib.AsyncExitStack() as stack:
            urls = []
            for app in (self.office.app(), self.dialogue.app(), self.platform.app()):
                server = await stack.enter_async_context(TestServer(app))
                urls.append(str(server.make_url("")).rstrip("/"))
            door = await self._door(stack, mongo, redis, *urls)
            self.platform.callback_url = f"{door}/channels/wechat"
            began = time.monotonic()
            await asyncio.gather(*(self._person(f"o{n:05d}") for n in range(self.people)))
            sending = time.monotonic() - began
            await self._drain()
            return self._report(sending, time.monotonic() - began)

    async def _door(self, stack: Any, mongo: str, redis: str, *urls: str) -> str:
        office, dialogue, platform = urls
        settings = Settings(
            mongodb_uri=mongo,
            mongodb_database="soak",
            redis_url=redis,
            backend_url=office,
            dialogue_url=dialogue,
            service_token="a-service-token-of-tests",
            data_keys=Fernet.generate_key().decode(),  # type: ignore[arg-type]
            token_key="ab" * 32,
            data_dir=TESTS.parent / "data",
            public_url="https://office.invalid",
            wechat=WeChatSettings(
                app_id=self.platform.app_id,
                app_secret=self.platform.secret,  # type: ignore[arg-type]
                token=self.platform.token,  # type: ignore[arg-type]
                aes_keys=self.platform.aes_key,  # type: ignore[arg-type]
                api_url=platform,
            ),
        )
        runner = web.AppRunner(create_app(settings), access_log=None)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        port = free_port()
        await web.TCPSite(runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{port}"

    async def _person(self, openid: str) -> None:
        """Let one follower write message after message, now and then two at once."""
        own = random.Random(f"{self.seed}{openid}")
        texts = [f"{openid}第{n}句" for n in range(self.turns // self.people)]
        self.sent[openid] = texts
        place = 0
        while place < len(texts):
            step = 2 if own.random() < 0.1 else 1
            async with self.gate:
                self._trouble(own)
                await asyncio.gather(
                    *(self.platform.say(openid, text) for text in texts[place : place + step])
                )
            place += step

    def _trouble(self, own: random.Random) -> None:
        if own.random() < _LOST_SHARE:
            self.platform.drop_answers += own.choice([1, 1, 2])
        if own.random() < _REFUSED_SHARE:
            self.platform.send_faults.append(own.choice([-1, 40001, 42001]))
        if own.random() < 0.001:
            self.platform.expire_tokens()

    async def _drain(self) -> None:
        """Wait until everybody has every answer, but not for ever."""
        end = time.monotonic() + _DRAIN_SECONDS
        while time.monotonic() < end and self._missing():
            await asyncio.sleep(0.2)

    def _pieces(self, openid: str) -> list[str]:
        return [
            piece
            for text in self.platform.follower(openid).texts
            for piece in text.split("\n")
            if piece.startswith("答:")
        ]

    def _missing(self) -> int:
        return sum(
            len({f"答:{text}" for text in texts} - set(self._pieces(openid)))
            for openid, texts in self.sent.items()
        )

    def _report(self, sending: float, whole: float) -> dict[str, Any]:
        tries = sorted(
            seconds for callback in self.platform.callbacks for seconds in callback.tries
        )
        answered = [
            len(callback.statuses) == len(callback.tries) for callback in self.platform.callbacks
        ]
        seen = Counter((openid, piece) for openid in self.sent for piece in self._pieces(openid))
        vias = Counter(one.via for who in self.platform.followers.values() for one in who.shown)
        total = sum(len(texts) for texts in self.sent.values())
        return {
            "turns": total,
            "people": self.people,
            "slow_turns": self.dialogue.slow,
            "callbacks": len(tries),
            "within_5_s": sum(seconds < 5 for seconds in tries) / len(tries),
            "unanswered_callbacks": answered.count(False),
            "slowest_callback_s": round(tries[-1], 3),
            "p50_callback_s": round(tries[len(tries) // 2], 3),
            "p99_callback_s": round(tries[int(len(tries) * 0.99)], 3),
            "duplicate_effects": sum(count - 1 for count in self.dialogue.effects.values()),
            "answered_twice": sum(count - 1 for count in seen.values()),
            "over_quota": self.platform.over_quota,
            "lost": self._missing(),
            "passive": vias["passive"],
            "customer": vias["customer"],
            "token_refreshes": self.platform.tokens_issued,
            "refusals": dict(Counter(str(code) for code in self.platform.refused)),
            "seconds": round(whole, 1),
            "turns_per_s": round(total / sending, 1),
            "seed": self.seed,
        }


def main() -> int:
    """Run with the servers it needs; return 1 if anything was lost, doubled or late."""
    parser = argparse.ArgumentParser()
    parser.add_argument("turns", type=int, nargs="?", default=2000)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20261122)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mongo, redis = free_port(), free_port()
        with (
            running(mongo_command(mongo, folder / "data"), mongo, folder / "mongo.log"),
            running(redis_command(redis, folder), redis, folder / "redis.log"),
        ):
            soak = Soak(options.turns, options.people, options.at_once, options.seed)
            report = asyncio.run(
                soak.run(
                    f"mongodb://127.0.0.1:{mongo}/?directConnection=true&retryWrites=false",
                    f"redis://127.0.0.1:{redis}/0",
                )
            )
    print(json.dumps(report, ensure_ascii=False))
    bad = ("duplicate_effects", "answered_twice", "over_quota", "lost", "unanswered_callbacks")
    return int(any(report[name] for name in bad) or report["within_5_s"] < 1)


if __name__ == "__main__":
    sys.exit(main())
