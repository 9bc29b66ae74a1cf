"""回调: signature, envelope and XML of a callback; everything wrong about one is HTTP 400."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.channels.wechat.crypto import Sealing, check_signature
from bot.channels.wechat.nonces import Nonces
from bot.channels.wechat.xml import read_xml
from bot.errors import BadMessageError, TooLargeError

_LONGEST = 128
_LONGEST_ECHO = 1024
_PIECE = 16 * 1024


@dataclass(frozen=True)
class Opened:
    """A genuine callback: its fields, and how an answer has to be given."""

    fields: dict[str, Any]
    timestamp: str
    nonce: str
    sealed: bool


async def read_body(request: web.Request, limit: int) -> bytes:
    """Read a callback's body.

    Raises:
        TooLargeError: as soon as it is longer than `limit` bytes.
    """
    if (request.content_length or 0) > limit:
        raise TooLargeError("callback.too_large")
    body = bytearray()
    async for piece in request.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > limit:
            raise TooLargeError("callback.too_large")
    return bytes(body)


class CallbackReader:
    """Opens the callbacks of one account.

    Args:
        mode: `plain`, `compatible` (both kinds come, while the console is being switched) or
            `safe`; in safe mode nothing in plain text is believed. `sealed` is WeCom's only mode.
    """

    def __init__(self, token: str, sealing: Sealing | None, mode: str, nonces: Nonces) -> None:
        self._token = token
        self._sealing = sealing
        self._mode = mode
        self._nonces = nonces

    def verify_url(self, query: Mapping[str, str]) -> str:
        """验证服务器地址: return the echo that proves we know the token.

        Raises:
            BadMessageError: the signature is wrong or the time is past.
        """
        timestamp, nonce = _short(query, "timestamp"), _short(query, "nonce")
        check_signature(_short(query, "signature"), self._token, timestamp, nonce)
        self._nonces.check_time(timestamp)
        return _short(query, "echostr")

    def verify_sealed_url(self, query: Mapping[str, str]) -> str:
        """验证URL: open the sealed echo, which proves that we know token and key.

        Raises:
            BadMessageError: the signature or the seal is wrong, or the time is past.
        """
        timestamp, nonce = _short(query, "timestamp"), _short(query, "nonce")
        given, echo = _short(query, "msg_signature"), _short(query, "echostr", _LONGEST_ECHO)
        if self._sealing is None:
            raise BadMessageError("callback.mode")
        opened = self._sealing.open(echo, given, timestamp, nonce)
        self._nonces.check_time(timestamp)
        return opened

    async def open(self, query: Mapping[str, str], raw: bytes, channel: str) -> Opened:
        """Open a callback.

        Raises:
            BadMessageError: it is not genuine, or garbage under a genuine signature.
        """
        timestamp, nonce = _short(query, "timestamp"), _short(query, "nonce")
        sealed = self._mode == "sealed" or query.get("encrypt_type") == "aes"
        if (self._mode == "safe" and not sealed) or (sealed and self._sealing is None):
            raise BadMessageError("callback.mode")
        if not sealed:
            check_signature(_short(query, "signature"), self._token, timestamp, nonce)
        fields = read_xml(raw)
        if sealed and self._sealing:
            encrypted = fields.get("Encrypt")
            if not isinstance(encrypted, str):
                raise BadMessageError("callback.sealed")
            opened = self._sealing.open(encrypted, _short(query, "msg_signature"), timestamp, nonce)
            fields = read_xml(opened)
        self._nonces.check_time(timestamp)
        await self._nonces.use(channel, timestamp, nonce, _what(fields))
        return Opened(fields, timestamp, nonce, sealed)


def _what(fields: dict[str, Any]) -> str:
    """Return what makes a callback the same one when it is repeated."""
    digest = hashlib.sha256(repr(sorted(fields.items())).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _short(query: Mapping[str, str], name: str, longest: int = _LONGEST) -> str:
    """Return a query parameter.

    Raises:
        BadMessageError: it is missing or longer than the platform's ever are.
    """
    value = query.get(name, "")
    if not value or len(value) > longest:
        raise BadMessageError("callback.query")
    return value
