"""What citizens come for: questions, reports, applications and people, in any order.

Every step is said until it is done: where the clerk answers that the office cannot be reached and
nothing is lost, the citizen says it again, as the answer asks.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.faults.citizen import Citizen
from tests.forms import answer_to, fields_of

ROOT = Path(__file__).resolve().parents[2]
CASE, TICKET = re.compile(r"BJ\d{13}"), re.compile(r"GD\d{13}")
_ITEM = "MZ008"
_TROUBLES = (
    "我们楼下路灯坏了好几天，晚上黑漆漆的",
    "小区门口垃圾堆了一个星期没人收",
    "公园的椅子坐上去摇摇晃晃",
)
_FOLLOW_UPS = ("要多少钱", "要带什么材料", "要好久才办得下来", "在哪里办")
_MANNERS = ("您好", "谢谢", "你会做什么")
_MOST_TRIES = 60
_TOLD, _TOLD_LETTERS = 4, 36
"""Messages of a lost errand that are told, with the beginning of their answers."""

Pause = Callable[[], Awaitable[None]]


@cache
def _words(room: str) -> dict[str, Any]:
    path = ROOT / "data" / "replies" / f"{room}.yml"
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def passing() -> frozenset[str]:
    """Return what is said while the answer is still to come."""
    replies = _words("bot")["replies"]
    return frozenset(replies[name]["text"] for name in ("apology", "apology_again"))


def _not_done() -> frozenset[str]:
    """Return the answers that ask to say the same again, because a part was away."""
    return frozenset(
        {
            _words("common")["office_away"],
            _words("person")["not_reached"],
            _words("bot")["replies"]["action_failed"]["text"],
        }
    )


def _not_sent() -> frozenset[str]:
    """Return the answers after which `提交` files what is kept."""
    return frozenset(_words(room)["not_sent"] for room in ("report", "application"))


def handed_over() -> str:
    """Return what the door itself says when nobody can understand and a person is asked for."""
    return str(_words("bot")["replies"]["handed_over"]["text"])


def hands_over() -> frozenset[str]:
    """Return the answers that have opened a handoff, those to a danger among them."""
    person, danger = _words("person"), _words("safety")["person"]
    called = {danger["there"], danger["called"], person["coming"], person["after_misunderstanding"]}
    # Outside the desk's hours the answer says when somebody is there.
    closed = {words.partition("{when}")[0] for words in (danger["away"], person["closed"])}
    return called | closed | {handed_over()}


@cache
def questions() -> tuple[str, ...]:
    """Return the example questions of the whole catalogue."""
    found: list[str] = []
    for path in sorted((ROOT / "data" / "catalogue").glob("*.yaml")):
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]:
            found += item.get("questions") or []
    return tuple(found)


@dataclass
class Visit:
    """One citizen's errands.

    Args:
        pause: how long people think between two sentences.
        done: whether it is time to go home; a begun errand is finished first.
    """

    citizen: Citizen
    serial: int
    chance: random.Random
    pause: Pause
    done: Callable[[], bool]
    unfinished: list[str] = field(default_factory=list)
    repeated: int = 0

    async def run(self) -> None:
        """Do all errands in an order of one's own."""
        await self.citizen.enter()
        errands = [self._ask, self._ask, self._chat, self._burst]
        errands += [errand for errand in (self._report, self._apply) if self.chance.random() < 0.7]
        self.chance.shuffle(errands)
        if self.chance.random() < 0.4:
            errands.append(self._want_a_person)
        for errand in errands:
            if self.done():
                break
            await errand()
        await self.citizen.leave()

    async def _say(self, text: str) -> str:
        """Say it until it is done, and return the answer."""
        for _ in range(_MOST_TRIES):
            await self.pause()
            said = await self.citizen.ask(text)
            if any(words in said for words in _not_sent()):
                text = "提交"
            elif not any(words in said for words in _not_done()):
                return said
            self.repeated += 1
            await asyncio.sleep(0.5)
        self.unfinished.append(f"{text}: {said}")
        return said

    async def _ask(self) -> None:
        await self._say(self.chance.choice(questions()))
        await self._say(self.chance.choice(_FOLLOW_UPS))

    async def _chat(self) -> None:
        await self._say(self.chance.choice(_MANNERS))

    async def _burst(self) -> None:
        """Send three messages before the first is answered."""
        await self.pause()
        texts = (*self.chance.sample(_MANNERS, 2), self.chance.choice(questions()))
        sent = [await self.citizen.say(text) for text in texts]
        for message in sent:
            await self.citizen.answer(message)

    async def _report(self) -> None:
        said = await self._say(self.chance.choice(_TROUBLES))
        for answer in ("清水街道一号院门口", "跳过", "跳过", "对，提交", "提交", "提交"):
            if TICKET.search(said):
                break
            said = await self._say(answer)
        self._note(TICKET, said, self.citizen.tickets)

    async def _apply(self) -> None:
        await self._say("我要申请高龄津贴")
        for question in fields_of(_ITEM):
            if "同不同意" in await self._say(answer_to(question, self.serial % 1000)):
                await self._say("同意")
        said = await self._say("确认提交")
        self._note(CASE, said, self.citizen.cases)

    async def _want_a_person(self) -> None:
        await self._say("转人工")

    def _note(self, number: re.Pattern[str], said: str, kept: set[str]) -> None:
        if found := number.search(said):
            kept.add(found[0])
        else:
            self.unfinished.append(self._last_words())

    def _last_words(self) -> str:
        """Return the end of the talk, so that whoever reads it knows where an errand was lost."""
        ends = self.citizen.sent[-_TOLD:]
        return " ⏎ ".join(f"{one.text} → {' + '.join(one.replies)[:_TOLD_LETTERS]}" for one in ends)
