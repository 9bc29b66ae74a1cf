"""After the storm: what MongoDB holds and the history shows, against what every citizen knows."""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymongo import AsyncMongoClient

from tests.faults.citizen import Citizen
from tests.faults.house import DATABASE
from tests.faults.visits import handed_over, hands_over

Row = dict[str, Any]
_SHOWN = 8
# What follows a message's id in the key of a reply to it; an apology is no answer.
_PLACE = re.compile(r"(handoff-)?\d+")


@dataclass
class Findings:
    """What is wrong, each with a line that says where; empty lists are what we want."""

    lost: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    reordered: list[str] = field(default_factory=list)
    duplicate_effects: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        """Say whether nothing is wrong."""
        return not any(vars(self).values())

    def lines(self) -> list[str]:
        """Return the first few of each kind, to be read."""
        return [f"{kind}: {line}" for kind, found in vars(self).items() for line in found[:_SHOWN]]


@dataclass(frozen=True)
class Books:
    """What MongoDB holds, by conversation."""

    inbox: dict[str, list[Row]]
    outbox: dict[str, list[Row]]
    log: dict[str, list[Row]]
    effects: dict[str, dict[str, list[str]]]
    turns: dict[str, int]


async def settled(uri: str, patience: float = 60) -> list[str]:
    """Wait until nothing waits in the inbox and the outbox; return what still does."""
    async with AsyncMongoClient[Row](uri) as client:
        database = client[DATABASE]
        end = time.monotonic() + patience
        while True:
            waiting = [row["_id"] async for row in database["inbox"].find({"state": "received"})]
            open_states = {"state": {"$in": ["pending", "sending"]}}
            waiting += [row["_id"] async for row in database["outbox"].find(open_states)]
            if not waiting or time.monotonic() > end:
                return waiting
            await asyncio.sleep(0.5)


async def read_books(uri: str) -> Books:
    """Read every collection that tells of messages and effects."""
    async with AsyncMongoClient[Row](uri) as client:
        database = client[DATABASE]

        async def rows(name: str, **fields: int) -> list[Row]:
            return [row async for row in database[name].find({}, fields)]

        effects = {
            kind: _by_conversation(await rows(kind, conversation_id=1))
            for kind in ("reports", "cases", "handoffs")
        }
        return Books(
            inbox=_by_conversation(await rows("inbox", conversation_id=1, state=1, seq=1)),
            outbox=_by_conversation(await rows("outbox", conversation_id=1, state=1)),
            log=_by_conversation(
                await rows("messages", conversation_id=1, key=1, seq=1, direction=1)
            ),
            effects={
                kind: {one: [str(row["_id"]) for row in found] for one, found in by.items()}
                for kind, by in effects.items()
            },
            turns={row["_id"]: row["version"] for row in await rows("trackers", version=1)},
        )


def _by_conversation(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["conversation_id"]].append(row)
    return dict(found)


def judge(books: Books, citizens: Sequence[Citizen]) -> Findings:
    """Compare what was kept with what every citizen sent and heard."""
    findings = Findings()
    for citizen in citizens:
        _judge_inbox(findings, books.inbox.get(citizen.conversation_id, []), citizen)
        _judge_log(findings, books, citizen)
        _judge_turns(findings, books, citizen)
        _judge_page(findings, citizen)
        _judge_effects(findings, books, citizen)
    known = {citizen.conversation_id for citizen in citizens}
    for foreign in set(books.inbox) - known:
        findings.duplicates.append(f"{foreign}: a conversation nobody opened")
    return findings


def _inbox_id(citizen: Citizen, client_id: str) -> str:
    return f"web:{citizen.conversation_id}:{client_id}"


def _judge_inbox(findings: Findings, rows: list[Row], citizen: Citizen) -> None:
    """Every accepted message is there once and done; no other message is there."""
    states = {row["_id"]: row["state"] for row in rows}
    sent = [_inbox_id(citizen, message.id) for message in citizen.sent]
    findings.lost += [f"{one}: {states.get(one)}" for one in sent if states.get(one) != "done"]
    findings.duplicates += [f"{one}: never sent" for one in set(states) - set(sent)]
    in_order = [row["_id"] for row in sorted(rows, key=lambda row: row["seq"])]
    if in_order != [one for one in sent if one in states]:
        findings.reordered.append(f"{citizen.conversation_id}: accepted in another order")


