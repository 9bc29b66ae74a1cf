"""The WeChat platform as an Official Account sees it: callbacks, tokens, quotas, media."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp

from emulators import sealing
from emulators.wechat_api import LIMIT, WeChatApi

_EVENTS_THAT_GRANT = {"CLICK", "subscribe", "SCAN"}


@dataclass
class Callback:
    """What became of one callback: each try with the seconds it took.

    Attributes:
        fields: what it says.
        unreached: tries that found nobody, or whose connection broke off.
        created: what the answer says of when it was written (CreateTime, Unix seconds).
    """

    fields: dict[str, Any]
    tries: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: str | None = None
    created: int | None = None
    unreached: int = 0
    began: list[float] = field(default_factory=list)

    def note(self, began: float, ended: float) -> None:
        """Note how long a try took."""
        self.began.append(began)
        self.tries.append(ended - began)


class WeChatPlatform(WeChatApi):
    """Sends callbacks to `callback_url` and serves the API.

    Attributes:
        token_life: seconds an access token lives.
        send_faults: errcodes that the next customer messages get, in order.
        away: the API answers 503.
        over_quota: messages that were sent although nothing was left.
        drop_answers: how many of the next answers get lost on the way, after they were written.
        pause_after_refusal: seconds until a callback that was refused, or found nobody, is tried
            again.
        on_shown: called with every text a follower gets to see.
        http: connections to use for every callback; without, each callback has its own.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        app_id: str = "wx0000000000000001",
        secret: str = "emulated-secret",
        token: str = "emulatedtoken",
        aes_key: str = "",
        mode: str = "safe",
    ) -> None:
        super().__init__()
        self.clock = clock
        self.app_id, self.secret, self.token, self.mode = app_id, secret, token, mode
        self.aes_key = aes_key or new_aes_key()
        self.callback_url = ""
        self.url = ""
        self.drop_answers = 0
        self.timeout = 5.0
        self.retries = 3
        self.callbacks: list[Callback] = []
        self.pause_after_refusal = 0.0
        self.http: aiohttp.ClientSession | None = None
        self._numbers = itertools.count(10**18 + secrets.randbelow(10**15))

    # --- what followers do -------------------------------------------------------------------

    async def say(self, openid: str, text: str, **more: Any) -> Callback:
        """Let a follower write a text."""
        return await self.send(openid, {"MsgType": "text", "Content": text, **more})

    async def send(self, openid: str, message: dict[str, Any], *, id: str = "") -> Callback:
        """Let a follower send any message; it has a MsgId and opens the 48 hours."""
        who = self.follower(openid)
        who.spoke_at, who.sent_since = self.clock(), 0
        return await self.push(openid, {**message, "MsgId": id or str(next(self._numbers))})

    async def event(self, openid: str, event: str, **more: Any) -> Callback:
        """Let something happen that is no message."""
        if event in _EVENTS_THAT_GRANT:
            who = self.follower(openid)
            who.acted_at, who.sent_since_action = self.clock(), 0
        for row in more.get("SubscribeMsgPopupEvent", {}).get("List", []):
            if row["SubscribeStatusString"] == "accept":
                key = (openid, row["TemplateId"])
                self.consents[key] = self.consents.get(key, 0) + 1
        return await self.push(openid, {"MsgType": "event", "Event": event, **more})

    def upload(self, content: bytes, mime: str = "image/jpeg") -> str:
        """Keep a file a follower sent; return its media id."""
        media_id = secrets.token_urlsafe(24)
        self.media[media_id] = (content, mime, self.clock())
        return media_id

    # --- callbacks ---------------------------------------------------------------------------

    async def push(self, openid: str, message: dict[str, Any]) -> Callback:
        """Send a callback, again up to three times when there is no answer within 5 s."""
        fields = {
            "ToUserName": "gh_emulated",
            "FromUserName": openid,
            "CreateTime": int(self.clock().timestamp()),
            **message,
        }
        done = Callback(fields)
        self.callbacks.append(done)
        async with self._connections() as http:
            for _ in range(1 + self.retries):
                if await self._try(http, openid, fields, done):
                    break
        return done

    def _connections(self) -> AbstractAsyncContextManager[aiohttp.ClientSession]:
        return nullcontext(self.http) if self.http else aiohttp.ClientSession()

    async def _try(
        self, http: aiohttp.ClientSession, openid: str, fields: dict[str, Any], done: Callback
    ) -> bool:
        query, body = self.sealed(fields)
        clock = asyncio.get_running_loop().time
        began = clock()
        timeout = aiohttp.ClientTimeout(total=self.timeout)
        try:
            async with http.post(
                self.callback_url, params=query, data=body.encode(), timeout=timeout
            ) as answer:
                text = await answer.text()
                done.statuses.append(answer.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            done.note(began, clock())
            if not isinstance(error, TimeoutError):
                done.unreached += 1
                await asyncio.sleep(self.pause_after_refusal)
            return False
        done.note(began, clock())
        if self.drop_answers:
            self.drop_answers -= 1
            return False
        if answer.status != 200:
            await asyncio.sleep(self.pause_after_refusal)
            return False
        self._take_answer(openid, text, done)
        return True

    def sealed(self, fields: dict[str, Any]) -> tuple[dict[str, str], str]:
        """Return query and body of a callback, in the account's mode."""
        timestamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(6)
        query = {
            "signature": sealing.sha1(self.token, timestamp, nonce),
            "timestamp": timestamp,
            "nonce": nonce,
            "openid": str(fields.get("FromUserName", "")),
        }
        xml = to_xml(fields)
        if self.mode == "plain":
            return query, xml
        encrypted = sealing.encrypt(self.aes_key, xml, self.app_id)
        query |= {
            "encrypt_type": "aes",
            "msg_signature": sealing.sha1(self.token, timestamp, nonce, encrypted),
        }
        outer = {"ToUserName": fields.get("ToUserName", "gh"), "Encrypt": encrypted}
        return query, to_xml({**fields, **outer} if self.mode == "compatible" else outer)

    def _take_answer(self, openid: str, text: str, done: Callback) -> None:
        """Show a passive reply, or take note of an acknowledgement."""
        if text in {"", "success"}:
            done.answer = None
            return
        if self.mode != "plain":
            encrypted = sealing.field(text, "Encrypt")
            parts = [sealing.field(text, name) for name in ("TimeStamp", "Nonce")]
            right = sealing.sha1(self.token, *parts, encrypted)
            assert sealing.field(text, "MsgSignature") == right, "wrong signature of a reply"
            text = sealing.decrypt(self.aes_key, encrypted, self.app_id)
        assert sealing.field(text, "ToUserName") == openid
        assert sealing.field(text, "FromUserName") == "gh_emulated"
        content = _card(text) or sealing.field(text, "Content")
        assert len(content.encode()) <= LIMIT, "a passive reply that is too long"
        done.answer = content
        done.created = int(sealing.field(text, "CreateTime"))
        self._show(self.follower(openid), "passive", content)

    async def scan(self, openid: str, url: str) -> Callback:
        """Let somebody scan a code: a follower at once, anybody else by following."""
        scene, until = self.qr_codes[url]
        assert self.clock() < until, "the code has expired"
        if openid in self.followers:
            return await self.event(openid, "SCAN", EventKey=scene, Ticket="t")
        return await self.event(openid, "subscribe", EventKey=f"qrscene_{scene}", Ticket="t")


def _card(xml: str) -> str:
    """Return what a follower sees of a card in a callback, empty for a text."""
    if sealing.field(xml, "MsgType") != "news":
        return ""
    assert sealing.field(xml, "ArticleCount") == "1"
    return f"[{sealing.field(xml, 'Title')}]({sealing.field(xml, 'Url')})"


def new_aes_key() -> str:
    """Return an EncodingAESKey."""
    import base64

    return base64.b64encode(secrets.token_bytes(32)).decode()[:43]


def to_xml(fields: dict[str, Any]) -> str:
    """Write a callback's XML."""
    return f"<xml>{_inner(fields)}</xml>"


def _inner(fields: dict[str, Any]) -> str:
    parts = []
    for name, value in fields.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                inner = _inner(one)
            elif isinstance(one, int | float):
                inner = str(one)
            else:
                inner = f"<![CDATA[{str(one).replace(']]>', ']]]]><![CDATA[>')}]]>"
            parts.append(f"<{name}>{inner}</{name}>")
    return "".join(parts)
