"""The WeChat platform as an Official Account sees it: callbacks, tokens, quotas, media."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from emulators import sealing

LIMIT = 2048
_WINDOW = timedelta(hours=48)
_EVENT_WINDOW = timedelta(minutes=1)
_MEDIA_LIFE = timedelta(days=3)
_EVENTS_THAT_GRANT = {"CLICK", "subscribe", "SCAN"}


@dataclass
class Shown:
    """One message a follower sees: how it came, what it says, when."""

    via: str
    text: str
    at: datetime


@dataclass
class Follower:
    """Somebody who follows the account, and what the platform remembers of them."""

    openid: str
    unionid: str = ""
    shown: list[Shown] = field(default_factory=list)
    spoke_at: datetime | None = None
    sent_since: int = 0
    acted_at: datetime | None = None
    sent_since_action: int = 0

    @property
    def texts(self) -> list[str]:
        """Return what the follower reads, in order."""
        return [one.text for one in self.shown]


@dataclass
class Callback:
    """What became of one callback: each try with the seconds it took.

    Attributes:
        fields: what it says.
        unreached: tries that found nobody, or whose connection broke off.
    """

    fields: dict[str, Any]
    tries: list[float] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    answer: str | None = None
    unreached: int = 0
    began: list[float] = field(default_factory=list)

    def note(self, began: float, ended: float) -> None:
        """Note how long a try took."""
        self.began.append(began)
        self.tries.append(ended - began)


class WeChatPlatform:
    """Sends callbacks to `callback_url` and serves the API.

    Attributes:
        token_life: seconds an access token lives.
        send_faults: errcodes that the next customer messages get, in order.
        away: the API answers 503.
        over_quota: messages that were sent although nothing was left.
        drop_answers: how many of the next answers get lost on the way, after they were written.
        pause_after_refusal: seconds until a callback that was refused, or found nobody, is tried
            again.
        sent_at: when the door asked for each customer message, on the event loop's clock.
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
        self.clock = clock
        self.app_id, self.secret, self.token, self.mode = app_id, secret, token, mode
        self.aes_key = aes_key or new_aes_key()
        self.callback_url = ""
        self.url = ""
        self.followers: dict[str, Follower] = {}
        self.media: dict[str, tuple[bytes, str, datetime]] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.mini_codes: dict[str, tuple[str, str]] = {}
        self.mini_app = ("wx0000000000000002", "mini-secret")
        self.consents: dict[tuple[str, str], int] = {}
        self.mini_token = ""
        self.token_life = 7200
        self.tokens: dict[str, datetime] = {}
        self.tokens_issued = 0
        self.send_faults: list[int] = []
        self.refused: list[int] = []
        self.away = False
        self.slow = 0.0
        self.over_quota = 0
        self.drop_answers = 0
        self.timeout = 5.0
        self.retries = 3
        self.callbacks: list[Callback] = []
        self.union_asked = 0
        self.pause_after_refusal = 0.0
        self.http: aiohttp.ClientSession | None = None
        self.sent_at: list[tuple[float, str]] = []
        self.on_shown: Callable[[str], None] = lambda _: None
        self._numbers = itertools.count(10**18 + secrets.randbelow(10**15))

    # --- what followers do -------------------------------------------------------------------

    def follower(self, openid: str, unionid: str = "") -> Follower:
        """Return a follower, new or known."""
        return self.followers.setdefault(openid, Follower(openid, unionid))

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
        content = sealing.field(text, "Content")
        assert len(content.encode()) <= LIMIT, "a passive reply that is too long"
        done.answer = content
        self._show(self.follower(openid), "passive", content)

    def _show(self, who: Follower, via: str, text: str) -> None:
        who.shown.append(Shown(via, text, self.clock()))
        self.on_shown(text)

    # --- the API -----------------------------------------------------------------------------

    def app(self) -> web.Application:
        """Return the API as an application."""
        app = web.Application(middlewares=[self._trouble])
        app.add_routes(
            [
                web.post("/cgi-bin/stable_token", self._stable_token),
                web.post("/cgi-bin/message/custom/send", self._custom_send),
                web.post("/cgi-bin/message/subscribe/bizsend", self._subscribe_send),
                web.post("/cgi-bin/message/subscribe/send", self._mini_send),
                web.get("/cgi-bin/media/get", self._media_get),
                web.get("/cgi-bin/user/info", self._user_info),
                web.get("/sns/oauth2/access_token", self._browser),
                web.get("/sns/jscode2session", self._mini),
            ]
        )
        return app

    @web.middleware
    async def _trouble(self, request: web.Request, handler: Any) -> web.StreamResponse:
        if self.slow:
            await asyncio.sleep(self.slow)
        if self.away:
            return web.Response(status=503)
        return await handler(request)

    def expire_tokens(self) -> None:
        """Let every token end now, as when somebody asks for one elsewhere."""
        self.tokens.clear()

    async def _stable_token(self, request: web.Request) -> web.Response:
        content = await request.json()
        who = (content.get("appid"), content.get("secret"))
        if who == self.mini_app:
            self.mini_token = secrets.token_urlsafe(40)
            return web.json_response({"access_token": self.mini_token, "expires_in": 7200})
        if who != (self.app_id, self.secret):
            return _refuse(40125)
        now = self.clock()
        alive = [value for value, until in self.tokens.items() if until > now]
        if not alive or content.get("force_refresh") or self.token_life < 300:
            self.tokens_issued += 1
            alive = [secrets.token_urlsafe(40)]
            self.tokens[alive[0]] = now + timedelta(seconds=self.token_life)
        left = int((self.tokens[alive[-1]] - now).total_seconds())
        return web.json_response({"access_token": alive[-1], "expires_in": left})

    def _token_error(self, request: web.Request) -> int:
        until = self.tokens.get(request.query.get("access_token", ""))
        if until is None:
            return 40001
        return 0 if until > self.clock() else 42001

    async def _custom_send(self, request: web.Request) -> web.Response:
        if code := self._token_error(request):
            return _refuse(code)
        raw = await request.read()
        content = await request.json()
        if self.send_faults and (fault := self.send_faults.pop(0)):
            self.refused.append(fault)
            return _refuse(fault)
        who = self.followers.get(content.get("touser", ""))
        if who is None:
            return self._refused(40003)
        text = content["text"]["content"]
        if b"\\u" in raw or len(text.encode()) > LIMIT:
            return self._refused(45002)
        if not self._spend(who):
            self.over_quota += 1
            return self._refused(45047 if who.spoke_at else 45015)
        self.sent_at.append((asyncio.get_running_loop().time(), text))
        self._show(who, "customer", text)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _refused(self, code: int) -> web.Response:
        self.refused.append(code)
        return _refuse(code)

    def _spend(self, who: Follower) -> bool:
        now = self.clock()
        if who.acted_at and now - who.acted_at <= _EVENT_WINDOW and who.sent_since_action < 3:
            who.sent_since_action += 1
            return True
        if who.spoke_at and now - who.spoke_at <= _WINDOW and who.sent_since < 5:
            who.sent_since += 1
            return True
        return False

    async def _subscribe_send(self, request: web.Request) -> web.Response:
        if code := self._token_error(request):
            return _refuse(code)
        content = await request.json()
        key = (content["touser"], content["template_id"])
        if self.consents.get(key, 0) <= 0:
            return self._refused(43101)
        self.consents[key] -= 1
        text = " ".join(value["value"] for value in content["data"].values())
        self._show(self.follower(key[0]), "subscribed", text)
        return web.json_response({"errcode": 0})

    async def _mini_send(self, request: web.Request) -> web.Response:
        """订阅消息 of the mini-program, whose token is not the account's."""
        if request.query.get("access_token") != self.mini_token:
            return _refuse(40001)
        content = await request.json()
        key = (content["touser"], content["template_id"])
        if self.consents.get(key, 0) <= 0:
            return self._refused(43101)
        self.consents[key] -= 1
        assert content["page"]
        assert content["miniprogram_state"] == "formal"
        text = " ".join(value["value"] for value in content["data"].values())
        self._show(self.follower(key[0]), "mini", text)
        return web.json_response({"errcode": 0})

    async def _media_get(self, request: web.Request) -> web.Response:
        if code := self._token_error(request):
            return _refuse(code)
        kept = self.media.get(request.query.get("media_id", ""))
        if kept is None or self.clock() - kept[2] > _MEDIA_LIFE:
            return _refuse(40007)
        return web.Response(body=kept[0], content_type=kept[1])

    async def _user_info(self, request: web.Request) -> web.Response:
        if code := self._token_error(request):
            return _refuse(code)
        self.union_asked += 1
        who = self.follower(request.query["openid"])
        return web.json_response({"subscribe": 1, "openid": who.openid, "unionid": who.unionid})

    async def _browser(self, request: web.Request) -> web.Response:
        if (request.query["appid"], request.query["secret"]) != (self.app_id, self.secret):
            return _refuse(40125)
        return self._login(self.codes, request.query["code"])

    async def _mini(self, request: web.Request) -> web.Response:
        if (request.query["appid"], request.query["secret"]) != self.mini_app:
            return _refuse(40125)
        return self._login(self.mini_codes, request.query["js_code"])

    def _login(self, codes: dict[str, tuple[str, str]], code: str) -> web.Response:
        """Exchange a code; each is good once."""
        if code not in codes:
            return _refuse(40029)
        openid, unionid = codes.pop(code)
        return web.json_response(
            {"openid": openid, "unionid": unionid, "session_key": "c2Vzc2lvbg=="}
        )


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


def _refuse(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "emulated", "detail": {}})
