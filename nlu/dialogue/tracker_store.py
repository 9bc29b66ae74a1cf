"""Working trackers in MongoDB: sealed, short, and written together with the turn's replies."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo.errors import DuplicateKeyError, PyMongoError
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from dialogue.canary import Canary
from dialogue.errors import StoreAwayError, TrackerConflictError, TrackerSealedError
from dialogue.event_types import read_events
from dialogue.events_cap import shorten
from dialogue.past import Past, Ticket, read_past
from dialogue.privacy import Envelope

logger = logging.getLogger(__name__)

REMEMBERED = 1_000
"""Conversations whose last turn is kept in memory, some kilobytes each."""


@dataclass
class LastTurn:
    """What the last turn answered, so that it can be answered again."""

    key: str
    replies: list[dict[str, Any]]
    intent: str | None


@dataclass
class Stored:
    """A conversation as it was read.

    Attributes:
        version: number of turns written; 0 for a conversation never seen.
        past: the turns that are over, so that none of them is run again.
    """

    tracker: DialogueStateTracker
    version: int = 0
    last_turn: LastTurn | None = field(default=None)
    past: Past = field(default_factory=Past)


@dataclass
class Written:
    """A conversation as it was written."""

    events: list[Event]
    version: int
    last_turn: LastTurn
    past: Past


class MongoTrackerStore(TrackerStore):
    """The collection `trackers`; nothing here blocks the event loop.

    Args:
        keep_turns: turns that stay whole when a tracker is shortened.
    """

    def __init__(
        self,
        uri: str,
        database: str,
        envelope: Envelope,
        keep_turns: int,
        domain: Domain | None = None,
    ) -> None:
        super().__init__(domain)
        self._client = AsyncIOMotorClient(uri, serverSelectionTimeoutMS=2000)
        self._trackers = self._client[database]["trackers"]
        self._envelope = envelope
        self._canary = Canary(self._client[database], envelope)
        self._keep_turns = keep_turns
        self._written: OrderedDict[str, Written] = OrderedDict()

    async def close(self) -> None:
        """Close the connections; the driver does that on a blocking socket."""
        await asyncio.to_thread(self._client.close)

    async def recall(self, conversation_id: str, last_keys: Collection[str | None]) -> Stored:
        """Return a conversation, without asking the database where its last turn is known.

        What this process wrote last is still what stands there if the caller knows that turn as
        the last one; should it be wrong about that, the write afterwards meets another version.

        Args:
            conversation_id: the conversation.
            last_keys: what may have been the last turn.

        Raises:
            StoreAwayError: the store does not answer.
        """
        written = self._written.pop(conversation_id, None)
        if written is None or written.last_turn.key not in last_keys:
            return await self.load(conversation_id)
        tracker = DialogueStateTracker.from_events(
            conversation_id, written.events, slots=self.domain.slots, domain=self.domain
        )
        return Stored(tracker, written.version, written.last_turn, written.past)

    async def load(self, conversation_id: str) -> Stored:
        """Read a conversation, or begin one that has not been stored yet.

        Raises:
            StoreAwayError: the store does not answer.
            TrackerSealedError: no key of ours opens it.
        """
        try:
            row = await self._trackers.find_one({"_id": conversation_id})
        except PyMongoError as error:
            raise StoreAwayError from error
        if row is None:
            return Stored(self.init_tracker(conversation_id))
        try:
            content = self._envelope.unseal(row["sealed"])
        except InvalidToken:
            raise TrackerSealedError from None
        tracker = DialogueStateTracker.from_events(
            conversation_id,
            read_events(content["events"]),
            slots=self.domain.slots,
            domain=self.domain,
        )
        last = content["last_turn"]
        past = read_past(content.get("past"))
        return Stored(tracker, row["version"], LastTurn(**last) if last else None, past)

    async def save_turn(
        self, stored: Stored, last_turn: LastTurn | None, ticket: Ticket | None = None
    ) -> None:
        """Write a tracker and what its last turn answered, in one write.

        Raises:
            TrackerConflictError: another process wrote a turn since it was read.
            StoreAwayError: the store does not answer.
        """
        events = shorten(stored.tracker, self.domain, self._keep_turns)
        past = stored.past.then(last_turn.key, ticket) if last_turn else stored.past
        content = {
            "events": [_as_dict(event) for event in events],
            "last_turn": vars(last_turn) if last_turn else None,
            "past": past.as_dict(),
        }
        version = stored.version + 1
        row = {"sealed": self._envelope.seal(content), "version": version}
        try:
            if not await self._write(stored, row):
                raise TrackerConflictError
        except PyMongoError as error:
            raise StoreAwayError from error
        if last_turn:
            self._remember(stored, Written(list(events), version, last_turn, past))

    def _remember(self, stored: Stored, written: Written) -> None:
        """Keep what was written, forgetting the conversation that was silent for longest."""
        self._written[stored.tracker.sender_id] = written
        while len(self._written) > REMEMBERED:
            self._written.popitem(last=False)

    async def content(self, conversation_id: str) -> dict[str, Any]:
        """Return what is stored of a conversation, opened; empty where nothing is.

        Raises:
            StoreAwayError: the store does not answer.
        """
        try:
            row = await self._trackers.find_one({"_id": conversation_id})
        except PyMongoError as error:
            raise StoreAwayError from error
        return self._envelope.unseal(row["sealed"]) if row else {}

    async def forget(self, conversation_id: str) -> bool:
        """Remove a conversation, from memory too; say whether it was stored.

        Raises:
            StoreAwayError: the store does not answer.
        """
        self._written.pop(conversation_id, None)
        try:
            result = await self._trackers.delete_one({"_id": conversation_id})
        except PyMongoError as error:
            raise StoreAwayError from error
        return bool(result.deleted_count)

    async def healthy(self) -> bool:
        """Say whether the store keeps what it is given, and our keys open what it holds."""
        try:
            return await self._canary.well()
        except PyMongoError:
            return False

    async def begin(self) -> None:
        """Make sure that our keys open what the store holds; one that is away is asked later.

        Raises:
            WrongKeyError: none of them does.
        """
        try:
            await self._canary.begin()
        except PyMongoError as error:
            logger.warning("store away at the start: %s", type(error).__name__)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write a tracker outside a turn, for Rasa's own callers."""
        stored = await self.load(tracker.sender_id)
        stored.tracker = tracker
        await self.save_turn(stored, stored.last_turn)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Read a tracker, for Rasa's own callers."""
        stored = await self.load(sender_id)
        return stored.tracker if stored.version else None

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        return [row["_id"] async for row in self._trackers.find({}, {"_id": 1})]

    async def _write(self, stored: Stored, row: dict[str, Any]) -> bool:
        """Write unless the conversation has moved on; say whether it was written."""
        conversation_id = stored.tracker.sender_id
        if stored.version:
            result = await self._trackers.replace_one(
                {"_id": conversation_id, "version": stored.version}, row
            )
            return bool(result.matched_count)
        try:
            await self._trackers.insert_one({"_id": conversation_id, **row})
        except DuplicateKeyError:
            return False
        return True


def _as_dict(event: Event) -> dict[str, Any]:
    """Return an event without what only the turn itself needed."""
    content: dict[str, Any] = event.as_dict()
    if parse_data := content.get("parse_data"):
        content["parse_data"] = {
            name: value for name, value in parse_data.items() if name != "intent_ranking"
        }
    return content
