"""图片: a reply's picture as a picture, besides the text that has a link to it.

It is a courtesy and no answer: where it cannot be sent, the link stands in the text.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import aiohttp
import structlog

from bot.channels.wechat.articles import picture_of
from bot.channels.wechat.client import Client
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.quota import Counting
from bot.http import HttpClient
from bot.inbox.model import Address
from bot.outbox.model import Outgoing

logger = structlog.get_logger(__name__)

_LARGEST = 2 * 1024 * 1024
_SECONDS = 5.0
_KEPT_FOR_ANSWERS = 2
_SIGNATURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg"}

SendPicture = Callable[[Address, str, str], Awaitable[None]]
"""Sends a picture: to whom, its media id, and a key that is the same at every try."""


class Pictures:
    """Sends pictures in the background, one a reply, while the quota has room for answers too.

    Args:
        origin: public origin, where the pictures of replies are to be had.
        send: sends a picture the platform has been given.
    """

    def __init__(
        self, http: HttpClient, client: Client, quota: Counting, origin: str, send: SendPicture
    ) -> None:
        self._http = http
        self._client = client
        self._quota = quota
        self._origin = origin
        self._send = send
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, address: Address, replies: Sequence[Outgoing]) -> None:
        """Send the pictures of replies that have just been said."""
        for reply in replies:
            if url := picture_of(reply.body, self._origin):
                task = asyncio.create_task(self._follow(address, reply.id, url))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _follow(self, address: Address, reply_id: str, url: str) -> None:
        """Send one picture if it can be had."""
        try:
            if await self._quota.left(address.conversation_id) <= _KEPT_FOR_ANSWERS:
                return
            content = await self._fetch(url)
            if content is None:
                return
            media_id = await self._client.upload_image(*content)
            if await self._quota.spend(address.conversation_id):
                await self._send(address, media_id, f"{reply_id}:picture")
        except (PlatformError, aiohttp.ClientError, TimeoutError, OSError) as error:
            reason = error.reason if isinstance(error, PlatformError) else type(error).__name__
            logger.info("picture.not_sent", reply=reply_id, reason=reason)

    async def _fetch(self, url: str) -> tuple[bytes, str] | None:
        """Return a picture and its kind; None for what is none, or too large."""
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with self._http.session.get(url, timeout=timeout) as answer:
            if answer.status != 200:
                return None
            content = await answer.content.read(_LARGEST + 1)
        kinds = [mime for start, mime in _SIGNATURES.items() if content.startswith(start)]
        return (content, kinds[0]) if kinds and len(content) <= _LARGEST else None
