"""Whose a file is: the media each conversation may see, and those that nobody ever sent."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

import structlog
from pymongo.errors import DuplicateKeyError, PyMongoError

from bot.background import Background
from bot.clock import Clock
from bot.db import Database
from bot.errors import NotFoundError, OfficeAwayError, RefusedError
from bot.office import Office

logger = structlog.get_logger(__name__)

_LOOSE, _SENT, _GOING = "loose", "sent", "going"
_LOOSE_FOR = timedelta(hours=24)
_SWEEP_SECONDS = 600.0
_AT_ONCE = 200


class WebMedia:
    """The collection `web_media`: one document a file, `{conversation}:{media id}`.

    `state` is `loose` until a message carries the file and `sent` from then on; a loose file that
    is to be removed is `going`. A document without `state` is of an earlier version and stays.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._media = database["web_media"]
        self._clock = clock

    async def own(self, conversation_id: str, media_id: str, *, sent: bool = False) -> None:
        """Remember that a file belongs to a conversation, and whether a message carries it."""
        document = {
            "_id": f"{conversation_id}:{media_id}",
            "media_id": media_id,
            "state": _SENT if sent else _LOOSE,
            "at": self._clock(),
        }
        try:
            await self._media.insert_one(document)
        except DuplicateKeyError:
            # The office gives the same file the same id; it is ours already.
            return

    async def check(self, conversation_id: str, media_ids: Sequence[str]) -> None:
        """Check that files belong to the conversation.

        Raises:
            NotFoundError: one does not, or does not exist: both are answered alike.
        """
        for media_id in media_ids:
            row = await self._media.find_one({"_id": f"{conversation_id}:{media_id}"})
            if row is None or row.get("state") == _GOING:
                raise NotFoundError("media.not_found")

    async def send(self, conversation_id: str, media_ids: Sequence[str]) -> None:
        """Keep the files that a message carries; call it before the message is stored.

        Raises:
            NotFoundError: one does not belong to the conversation, or is being removed.
        """
        await self.check(conversation_id, media_ids)
        for media_id in media_ids:
            mine = {"_id": f"{conversation_id}:{media_id}"}
            await self._media.update_one(mine | {"state": _LOOSE}, {"$set": {"state": _SENT}})
        # The sweep may have been faster in between.
        await self.check(conversation_id, media_ids)

    async def leftovers(self) -> list[tuple[str, str]]:
        """Claim files that no message carried for a day; return their document and media ids."""
        before = self._clock() - _LOOSE_FOR
        found = []
        for state in (_GOING, _LOOSE):
            old = self._media.find({"state": state, "at": {"$lte": before}}).limit(_AT_ONCE)
            async for row in old:
                mine = {"_id": row["_id"], "state": state}
                claimed = await self._media.update_one(mine, {"$set": {"state": _GOING}})
                if claimed.matched_count:
                    found.append((row["_id"], row["media_id"]))
        return found

    async def unknown(self, media_ids: Sequence[str]) -> list[str]:
        """Return those files that no conversation has, sent or not."""
        known = self._media.find({"media_id": {"$in": list(media_ids)}}, {"media_id": 1})
        ours = {row["media_id"] async for row in known}
        return [media_id for media_id in media_ids if media_id not in ours]

    async def drop(self, document_id: str) -> None:
        """Forget a file whose removal is done."""
        await self._media.delete_one({"_id": document_id, "state": _GOING})


class LooseFiles(Background):
    """Removes files that no message carried for a day, here and in the office.

    A file that could not be removed stays claimed and is found at the next look. What the office
    took from a door that died before it wrote down whose it is, is known to the office alone: it
    names its old files that no matter has, and those that no door has either go.

    Args:
        media: knows which they are.
        office: keeps their content.
        pause_seconds: between two looks.
    """

    work_name: ClassVar[str] = "loose-files"

    def __init__(
        self, media: WebMedia, office: Office, pause_seconds: float = _SWEEP_SECONDS
    ) -> None:
        self._media = media
        self._office = office
        self._pause_seconds = pause_seconds

    async def sweep(self) -> None:
        """Remove what is due.

        Raises:
            OfficeAwayError: the office does not answer; the next look goes on.
        """
        for document_id, media_id in await self._media.leftovers():
            if await self._removed(media_id):
                await self._media.drop(document_id)
        after: str | None = ""
        while after is not None:
            unsent, after = await self._office.unsent_media(after)
            for media_id in await self._media.unknown(unsent):
                await self._removed(media_id)

    async def _removed(self, media_id: str) -> bool:
        """Remove a file in the office; say False where the office keeps it."""
        try:
            await self._office.remove_media(media_id)
        except RefusedError as error:
            logger.warning("media.not_removed", reason=error.upstream)
            return False
        return True

    async def _run(self) -> None:
        while True:
            try:
                await self.sweep()
            except (OfficeAwayError, RefusedError, PyMongoError) as error:
                logger.warning("sweep.put_off", error=type(error).__name__)
            await asyncio.sleep(self._pause_seconds)
