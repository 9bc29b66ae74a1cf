"""The WeCom platform as 微信客服 sees it: announcements, pages of messages, quotas."""

from __future__ import annotations

import asyncio
import base64
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from aiohttp import web

from emulators import sealing
from emulators.wechat_api import Shown
from emulators.wechat_platform import new_aes_key, to_xml

_WINDOW = timedelta(hours=48)
_KEEP = timedelta(days=3)
_LIMIT = 2048


@dataclass
class Customer:
    """A citizen who writes to the customer service."""

    id: str
    shown: list[Shown] = field(default_factory=list)
    spoke_at: datetime | None = None
    sent_since: int = 0

    @property
    def texts(self) -> list[str]:
        """Return what the citizen reads."""
        return [one.text for one in self.shown]


class WeComPlatform:
    """Announces messages to `callback_url` and serves the API.

    Attributes:
        page: most messages a page of `sync_msg` has, whatever is asked for.
        sync_faults: errcodes that the next readings get.
        send_faults: errcodes that the next messages get; `lost` takes the message and hangs up.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.corp_id, self.secret, self.token = "ww000000000000", "kf-secret", "wecomtoken"
        self.aes_key = new_aes_key()
        self.desk = "wkEmulated"
        self.app_agent, self.app_secret = 1000002, "app-secret"
        self.app_token, self.app_aes_key = "apptoken", new_aes_key()
        self.app_tokens: dict[str, int] = {}
        self.callback_url = self.url = ""
        self.customers: dict[str, Customer] = {}
        self.messages: list[tuple[dict[str, Any], datetime]] = []
        self.media: dict[str, bytes] = {}
        self.tokens: dict[str, datetime] = {}
        self.welcome_codes: dict[str, tuple[str, datetime]] = {}
        self.tokens_issued = 0
        self.page = 1000
        self.sync_faults: list[int] = []
        self.send_faults: list[int | str] = []
        self.sync_calls: list[str] = []
        self.refused: list[int] = []
        self.over_quota = 0
        self.seen_ids: set[str] = set()
        self.statuses: list[int] = []
        self.tries: list[float] = []

    # --- what citizens do --------------------------------------------------------------------

    def customer(self, id: str) -> Customer:
        """Return a customer, new or known."""
        return self.customers.setdefault(id, Customer(id))

    async def say(self, id: str, text: str) -> None:
        """Let a citizen write a text."""
        await self.send(id, "text", {"content": text})

    async def send(self, id: str, kind: str, part: dict[str, Any], *, tell: bool = True) -> None:
        """Let a citizen send any message; `tell` announces it."""
        who = self.customer(id)
        who.spoke_at, who.sent_since = self.clock(), 0
        self._keep({"external_userid": id, "open_kfid": self.desk, "origin": 3}, kind, part)
        if tell:
            await self.announce()

    async def enter(self, id: str, scene: str = "") -> None:
        """Let a citizen open the conversation; the platform offers one greeting."""
        self.customer(id)
        code = secrets.token_hex(8)
        self.welcome_codes[code] = (id, self.clock())
        part = {
            "event_type": "enter_session", "open_kfid": self.desk, "external_userid": id,
            "scene": "qr", "scene_param": scene, "welcome_code": code,
        }  # fmt: skip
        self._keep({"origin": 4}, "event", part)
        await self.announce()

    def _keep(self, head: dict[str, Any], kind: str, part: dict[str, Any]) -> None:
        row = {
            "msgid": secrets.token_hex(12),
            "send_time": int(self.clock().timestamp()),
            "msgtype": kind,
            **head,
            kind: part,
        }
        self.messages.append((row, self.clock()))

    # --- the company's own app ---------------------------------------------------------------

    async def app_say(self, user: str, text: str, **more: Any) -> list[int]:
        """Let somebody of the company write to the app; return the statuses of the tries."""
        return await self.app_push(user, {"MsgType": "text", "Content": text, **more})

    async def app_push(self, user: str, message: dict[str, Any]) -> list[int]:
        """Send a callback of the app, again up to three times without an answer of 200."""
        fields = {
            "ToUserName": self.corp_id,
            "FromUserName": user,
            "CreateTime": int(self.clock().timestamp()),
            "AgentID": self.app_agent,
            **message,
        }
        if message["MsgType"] != "event":
            fields.setdefault("MsgId", str(secrets.randbelow(10**18)))
        encrypted = sealing.encrypt(self.app_aes_key, to_xml(fields), self.corp_id)
        body = {"ToUserName": self.corp_id, "Encrypt": encrypted, "AgentID": self.app_agent}
        statuses: list[int] = []
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5)) as http:
            for _ in range(3):
                query = self.query(encrypted, self.app_token)
                data = to_xml(body).encode()
                async with http.post(f"{self.callback_url}/app", params=query, data=data) as answer:
                    statuses.append(answer.status)
                    if answer.status == 200:
                        break
        return statuses

    async def _app_send(self, request: web.Request) -> web.Response:
        """发送应用消息: only with the app's own token."""
        if self.app_tokens.get(request.query.get("access_token", ""), 0) != self.app_agent:
            return self._refuse(42001)
        content = await request.json()
        fault = self.send_faults.pop(0) if self.send_faults else 0
        if isinstance(fault, int) and fault:
            return self._refuse(fault)
        if content["agentid"] != self.app_agent:
            return self._refuse(40056)
        text = self._read(content)
        assert len(text.encode()) <= _LIMIT, "too long"
        self.customer(content["touser"]).shown.append(Shown("app", text, self.clock()))
        return web.json_response({"errcode": 0, "msgid": secrets.token_hex(8)})

    # --- callbacks ---------------------------------------------------------------------------

    def sealed(self, fields: dict[str, Any]) -> tuple[dict[str, str], str]:
        """Return query and body of a callback."""
        encrypted = sealing.encrypt(self.aes_key, to_xml(fields), self.corp_id)
        body = to_xml({"ToUserName": self.corp_id, "Encrypt": encrypted, "AgentID": ""})
        return self.query(encrypted), body

    def query(self, encrypted: str, token: str = "") -> dict[str, str]:
        """Return the query that goes with a sealed text."""
        timestamp, nonce = str(int(self.clock().timestamp())), secrets.token_hex(6)
        signed = sealing.sha1(token or self.token, timestamp, nonce, encrypted)
        return {"msg_signature": signed, "timestamp": timestamp, "nonce": nonce}

    async def announce(self) -> None:
        """Tell the door that there is something to read, up to three times."""
        fields = {
            "ToUserName": self.corp_id,
            "CreateTime": int(self.clock().timestamp()),
            "MsgType": "event",
            "Event": "kf_msg_or_event",
            "Token": "ENC" + secrets.token_hex(8),
            "OpenKfId": self.desk,
        }
        timeout = aiohttp.ClientTimeout(total=5)
        clock = asyncio.get_running_loop().time
        async with aiohttp.ClientSession(timeout=timeout) as http:
            for _ in range(3):
                query, body = self.sealed(fields)
                began = clock()
                async with http.post(self.callback_url, params=query, data=body.encode()) as answer:
                    self.statuses.append(answer.status)
                    self.tries.append(clock() - began)
                    if answer.status == 200:
                        return

    # --- the API -----------------------------------------------------------------------------

    def app(self) -> web.Application:
        """Return the API as an application."""
        app = web.Application()
        app.add_routes(
            [
                web.get("/cgi-bin/gettoken", self._gettoken),
                web.post("/cgi-bin/kf/sync_msg", self._sync),
                web.post("/cgi-bin/kf/send_msg", self._send),
                web.post("/cgi-bin/kf/send_msg_on_event", self._welcome),
                web.post("/cgi-bin/message/send", self._app_send),
                web.post("/cgi-bin/media/upload", self._media_upload),
                web.get("/cgi-bin/media/get", self._media),
            ]
        )
        return app

    def _refuse(self, code: int) -> web.Response:
        self.refused.append(code)
        return web.json_response({"errcode": code, "errmsg": "emulated"})

    async def _gettoken(self, request: web.Request) -> web.Response:
        if request.query["corpid"] != self.corp_id:
            return self._refuse(40001)
        token = secrets.token_urlsafe(30)
        if request.query["corpsecret"] == self.app_secret:
            self.app_tokens[token] = self.app_agent
        elif request.query["corpsecret"] != self.secret:
            return self._refuse(40001)
        self.tokens_issued += 1
        self.tokens[token] = self.clock() + timedelta(seconds=7200)
        return web.json_response({"errcode": 0, "access_token": token, "expires_in": 7200})

    def _bad_token(self, request: web.Request) -> bool:
        until = self.tokens.get(request.query.get("access_token", ""))
        return until is None or until <= self.clock()

    async def _sync(self, request: web.Request) -> web.Response:
        content = await request.json()
        self.sync_calls.append(content["cursor"])
        if self._bad_token(request):
            return self._refuse(42001)
        if self.sync_faults:
            return self._refuse(self.sync_faults.pop(0))
        begin = int(content["cursor"] or 0)
        size = min(self.page, content["limit"], 1000)
        rows = self.messages[begin : begin + size]
        alive = [row for row, at in rows if self.clock() - at <= _KEEP]
        end = begin + len(rows)
        return web.json_response(
            {
                "errcode": 0,
                "next_cursor": str(end),
                "has_more": int(end < len(self.messages)),
                "msg_list": alive,
            }
        )

    async def _send(self, request: web.Request) -> web.Response:
        if self._bad_token(request):
            return self._refuse(42001)
        content = await request.json()
        who = self.customers.get(content["touser"])
        fault = self.send_faults.pop(0) if self.send_faults else 0
        if isinstance(fault, int) and fault:
            return self._refuse(fault)
        if who is None or content["open_kfid"] != self.desk:
            return self._refuse(95018)
        if content["msgid"] not in self.seen_ids:
            if not (who.spoke_at and self.clock() - who.spoke_at <= _WINDOW and who.sent_since < 5):
                self.over_quota += 1
                return self._refuse(95001)
            who.sent_since += 1
            self._show(who, "customer", content)
        if fault == "lost" and request.transport:
            request.transport.close()
        return web.json_response({"errcode": 0, "msgid": content["msgid"]})

    async def _welcome(self, request: web.Request) -> web.Response:
        if self._bad_token(request):
            return self._refuse(42001)
        content = await request.json()
        found = self.welcome_codes.pop(content["code"], None)
        if found is None or self.clock() - found[1] > timedelta(seconds=20):
            return self._refuse(95017)
        self._show(self.customer(found[0]), "welcome", content)
        return web.json_response({"errcode": 0})

    def _show(self, who: Customer, via: str, content: dict[str, Any]) -> None:
        text = self._read(content)
        assert len(text.encode()) <= _LIMIT, "too long"
        assert len(content["msgid"]) <= 32
        self.seen_ids.add(content["msgid"])
        who.shown.append(Shown(via, text, self.clock()))

    def _read(self, content: dict[str, Any]) -> str:
        """Return what somebody sees of a message: of a card its title and where it leads."""
        if content["msgtype"] == "news":
            (card,) = content["news"]["articles"]
            return f"[{card['title']}]({card['url']})"
        if content["msgtype"] == "image":
            assert content["image"]["media_id"] in self.media, "a picture nobody uploaded"
            return f"<{content['image']['media_id']}>"
        return str(content["text"]["content"])

    async def _media_upload(self, request: web.Request) -> web.Response:
        """上传临时素材."""
        if self._bad_token(request):
            return self._refuse(42001)
        part = (await request.post())["media"]
        assert isinstance(part, web.FileField)
        return web.json_response({"errcode": 0, "media_id": self.upload(part.file.read())})

    async def _media(self, request: web.Request) -> web.Response:
        if self._bad_token(request):
            return self._refuse(42001)
        content = self.media.get(request.query["media_id"])
        if content is None:
            return self._refuse(40007)
        return web.Response(body=content, content_type="image/jpeg")

    def upload(self, content: bytes) -> str:
        """Keep a file a citizen sent; return its media id."""
        media_id = base64.urlsafe_b64encode(secrets.token_bytes(12)).decode()
        self.media[media_id] = content
        return media_id
