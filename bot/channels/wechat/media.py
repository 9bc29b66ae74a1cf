"""媒体: photos and recordings are fetched while the platform still has them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import structlog

from bot.channels.base import Completed
from bot.channels.upload_quota import UploadQuota
from bot.channels.web_media import WebMedia
from bot.channels.wechat.client import Client
from bot.channels.wechat.errcodes import Course, PlatformError
from bot.channels.wechat.words import ChannelWords
from bot.errors import (
    PlatformAwayError,
    RefusedError,
    TooLargeError,
    TooManyError,
    UnsupportedError,
)
from bot.inbox.model import Received
from bot.inbox.store import Inbox
from bot.office import Office

logger = structlog.get_logger(__name__)


class MediaFetcher:
    """Completes messages that came with a media id of the platform.

    It runs at the beginning of a turn, so it is repeated with the turn until it succeeds or the
    platform has forgotten the file (three days), and the messages behind it keep their order.
    """

    def __init__(
        self,
        *,
        client: Client,
        path: str,
        inbox: Inbox,
        office: Office,
        media: WebMedia,
        quota: UploadQuota,
        words: ChannelWords,
        max_bytes: int,
    ) -> None:
        self._client = client
        self._path = path
        self._inbox = inbox
        self._office = office
        self._media = media
        self._quota = quota
        self._words = words
        self._max_bytes = max_bytes

    async def complete(self, message: Received) -> Completed:
        """Return the message with its file in the office, and what there is to say about it.

        Raises:
            PlatformAwayError, OfficeAwayError: not now; the turn is tried again.
        """
        platform = message.body.get("platform")
        if platform is None:
            return Completed(message)
        if platform.get("quiet"):
            return Completed(message, quiet=True)
        body = {name: value for name, value in message.body.items() if name != "platform"}
        say = platform.get("say")
        if media := platform.get("media"):
            body, say = await self._with_file(message, body, media["id"], say)
        kept = body if say is None else {**body, "platform": {"say": say}}
        if kept != message.body:
            await self._inbox.replace_body(message.id, kept)
        replies = [self._words.reply(say)] if say else None
        return Completed(replace(message, body=body), replies)

    async def _with_file(
        self, message: Received, body: dict[str, Any], media_id: str, say: str | None
    ) -> tuple[dict[str, Any], str | None]:
        """Fetch and store the file; return the body with it, and what to say if it failed."""
        try:
            content = await self._client.download(
                self._path, {"media_id": media_id}, self._max_bytes
            )
            if content is None:
                raise TooLargeError("media.too_large")
            async with self._quota.room(len(content), message.conversation_id) as room:
                stored = await self._office.store_media(content, f"{message.seq}")
                room.used = len(content)
        except PlatformError as error:
            logger.warning("media.not_fetched", message=message.id, reason=error.reason)
            if error.course is not Course.GIVE_UP:
                raise PlatformAwayError(reason=error.reason) from error
            return self._without_file(body), say or "media_lost"
        except TooManyError:
            logger.warning("media.too_many", message=message.id)
            return self._without_file(body), say or "media_enough"
        except (TooLargeError, UnsupportedError, RefusedError) as error:
            logger.warning("media.refused", message=message.id, reason=error.key)
            return self._without_file(body), say or "media_refused"
        stored_id = str(stored["media_id"])
        await self._media.own(message.conversation_id, stored_id, sent=True)
        return {**body, "media_ids": [stored_id]}, say

    def _without_file(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return what stands in the log for a file that did not come."""
        return body if body.get("text") else {"kind": "event"}
