"""Runs turns: in order, once, with an answer whatever happens."""

from __future__ import annotations

import logging
from typing import Any

from understand import understanding

from dialogue.agent import TurnAgent
from dialogue.errors import OvertakenError, TurnError
from dialogue.processor import TurnMessage
from dialogue.replies import OwnReplies, ReplyCollector
from dialogue.tracker_store import LastTurn, MongoTrackerStore, Stored
from dialogue.turn_request import TurnRequest

logger = logging.getLogger(__name__)


class DialogueService:
    """What the HTTP edge calls."""

    def __init__(self, agent: TurnAgent, store: MongoTrackerStore, own_replies: OwnReplies) -> None:
        self._agent = agent
        self._store = store
        self._own_replies = own_replies

    @property
    def model(self) -> str | None:
        """Return the fingerprint of the loaded model."""
        fingerprint: str | None = self._agent.fingerprint
        return fingerprint

    @property
    def parses(self) -> dict[str, int]:
        """Return how many texts were to be understood, and how many of them were heard lately."""
        heard = self._agent.processor.parses
        return {"asked": heard.asked, "known": heard.known}

    async def turn(self, request: TurnRequest) -> LastTurn:
        """Run a turn, or answer it again if it was the last one.

        Raises:
            OvertakenError: later turns are over, so this one must not be run (again).
            TurnError: it did not happen and can be tried again.
        """
        async with self._agent.lock_store.lock(request.conversation_id):
            stored = await self._store.recall(
                request.conversation_id, (request.key, request.previous)
            )
            if stored.last_turn and stored.last_turn.key == request.key:
                return stored.last_turn
            if stored.past.is_over(request.key, request.ticket):
                raise OvertakenError
            if request.owner == "staff" and not await self._concerns(request, stored):
                # A clerk answers; nothing was said that the bot must not leave to anybody.
                return LastTurn(request.key, [], None)
            try:
                done = await self._run(request, stored)
            except TurnError:
                raise
            except Exception:
                # A defect in an action: nothing of the turn is kept, and it is answered honestly.
                logger.exception("turn %s failed", request.key)
                stored = await self._store.load(request.conversation_id)
                done = LastTurn(request.key, [self._own_replies.get("action_failed")], None)
            await self._store.save_turn(stored, done, request.ticket)
            return done

    async def parse(self, text: str) -> dict[str, Any]:
        """Return what is understood of a text outside any conversation."""
        return understanding(text, await self._agent.processor.parse_text(text))

    async def remembered(self, conversation_id: str) -> dict[str, Any]:
        """Return what is remembered of a conversation, in clear; empty where nothing is.

        Raises:
            StoreAwayError: the store does not answer.
        """
        return await self._store.content(conversation_id)

    async def forget(self, conversation_id: str) -> bool:
        """Forget a conversation between two of its turns; say whether it was known.

        Raises:
            StoreAwayError: the store does not answer.
        """
        async with self._agent.lock_store.lock(conversation_id):
            return await self._store.forget(conversation_id)

    async def healthy(self) -> bool:
        """Say whether turns can be run."""
        return self._agent.is_ready() and await self._store.healthy()

    async def _concerns(self, request: TurnRequest, stored: Stored) -> bool:
        """Tell whether a message to a clerk concerns the dialogue all the same."""
        message = _message(request, ReplyCollector())
        return await self._agent.processor.concerns(message, stored.tracker)

    async def _run(self, request: TurnRequest, stored: Stored) -> LastTurn:
        """Run a turn on the stored tracker."""
        channel = ReplyCollector()
        message = _message(request, channel)
        await self._agent.processor.run_turn(message, stored.tracker)
        replies = channel.replies or [self._own_replies.get("nothing_to_say")]
        latest = stored.tracker.latest_message
        return LastTurn(request.key, replies, latest.intent.get("name") if latest else None)


def _message(request: TurnRequest, channel: ReplyCollector) -> TurnMessage:
    """Return the turn's message on its way through Rasa."""
    return TurnMessage(
        request.message,
        output_channel=channel,
        sender_id=request.conversation_id,
        input_channel=request.identity["channel"],
        message_id=request.key,
        metadata=request.metadata(),
    )
