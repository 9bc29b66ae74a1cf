"""企业微信客服渠道: callbacks announce, the reader fetches, replies are sent as messages."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from aiohttp import web

from bot.channels.base import Completed
from bot.channels.platform import Complete, PlatformChannel
from bot.channels.wechat.callback import CallbackReader, read_body
from bot.channels.wechat.delivery import Delivery
from bot.channels.wecom.app import AppDoor, app_user
from bot.channels.wecom.cursors import KfCursors
from bot.channels.wecom.reader import NEWS, KfReader
from bot.errors import BadMessageError
from bot.inbox.model import Address, Received
from bot.outbox.model import Outcome, Outgoing
from bot.wakeups import Wakeups

_ROOT = "/channels/wecom"
_NEWS_EVENT = "kf_msg_or_event"
_LONGEST = 128


class WeComChannel(PlatformChannel):
    """Conversations of the citizens who write to 微信客服."""

    name: ClassVar[str] = "wecom"

    def __init__(
        self,
        *,
        max_body_bytes: int,
        reader: CallbackReader,
        cursors: KfCursors,
        news: KfReader,
        delivery: Delivery,
        complete: Complete,
        wakeups: Wakeups,
        app: AppDoor | None,
        app_delivery: Delivery | None,
        complete_app: Complete | None,
    ) -> None:
        super().__init__(delivery=delivery, complete=complete, wakeups=wakeups)
        self._max_body_bytes = max_body_bytes
        self._reader = reader
        self._cursors = cursors
        self._news = news
        self._app = app
        self._app_delivery = app_delivery
        self._complete_app = complete_app

    def setup_routes(self, app: web.Application) -> None:
        """Add the callback."""
        app.add_routes([web.get(_ROOT, self.verify), web.post(_ROOT, self.receive)])
        if self._app:
            app.add_routes(self._app.routes())

    async def deliver_together(
        self, address: Address, replies: Sequence[Outgoing]
    ) -> Sequence[Outcome]:
        """Bring replies to a customer, or to a user of the company's own app."""
        if app_user(address) and self._app_delivery:
            return await self._app_delivery.deliver(address, replies)
        return await super().deliver_together(address, replies)

    async def complete(self, address: Address, message: Received) -> Completed:
        """Fetch a photo or recording with the token of the app it was sent to."""
        if app_user(address) and self._complete_app:
            return await self._complete_app(address, message)
        return await super().complete(address, message)

    def at_work(self) -> AbstractAsyncContextManager[Any]:
        """Read what callbacks announce, as long as the door is open."""
        return self._news

    async def verify(self, request: web.Request) -> web.Response:
        """验证URL: open what the console sealed, and send it back."""
        return web.Response(text=self._reader.verify_sealed_url(request.query))

    async def receive(self, request: web.Request) -> web.Response:
        """Write down that there is news, then answer; the reader does the rest."""
        raw = await read_body(request, self._max_body_bytes)
        opened = await self._reader.open(request.query, raw, self.name)
        if opened.fields.get("Event") == _NEWS_EVENT:
            desk, token = opened.fields.get("OpenKfId"), opened.fields.get("Token")
            if not (_is_name(desk) and _is_name(token)):
                raise BadMessageError("callback.fields")
            await self._cursors.announce(str(desk), str(token))
            self._wakeups.ring(NEWS)
        return web.Response(text="success")


def _is_name(value: object) -> bool:
    """Say whether a field is a short text."""
    return isinstance(value, str) and 0 < len(value) <= _LONGEST
