"""公众号渠道: callbacks in, passive replies and customer messages out."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, ClassVar

from aiohttp import web

from bot.channels.platform import Complete, PlatformChannel
from bot.channels.wechat.callback import CallbackReader, Opened, read_body
from bot.channels.wechat.consents import Consents
from bot.channels.wechat.crypto import Sealing
from bot.channels.wechat.delivery import Delivery
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.parse import Incoming, read_incoming
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wechat.quota import Quota
from bot.channels.wechat.waiting import PassiveReply, Waiting
from bot.channels.wechat.windows import Window
from bot.channels.wechat.xml import write_xml
from bot.clock import Clock
from bot.errors import BadMessageError
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.metrics import ACCEPTED
from bot.outbox.store import Outbox
from bot.turns.pool import WORK
from bot.wakeups import Wakeups

_ROOT = "/channels/wechat"
_SUCCESS = "success"


class WeChatChannel(PlatformChannel):
    """Conversations of the followers of one Official Account."""

    name: ClassVar[str] = "wechat"

    def __init__(
        self,
        *,
        app_id: str,
        max_body_bytes: int,
        reader: CallbackReader,
        sealing: Sealing | None,
        inbox: Inbox,
        outbox: Outbox,
        wakeups: Wakeups,
        identities: ChannelIdentities,
        offers: Offers,
        quota: Quota,
        consents: Consents,
        passive: PassiveReply,
        delivery: Delivery,
        complete: Complete,
        routes: Sequence[web.RouteDef],
        clock: Clock,
    ) -> None:
        super().__init__(delivery=delivery, complete=complete, wakeups=wakeups)
        self._app_id = app_id
        self._max_body_bytes = max_body_bytes
        self._reader = reader
        self._sealing = sealing
        self._inbox = inbox
        self._outbox = outbox
        self._identities = identities
        self._offers = offers
        self._quota = quota
        self._consents = consents
        self._passive = passive
        self._routes = routes
        self._clock = clock

    def setup_routes(self, app: web.Application) -> None:
        """Add the callback and the doors for browsers inside WeChat."""
        app.add_routes([web.get(_ROOT, self.verify), web.post(_ROOT, self.receive)])
        app.add_routes(self._routes)
        app.on_shutdown.append(self._passive.close)

    def at_work(self) -> AbstractAsyncContextManager[Any]:
        """Measure how late this process is, as long as the door is open."""
        return self._passive.pulse

    async def verify(self, request: web.Request) -> web.Response:
        """验证服务器地址: echo what the console sent."""
        return web.Response(text=self._reader.verify_url(request.query))

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Take a callback in; answer with the reply if its turn is over in time."""
        due = self._passive.deadlines()
        opened = await self._passive.in_time(due, self._open(request))
        incoming = read_incoming(opened.fields)
        # Other identities of a person are linked to this conversation, never the other way.
        known = self._identities.own_conversation(self.name, self._app_id, incoming.sender)
        own = await self._passive.in_time(due, self._identities.conversation_of(known))
        address = Address(own, self.name, incoming.sender)
        # 消息排重: a MsgId is one sender's own, and `own` names the account and the sender.
        key = f"{own}:{incoming.key}"
        with self._passive.waiting(own, f"{self.name}:{key}", due) as waiting:
            storing = self._take_in(address, key, incoming, waiting)
            window = await waiting.wait(await self._passive.in_time(due, storing))
            return await waiting.give(request, self._answer(opened, incoming, window), window)

    async def _open(self, request: web.Request) -> Opened:
        """Read and open a callback."""
        raw = await read_body(request, self._max_body_bytes)
        return await self._reader.open(request.query, raw, self.name)

    async def _take_in(
        self, address: Address, key: str, incoming: Incoming, waiting: Waiting
    ) -> Window:
        """Store the message unless it is decided already; return what is decided so far."""
        # A right is renewed before the message is stored: whoever dies in between has lost nothing.
        window, body, _ = await asyncio.gather(
            waiting.open(),
            self._with_choice(address, incoming),
            self._renew(address.conversation_id, incoming),
        )
        if window.state == "open":
            await self._accept(address, key, incoming, body)
        return window

    async def _renew(self, conversation_id: str, incoming: Incoming) -> None:
        """Count anew how many messages may be sent."""
        if incoming.grant:
            await self._quota.renew(conversation_id, incoming.grant, incoming.at)

    async def _accept(
        self, address: Address, key: str, incoming: Incoming, body: dict[str, object]
    ) -> None:
        """Store the message, then let work begin."""
        accepted = await self._inbox.accept(address, key, body)
        if incoming.grant and not accepted.duplicate:
            await self._outbox.release(address.conversation_id)
        await self._note_consents(address, key, incoming)
        ACCEPTED.labels(self.name, str(accepted.duplicate).lower()).inc()
        self._wakeups.ring(f"{WORK}:{address.conversation_id}")

    async def _with_choice(self, address: Address, incoming: Incoming) -> dict[str, object]:
        """Return the body, as a pressed button where an offered entry was pressed or said."""
        text = str(incoming.body.get("text", ""))
        if incoming.body["kind"] != "text" or not text:
            return incoming.body
        payload = await self._offers.chosen(address.conversation_id, incoming.menu_id, text)
        if payload is None:
            return incoming.body
        return {"kind": "button", "text": text, "payload": payload}

    async def _note_consents(self, address: Address, key: str, incoming: Incoming) -> None:
        """Count consents to subscription messages; who leaves takes them back."""
        cid = address.conversation_id
        if incoming.event == "unsubscribe":
            await self._consents.withdraw(cid)
            await self._quota.exhaust(cid)
        for template, status in incoming.consents.items():
            if status == "accept":
                await self._consents.give(cid, template, key)
            elif status == "reject":
                await self._consents.withdraw(cid, template)

    def _answer(self, opened: Opened, incoming: Incoming, window: Window) -> str:
        """Return the callback's answer: the reply, or a mere acknowledgement."""
        if window.state != "given":
            return _SUCCESS
        head = {
            "ToUserName": incoming.sender,
            "FromUserName": incoming.receiver,
            "CreateTime": int(self._clock().timestamp()),
        }
        xml = write_xml(head | _said(window))
        if not opened.sealed:
            return xml
        if self._sealing is None:
            raise BadMessageError("callback.mode")
        return self._sealing.seal(xml, opened.timestamp, opened.nonce)


def _said(window: Window) -> dict[str, object]:
    """Return the part of a passive reply that says something: a card, or a text."""
    card = window.article
    if card is None:
        return {"MsgType": "text", "Content": window.answer}
    item = {
        "Title": card.title,
        "Description": card.description,
        "PicUrl": card.picurl,
        "Url": card.url,
    }
    return {"MsgType": "news", "ArticleCount": 1, "Articles": [item]}
