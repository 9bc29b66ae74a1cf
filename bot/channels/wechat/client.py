"""平台接口: one call to the platform's API, with its errors made ours and one renewed token."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from bot.channels.wechat.errcodes import Course, PlatformError
from bot.channels.wechat.tokens import Tokens
from bot.http import HttpClient

_SECONDS = 8.0
_NO_ANSWER = (aiohttp.ClientError, TimeoutError, OSError)
_NEVER_HEARD = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError)
_NOT_NOW = {502, 503}
_PIECE = 64 * 1024


async def ask(
    http: HttpClient,
    method: str,
    url: str,
    *,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    form: aiohttp.FormData | None = None,
) -> dict[str, Any]:
    """Call the platform with JSON or a form, and return its JSON answer.

    Raises:
        PlatformError: it did not answer, answered no JSON, or refused.
    """
    # The platform shows \\uXXXX to the citizen as it stands, so the JSON is written as UTF-8.
    data = json.dumps(body, ensure_ascii=False).encode() if body is not None else form
    timeout = aiohttp.ClientTimeout(total=_SECONDS, sock_connect=2.0)
    try:
        async with http.session.request(
            method, url, params=params, data=data, timeout=timeout
        ) as answer:
            if answer.status >= 400:
                unheard = answer.status in _NOT_NOW
                raise PlatformError(0, f"http.{answer.status}", unheard=unheard)
            content = json.loads(await answer.read())
    except (*_NO_ANSWER, ValueError) as error:
        # The text of the error may hold the URL, and with it the token.
        unheard = isinstance(error, _NEVER_HEARD)
        raise PlatformError(0, f"network.{type(error).__name__}", unheard=unheard) from None
    return _taken(content)


def _taken(content: Any) -> dict[str, Any]:
    """Return an answer that is no refusal.

    Raises:
        PlatformError: it is one.
    """
    if not isinstance(content, dict):
        raise PlatformError(0, "answer.malformed")
    code = content.get("errcode", 0)
    if not isinstance(code, int):
        raise PlatformError(0, "answer.malformed")
    if code:
        raise PlatformError(code, f"errcode.{code}")
    return content


class Client:
    """The API of one account, called with its access token."""

    def __init__(self, http: HttpClient, base: str, tokens: Tokens) -> None:
        self._http = http
        self._base = base
        self._tokens = tokens

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Call with a token; a token the platform refuses is renewed once.

        Raises:
            PlatformError: it did not answer, or refused.
        """
        token = await self._tokens.get()
        try:
            return await self._once(method, path, token, params, body)
        except PlatformError as error:
            if error.course is not Course.RENEW_TOKEN:
                raise
        return await self._once(method, path, await self._tokens.renew(token), params, body)

    async def download(self, path: str, params: Mapping[str, str], limit: int) -> bytes | None:
        """Fetch a file; None when it is larger than `limit` bytes.

        Raises:
            PlatformError: it did not answer, or refused with JSON in the place of the file.
        """
        token = await self._tokens.get()
        try:
            return await self._file(path, token, params, limit)
        except PlatformError as error:
            if error.course is not Course.RENEW_TOKEN:
                raise
        return await self._file(path, await self._tokens.renew(token), params, limit)

    async def upload_image(self, content: bytes, mime: str) -> str:
        """新增临时素材: give the platform a picture; return its media id.

        Raises:
            PlatformError: it did not take it.
        """
        form = aiohttp.FormData()
        name = f"picture.{mime.partition('/')[2]}"
        form.add_field("media", content, filename=name, content_type=mime)
        query = {"type": "image", "access_token": await self._tokens.get()}
        answer = await ask(
            self._http, "POST", self._base + "/cgi-bin/media/upload", params=query, form=form
        )
        media_id = answer.get("media_id")
        if not isinstance(media_id, str) or not media_id:
            raise PlatformError(0, "media.malformed")
        return media_id

    async def _once(
        self,
        method: str,
        path: str,
        token: str,
        params: Mapping[str, str] | None,
        body: Mapping[str, Any] | None,
    ) -> dict[str, Any]:
        """Call with a certain token."""
        return await ask(
            self._http,
            method,
            self._base + path,
            params={**(params or {}), "access_token": token},
            body=body,
        )

    async def _file(
        self, path: str, token: str, params: Mapping[str, str], limit: int
    ) -> bytes | None:
        """Fetch a file with a certain token."""
        timeout = aiohttp.ClientTimeout(total=_SECONDS, sock_connect=2.0)
        try:
            async with self._http.session.get(
                self._base + path, params={**params, "access_token": token}, timeout=timeout
            ) as answer:
                if answer.status >= 400:
                    raise PlatformError(0, f"http.{answer.status}")
                content = bytearray()
                async for piece in answer.content.iter_chunked(_PIECE):
                    content += piece
                    if len(content) > limit:
                        return None
                if answer.content_type in {"application/json", "text/plain"}:
                    _taken(json.loads(content))
        except (*_NO_ANSWER, ValueError) as error:
            raise PlatformError(0, f"network.{type(error).__name__}") from None
        return bytes(content)
