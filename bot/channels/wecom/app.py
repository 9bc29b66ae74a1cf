"""企业微信自建应用: people of the company who write to its own app, beside 微信客服.

Callbacks carry the messages themselves. They are stored, acknowledged at once and answered by an
application message, of which a company may send as many as anybody needs.
"""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.channels.wechat.articles import Article
from bot.channels.wechat.callback import CallbackReader, Opened, read_body
from bot.channels.wechat.client import Client
from bot.channels.wechat.offers import Offers
from bot.channels.wechat.parse import Incoming
from bot.channels.wechat.people import ChannelIdentities
from bot.channels.wecom.app_parse import read_app_message
from bot.errors import AwayError, BadMessageError
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.metrics import ACCEPTED
from bot.turns.pool import WORK
from bot.wakeups import Wakeups

ROOT = "/channels/wecom/app"
_CHANNEL = "wecom"
_MARK = "@app:"
_LATEST = 4.6
"""Seconds after which the platform is answered, whatever has become of the message."""


def app_user(address: Address) -> str:
    """Return the userid behind an address, empty for a customer of 微信客服."""
    user, mark, _ = address.identity.partition(_MARK)
    return user if mark else ""


class AppAccount:
    """The app's API."""

    def __init__(self, client: Client, agent_id: int) -> None:
        self._client = client
        self._agent_id = agent_id

    async def send_text(self, user: str, text: str) -> None:
        """发送应用消息: send a text.

        Raises:
            PlatformError: it was not taken.
        """
        await self._client.call(
            "POST",
            "/cgi-bin/message/send",
            body={
                "touser": user,
                "msgtype": "text",
                "agentid": self._agent_id,
                "text": {"content": text},
            },
        )

    async def send_image(self, user: str, media_id: str) -> None:
        """发送应用消息: send a picture that was uploaded.

        Raises:
            PlatformError: it was not taken.
        """
        image = {"media_id": media_id}
        body = {"touser": user, "msgtype": "image", "agentid": self._agent_id, "image": image}
        await self._client.call("POST", "/cgi-bin/message/send", body=body)

    async def send_article(self, user: str, article: Article) -> None:
        """发送应用消息: send a card that opens a link.

        Raises:
            PlatformError: it was not taken.
        """
        news = {"articles": [article.fields()]}
        body = {"touser": user, "msgtype": "news", "agentid": self._agent_id, "news": news}
        await self._client.call("POST", "/cgi-bin/message/send", body=body)


class NoQuota:
    """不限量: the count of a platform that does not count messages."""

    async def left(self, _: str) -> int:
        """Return more than one answer ever needs."""
        return 20

    async def asked(self, _: str) -> bool:
        """Say that no message is the last one."""
        return False

    async def spend(self, _: str) -> str | None:
        """Allow a message."""
        return "message"

    async def give_back(self, _: str, __: str) -> None:
        """Count nothing."""

    async def exhaust(self, _: str) -> None:
        """Try again later instead."""


class AppDoor:
    """Takes the app's callbacks in."""

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        max_body_bytes: int,
        reader: CallbackReader,
        identities: ChannelIdentities,
        inbox: Inbox,
        offers: Offers,
        wakeups: Wakeups,
    ) -> None:
        self._corp_id = corp_id
        self._agent_id = agent_id
        self._max_body_bytes = max_body_bytes
        self._reader = reader
        self._identities = identities
        self._inbox = inbox
        self._offers = offers
        self._wakeups = wakeups

    def routes(self) -> list[web.RouteDef]:
        """Return the paths."""
        return [web.get(ROOT, self.verify), web.post(ROOT, self.receive)]

    async def verify(self, request: web.Request) -> web.Response:
        """验证URL: open what the console sealed, and send it back."""
        return web.Response(text=self._reader.verify_sealed_url(request.query))

    async def receive(self, request: web.Request) -> web.Response:
        """Store a message, then acknowledge it; the answer comes as an application message."""
        try:
            async with asyncio.timeout(_LATEST):
                raw = await read_body(request, self._max_body_bytes)
                await self._take_in(await self._reader.open(request.query, raw, f"{_CHANNEL}:app"))
        except TimeoutError as error:
            # The platform asks again, and finds what is stored by then.
            raise AwayError from error
        return web.Response(text="")

    async def _take_in(self, opened: Opened) -> None:
        """Store a message and let work begin."""
        agent = opened.fields.get("AgentID")
        if agent != str(self._agent_id):
            raise BadMessageError("callback.fields")
        incoming = read_app_message(opened.fields)
        identity = f"{incoming.sender}{_MARK}{self._agent_id}"
        own = self._identities.own_conversation(_CHANNEL, self._corp_id, identity)
        cid = await self._identities.conversation_of(own)
        body = await self._with_choice(cid, incoming)
        # 消息排重: a MsgId is one sender's own; `cid` names the company, the app and the sender.
        accepted = await self._inbox.accept(
            Address(cid, _CHANNEL, identity), f"{cid}:{incoming.key}", body
        )
        ACCEPTED.labels(_CHANNEL, str(accepted.duplicate).lower()).inc()
        self._wakeups.ring(f"{WORK}:{cid}")

    async def _with_choice(self, cid: str, incoming: Incoming) -> dict[str, object]:
        """Return the body, as a pressed button where an offered entry was said."""
        text = str(incoming.body.get("text", ""))
        if incoming.body["kind"] != "text" or not text:
            return incoming.body
        payload = await self._offers.chosen(cid, "", text)
        return {"kind": "button", "text": text, "payload": payload} if payload else incoming.body
