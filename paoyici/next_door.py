"""The office beside the door in one process: its log is written without a network call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from aiohttp import web

from backend.conversations import service as conversations
from backend.conversations.model import Author, Conversation, Message, NewMessage
from backend.db import StorageError
from backend.errors import OfficeError, UnavailableError
from backend.office import OFFICE
from bot.errors import OfficeAwayError, RefusedError
from bot.http import HttpClient
from bot.office import Logged, Office

logger = structlog.get_logger(__name__)

_SECONDS = 3.0


class NextDoor(Office):
    """The office as the door knows it, with the log within reach.

    What every turn does goes straight to the use case that answers the HTTP call; everything else
    is asked as from anywhere.

    Args:
        app: the application that holds the office once it is open.
        client: shared by the whole door.
        base: URL of the office's API.
        token: bearer token between rooms.
    """

    def __init__(self, app: web.Application, client: HttpClient, base: str, token: str) -> None:
        super().__init__(client, base, token)
        self._app = app

    async def append(
        self, conversation_id: str, *, key: str, direction: str, author: str, body: Any, at: str
    ) -> Logged:
        """Append to the message log; the same key always gives the same place."""
        new = _new(key, direction, author, body, at)
        [message], conversation = await self._append_all(conversation_id, [new])
        expects = [{"number": e.number, "since": e.since.isoformat()} for e in conversation.expects]
        return Logged(message.id, message.seq, conversation.owner, expects)

    async def append_replies(
        self, conversation_id: str, replies: Sequence[tuple[str, dict[str, Any]]], at: str
    ) -> list[int]:
        """Append what the bot says to the log; return the places, the same for the same keys."""
        news = [_new(key, "out", "bot", body, at) for key, body in replies]
        messages, _ = await self._append_all(conversation_id, news)
        return [message.seq for message in messages]

    async def _append_all(
        self, conversation_id: str, news: Sequence[NewMessage]
    ) -> tuple[list[Message], Conversation]:
        """Append, with the errors that the HTTP call has."""
        office = self._app.get(OFFICE)
        if office is None:
            raise OfficeAwayError(cause="NotOpen")
        try:
            async with asyncio.timeout(_SECONDS):
                return await conversations.append_all(office, conversation_id, news)
        except (UnavailableError, StorageError, TimeoutError) as error:
            raise OfficeAwayError(cause=type(error).__name__) from error
        except OfficeError as error:
            raise RefusedError(error.key, error.status) from error
        except Exception as error:
            logger.exception("office.defect", conversation=conversation_id)
            raise OfficeAwayError(status=500, upstream="internal") from error


def _new(key: str, direction: Any, author: Any, body: Any, at: str) -> NewMessage:
    return NewMessage(key, direction, Author(author), body, datetime.fromisoformat(at))
