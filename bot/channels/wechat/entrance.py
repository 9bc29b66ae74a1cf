"""网页与小程序的门: who opens the page from WeChat gets a session of their own conversation."""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from bot.channels.uploads import read_json_body
from bot.channels.web_sessions import WebSessions
from bot.channels.wechat.account import Account, Caller
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.linking import Linking
from bot.channels.wechat.mini import IDENTITY, MiniConsents, MiniProgram
from bot.channels.wechat.settings import WeChatSettings
from bot.errors import NotAuthorisedError, NotFoundError, PlatformAwayError
from bot.inbox.model import Address
from bot.inbox.store import Inbox
from bot.messages import read_message
from bot.privacy import as_sent
from bot.visitors import Visitors

ROOT = "/channels/wechat"
PAGE = f"{ROOT}/h5"
_STATE = "paoyici_state"
_TICKET = "paoyici_ticket"
_SHORT = 120
_LONGEST_CODE = 128


class MiniLogin(BaseModel):
    """What the mini-program got from wx.login."""

    model_config = ConfigDict(extra="ignore")

    code: str = Field(min_length=1, max_length=_LONGEST_CODE)
    elder: bool = False


class Entrance:
    """Logins that lead to the web channel's session, which is what the H5 API takes."""

    def __init__(
        self,
        *,
        account: Account,
        linking: Linking,
        sessions: WebSessions,
        inbox: Inbox,
        mini: MiniProgram | None,
        settings: WeChatSettings,
        origin: str,
        visitors: Visitors,
        logins_per_minute: int,
    ) -> None:
        self._account = account
        self._linking = linking
        self._sessions = sessions
        self._inbox = inbox
        self._mini = mini
        self._settings = settings
        self._origin = origin
        self._visitors = visitors
        self._logins_per_minute = logins_per_minute

    def routes(self) -> list[web.RouteDef]:
        """Return the paths."""
        return [
            web.post(f"{ROOT}/mini/login", self.mini_login),
            web.post(f"{ROOT}/mini/consents", self.mini_consents),
            web.get(PAGE, self.ask_who),
            web.get(f"{PAGE}/back", self.come_back),
            web.post(f"{PAGE}/session", self.redeem),
        ]

    async def mini_login(self, request: web.Request) -> web.Response:
        """小程序登录: exchange the code for a session."""
        login = read_message(MiniLogin, await read_json_body(request))
        caller, conversation_id = await self._from_mini(request, login.code)
        if not conversation_id.startswith("wechat-"):
            identity = IDENTITY + caller.openid
            await self._inbox.open_mailbox(
                Address(conversation_id, "wechat", identity, elder=login.elder)
            )
        token = await self._sessions.create(conversation_id)
        return web.json_response({"conversation_id": conversation_id, "token": token}, status=201)

    async def mini_consents(self, request: web.Request) -> web.Response:
        """订阅授权: count what the citizen has just agreed to in the mini-program."""
        said = read_message(MiniConsents, await read_json_body(request))
        caller, conversation_id = await self._from_mini(request, said.code)
        left = await self._mini.note(caller, conversation_id, said) if self._mini else 0
        return web.json_response({"left": left})

    async def _from_mini(self, request: web.Request, code: str) -> tuple[Caller, str]:
        """Return who holds the mini-program open, and their conversation."""
        if self._mini is None:
            raise NotFoundError("path.not_found")
        await self._check_rate(request)
        try:
            caller = await self._account.mini_program(code)
        except PlatformError as error:
            raise _refused(error) from error
        return caller, await self._linking.mini_program(caller)

    async def ask_who(self, _: web.Request) -> web.Response:
        """网页授权: send the browser to WeChat, which knows who holds it."""
        state = secrets.token_urlsafe(16)
        query = urlencode(
            {
                "appid": self._settings.app_id,
                "redirect_uri": f"{self._origin}{PAGE}/back",
                "response_type": "code",
                "scope": "snsapi_base",
                "state": state,
            }
        )
        answer = _redirect(f"{self._settings.authorize_url}?{query}#wechat_redirect")
        self._set_cookie(answer, _STATE, state)
        return answer

    async def come_back(self, request: web.Request) -> web.Response:
        """Take the browser in; the state must be the one this very browser was given."""
        state, code = request.query.get("state", ""), request.query.get("code", "")
        kept = request.cookies.get(_STATE, "")
        same = secrets.compare_digest(as_sent(state), as_sent(kept))
        if not (state and code and same) or len(code) > _LONGEST_CODE:
            raise NotAuthorisedError("session.unknown")
        await self._check_rate(request)
        try:
            caller = await self._account.browser(code)
        except PlatformError as error:
            raise _refused(error) from error
        conversation_id = await self._linking.follower(caller.openid)
        await self._inbox.open_mailbox(Address(conversation_id, "wechat", caller.openid))
        ticket = await self._sessions.issue_ticket(conversation_id)
        answer = _redirect("/#/door")
        answer.del_cookie(_STATE, path=PAGE)
        self._set_cookie(answer, _TICKET, ticket)
        return answer

    async def redeem(self, request: web.Request) -> web.Response:
        """Give the page its session once; a cookie cannot be planted by a link, a token could."""
        ticket = request.cookies.get(_TICKET, "")
        conversation_id, token = await self._sessions.redeem(ticket)
        answer = web.json_response({"conversation_id": conversation_id, "token": token})
        answer.del_cookie(_TICKET, path=PAGE)
        return answer

    async def _check_rate(self, request: web.Request) -> None:
        """Let nobody make the platform look at codes without an end.

        Raises:
            TooManyError: too many log-ins come from this address.
        """
        await self._visitors.check(request, "login", self._logins_per_minute)

    def _set_cookie(self, answer: web.Response, name: str, value: str) -> None:
        """Set a cookie that only these paths see, for two minutes."""
        answer.set_cookie(
            name,
            value,
            max_age=_SHORT,
            path=PAGE,
            httponly=True,
            secure=self._origin.startswith("https://"),
            samesite="Lax",
        )


def _redirect(location: str) -> web.Response:
    """Return a redirect nobody keeps."""
    return web.Response(status=302, headers={"Location": location, "Cache-Control": "no-store"})


def _refused(error: PlatformError) -> Exception:
    """Return what a failed login is: a bad code, or a platform that is away."""
    if error.certainly_not_sent and error.code > 0:
        return NotAuthorisedError("session.unknown")
    return PlatformAwayError(reason=error.reason)