def _judge_log(findings: Findings, books: Books, citizen: Citizen) -> None:
    """The log has every message once, in order, each followed by its replies, once and in order."""
    log = sorted(books.log.get(citizen.conversation_id, []), key=lambda row: row["seq"])
    said = {row["_id"] for row in books.outbox.get(citizen.conversation_id, [])
            if row["state"] == "sent"}  # fmt: skip
    given_up = [row["_id"] for row in books.outbox.get(citizen.conversation_id, [])
                if row["state"] not in ("sent", "dropped")]  # fmt: skip
    findings.lost += [f"{one}: never said" for one in given_up]
    # What the office says by itself, as that a person takes longer, follows no message.
    own = [row["key"] for row in log if not row["key"].startswith("office:")]
    keys = [key for key in own if not key.endswith(":apology")]
    findings.duplicates += [f"{key}: {n} times" for key, n in Counter(keys).items() if n > 1]
    replies: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        message, _, place = key.rpartition(":")
        if _PLACE.fullmatch(place):
            replies[message].append(place)
    expected = []
    for message in citizen.sent:
        inbox_id = _inbox_id(citizen, message.id)
        answers = [place for place in replies[inbox_id] if place.isdigit()]
        notices = len(replies[inbox_id]) - len(answers)
        expected += [inbox_id, *(f"{inbox_id}:{n}" for n in range(len(answers)))]
        expected += [f"{inbox_id}:handoff-{n}" for n in range(notices)]
        if not replies[inbox_id]:
            findings.lost.append(f"{inbox_id}: never answered")
    findings.lost += [f"{key}: not in the log" for key in set(expected) - set(keys)]
    findings.lost += [f"{key}: said, not in the log" for key in said - set(keys)
                      if not key.endswith(":apology") and not key.startswith("log:")]  # fmt: skip
    if sorted(keys) == sorted(expected) and keys != expected:
        findings.reordered.append(f"{citizen.conversation_id}: {keys}")
    findings.duplicates += [f"{key}: of no message" for key in set(keys) - set(expected)]


def _judge_turns(findings: Findings, books: Books, citizen: Citizen) -> None:
    """The dialogue took one turn for every message, the door's own handing over apart."""
    turns = books.turns.get(citizen.conversation_id, 0)
    most = len(citizen.sent)
    least = sum(handed_over() not in "\n".join(message.replies) for message in citizen.sent)
    if turns > most:
        findings.duplicates.append(f"{citizen.conversation_id}: {turns} turns for {most} messages")
    if turns < least:
        findings.lost.append(f"{citizen.conversation_id}: {turns} turns of {least}")


def _judge_page(findings: Findings, citizen: Citizen) -> None:
    """The page saw the log without a gap, nothing twice, and an answer to everything."""
    findings.reordered += [f"{citizen.conversation_id}: {fault}" for fault in citizen.faults]
    seen = Counter(message_id for _, message_id in citizen.seen)
    findings.duplicates += [f"{one}: shown {n} times" for one, n in seen.items() if n > 1]
    findings.lost += [
        f"{message.id}: the page saw no answer"
        for message in citizen.sent
        if not message.answered_at
    ]


def _judge_effects(findings: Findings, books: Books, citizen: Citizen) -> None:
    """Every number that was told exists, and nothing exists that was not told."""
    conversation = citizen.conversation_id
    said = "\n".join(reply for message in citizen.sent for reply in message.replies)
    handoffs = books.effects["handoffs"].get(conversation, [])
    wanted = any(words in said for words in hands_over())
    if len(handoffs) > wanted:
        findings.duplicate_effects.append(f"{conversation}: {len(handoffs)} handoffs")
    if len(handoffs) < wanted:
        findings.lost.append(f"{conversation}: no handoff")
    for kind, told in (("reports", citizen.tickets), ("cases", citizen.cases)):
        there = set(books.effects[kind].get(conversation, []))
        findings.duplicate_effects += [f"{one}: nobody asked for it" for one in there - told]
        findings.lost += [f"{one}: told, and not there" for one in told - there]
