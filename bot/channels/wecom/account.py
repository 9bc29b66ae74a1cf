"""企业微信接口: the calls of 微信客服, one method each."""

from __future__ import annotations

import hashlib
from typing import Any

from pydantic import SecretStr

from bot.channels.wechat.account import read_token
from bot.channels.wechat.client import Client, ask
from bot.channels.wechat.tokens import Fetch
from bot.channels.wecom.settings import WeComSettings
from bot.http import HttpClient

PAGE = 1000
"""Messages a page may have."""


def token_fetcher(http: HttpClient, settings: WeComSettings, secret: SecretStr) -> Fetch:
    """Return what asks for the access token of one of the company's apps."""

    async def fetch(_: bool) -> tuple[str, int]:
        """Ask for the token and its life in seconds; the platform knows no force."""
        params = {"corpid": settings.corp_id, "corpsecret": secret.get_secret_value()}
        return read_token(
            await ask(http, "GET", f"{settings.api_url}/cgi-bin/gettoken", params=params)
        )

    return fetch


def message_id(key: str) -> str:
    """Return the msgid of a reply: the same at every try, so that the platform shows it once."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


class KfAccount:
    """微信客服's API."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def sync(self, desk: str, cursor: str, token: str) -> dict[str, Any]:
        """读取消息: return a page: `{next_cursor, has_more, msg_list}`.

        Raises:
            PlatformError: the platform gives none.
        """
        body = {"open_kfid": desk, "cursor": cursor, "token": token, "limit": PAGE}
        return await self._client.call("POST", "/cgi-bin/kf/sync_msg", body=body)

    async def send_text(self, customer: str, desk: str, text: str, key: str) -> None:
        """发送消息: send a text.

        Raises:
            PlatformError: it was not taken.
        """
        await self._send(customer, desk, key, "text", {"content": text})

    async def send_image(self, customer: str, desk: str, media_id: str, key: str) -> None:
        """发送消息: send a picture that was uploaded.

        Raises:
            PlatformError: it was not taken.
        """
        await self._send(customer, desk, key, "image", {"media_id": media_id})

    async def _send(
        self, customer: str, desk: str, key: str, kind: str, content: dict[str, str]
    ) -> None:
        """Send a message of a kind; the same key is the same message to the platform."""
        body = {
            "touser": customer,
            "open_kfid": desk,
            "msgid": message_id(key),
            "msgtype": kind,
            kind: content,
        }
        await self._client.call("POST", "/cgi-bin/kf/send_msg", body=body)

    async def welcome(self, code: str, text: str, key: str) -> None:
        """发送欢迎语: answer an entering with its code.

        Raises:
            PlatformError: it was not taken.
        """
        body = {
            "code": code,
            "msgid": message_id(key),
            "msgtype": "text",
            "text": {"content": text},
        }
        await self._client.call("POST", "/cgi-bin/kf/send_msg_on_event", body=body)
