"""The API of the emulated WeChat platform: tokens, messages within their quotas, media, logins."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web

LIMIT = 2048
_WINDOW = timedelta(hours=48)
_EVENT_WINDOW = timedelta(minutes=1)
_MEDIA_LIFE = timedelta(days=3)


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


class WeChatApi:
    """The part of the platform that the door calls; `WeChatPlatform` says what its state means."""

    clock: Callable[[], datetime]
    app_id: str
    secret: str
    url: str

    def __init__(self) -> None:
        self.followers: dict[str, Follower] = {}
        self.media: dict[str, tuple[bytes, str, datetime]] = {}
        self.codes: dict[str, tuple[str, str]] = {}
        self.mini_codes: dict[str, tuple[str, str]] = {}
        self.mini_app = ("wx0000000000000002", "mini-secret")
        self.consents: dict[tuple[str, str], int] = {}
        self.mini_token = ""
        self.qr_codes: dict[str, tuple[str, datetime]] = {}
        self.qr_made = 0
        self.token_life = 7200
        self.tokens: dict[str, datetime] = {}
        self.tokens_issued = 0
        self.send_faults: list[int] = []
        self.refused: list[int] = []
        self.away = False
        self.slow = 0.0
        self.over_quota = 0
        self.union_asked = 0
        self.on_shown: Callable[[str], None] = lambda _: None

    def follower(self, openid: str, unionid: str = "") -> Follower:
        """Return a follower, new or known."""
        return self.followers.setdefault(openid, Follower(openid, unionid))

    def _show(self, who: Follower, via: str, text: str) -> None:
        who.shown.append(Shown(via, text, self.clock()))
        self.on_shown(text)

    def app(self) -> web.Application:
        """Return the API as an application."""
        app = web.Application(middlewares=[self._trouble])
        app.add_routes(
            [
                web.post("/cgi-bin/stable_token", self._stable_token),
                web.post("/cgi-bin/message/custom/send", self._custom_send),
                web.post("/cgi-bin/message/subscribe/bizsend", self._subscribe_send),
                web.post("/cgi-bin/message/subscribe/send", self._mini_send),
                web.post("/cgi-bin/qrcode/create", self._qrcode),
                web.post("/cgi-bin/media/upload", self._media_upload),
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
        text = self._read(content)
        if b"\\u" in raw or len(text.encode()) > LIMIT:
            return self._refused(45002)
        if not self._spend(who):
            self.over_quota += 1
            return self._refused(45047 if who.spoke_at else 45015)
        self._show(who, "customer", text)
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    def _read(self, content: dict[str, Any]) -> str:
        """Return what a follower sees of a message: of a card its title and where it leads."""
        kind = content["msgtype"]
        if kind == "news":
            (card,) = content["news"]["articles"]
            return f"[{card['title']}]({card['url']})"
        if kind == "image":
            assert content["image"]["media_id"] in self.media, "a picture nobody uploaded"
            return f"<{content['image']['media_id']}>"
        return str(content["text"]["content"])

    async def _media_upload(self, request: web.Request) -> web.Response:
        """新增临时素材."""
        if code := self._token_error(request):
            return _refuse(code)
        part = (await request.post())["media"]
        assert isinstance(part, web.FileField)
        assert request.query["type"] == "image"
        media_id = secrets.token_urlsafe(24)
        self.media[media_id] = (part.file.read(), part.content_type, self.clock())
        return web.json_response({"type": "image", "media_id": media_id})

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

    async def _qrcode(self, request: web.Request) -> web.Response:
        """带参数二维码: remember which scene a scan of it brings."""
        if code := self._token_error(request):
            return _refuse(code)
        content = await request.json()
        scene = content["action_info"]["scene"]["scene_str"]
        if content["action_name"] != "QR_STR_SCENE" or not 1 <= len(scene) <= 64:
            return self._refused(40013)
        seconds = min(content["expire_seconds"], 2_592_000)
        self.qr_made += 1
        url = f"http://weixin.qq.com/q/{secrets.token_urlsafe(9)}"
        self.qr_codes[url] = (scene, self.clock() + timedelta(seconds=seconds))
        return web.json_response(
            {"ticket": secrets.token_urlsafe(30), "expire_seconds": seconds, "url": url}
        )

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


def _refuse(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "emulated", "detail": {}})
