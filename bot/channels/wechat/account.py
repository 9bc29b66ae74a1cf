"""公众号接口: the calls the Official Account and the mini-program make, one method each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.channels.wechat.articles import Article
from bot.channels.wechat.client import Client, ask
from bot.channels.wechat.errcodes import PlatformError
from bot.channels.wechat.settings import WeChatSettings
from bot.channels.wechat.tokens import Fetch
from bot.http import HttpClient


@dataclass(frozen=True)
class Caller:
    """Who a browser or mini-program turned out to be."""

    openid: str
    unionid: str = ""


def token_fetcher(http: HttpClient, api_url: str, app_id: str, secret: SecretStr) -> Fetch:
    """Return what asks for a 稳定版接口调用凭据: refreshing it early leaves the old one valid."""

    async def fetch(forced: bool) -> tuple[str, int]:
        """Ask for the token and its life in seconds."""
        answer = await ask(
            http,
            "POST",
            f"{api_url}/cgi-bin/stable_token",
            body={
                "grant_type": "client_credential",
                "appid": app_id,
                "secret": secret.get_secret_value(),
                "force_refresh": forced,
            },
        )
        return read_token(answer)

    return fetch


def read_token(answer: Mapping[str, Any]) -> tuple[str, int]:
    """Return the token and its life out of an answer.

    Raises:
        PlatformError: there is none in it.
    """
    token, seconds = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(seconds, int):
        raise PlatformError(0, "token.malformed")
    return token, seconds


class Account:
    """The Official Account's API, and the logins beside it."""

    def __init__(self, http: HttpClient, client: Client, settings: WeChatSettings) -> None:
        self._http = http
        self._client = client
        self._settings = settings

    async def send_text(self, openid: str, text: str) -> None:
        """客服消息: send a text.

        Raises:
            PlatformError: it was not taken.
        """
        await self._client.call(
            "POST",
            "/cgi-bin/message/custom/send",
            body={"touser": openid, "msgtype": "text", "text": {"content": text}},
        )

    async def send_article(self, openid: str, article: Article) -> None:
        """客服消息: send a card that opens a link.

        Raises:
            PlatformError: it was not taken.
        """
        await self._client.call(
            "POST",
            "/cgi-bin/message/custom/send",
            body={"touser": openid, "msgtype": "news", "news": {"articles": [article.fields()]}},
        )

    async def send_image(self, openid: str, media_id: str) -> None:
        """客服消息: send a picture that was uploaded.

        Raises:
            PlatformError: it was not taken.
        """
        await self._client.call(
            "POST",
            "/cgi-bin/message/custom/send",
            body={"touser": openid, "msgtype": "image", "image": {"media_id": media_id}},
        )

    async def send_subscribed(
        self, openid: str, template: str, data: Mapping[str, str], page: str
    ) -> None:
        """订阅通知: send a notice the citizen agreed to.

        Raises:
            PlatformError: it was not taken.
        """
        values = {name: {"value": value} for name, value in data.items()}
        await self._client.call(
            "POST",
            "/cgi-bin/message/subscribe/bizsend",
            body={"touser": openid, "template_id": template, "page": page, "data": values},
        )

    async def unionid_of(self, openid: str) -> str:
        """Return the unionid of a follower, empty when the account has none.

        Raises:
            PlatformError: the platform does not say.
        """
        answer = await self._client.call(
            "GET", "/cgi-bin/user/info", params={"openid": openid, "lang": "zh_CN"}
        )
        return str(answer.get("unionid") or "")

    async def browser(self, code: str) -> Caller:
        """网页授权: return who a browser inside WeChat is.

        Raises:
            PlatformError: the code is not good.
        """
        return await self._caller(
            "/sns/oauth2/access_token",
            {
                "appid": self._settings.app_id,
                "secret": self._settings.app_secret.get_secret_value(),
                "code": code,
                "grant_type": "authorization_code",
            },
        )

    async def mini_program(self, code: str) -> Caller:
        """小程序登录 code2session: return who opened the mini-program.

        Raises:
            PlatformError: the code is not good.
        """
        return await self._caller(
            "/sns/jscode2session",
            {
                "appid": self._settings.mini_app_id,
                "secret": self._settings.mini_app_secret.get_secret_value(),
                "js_code": code,
                "grant_type": "authorization_code",
            },
        )

    async def _caller(self, path: str, params: Mapping[str, str]) -> Caller:
        """Exchange a code; the session key that comes with it is not kept."""
        answer = await ask(self._http, "GET", self._settings.api_url + path, params=params)
        openid = answer.get("openid")
        if not isinstance(openid, str) or not openid:
            raise PlatformError(0, "login.malformed")
        return Caller(openid, str(answer.get("unionid") or ""))
