"""消息加解密: signatures and envelopes of callbacks, on wechatpy's cipher.

Whatever an attacker puts into a message under a valid signature, the answer is one error: the
cipher below raises a handful of unrelated exceptions for garbage, and none of them leaves here.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Sequence

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import WeChatException

from bot.channels.wechat.xml import write_xml
from bot.errors import BadMessageError

_GARBAGE = (WeChatException, ValueError, IndexError, struct.error)
_BLOCK = 32
_BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def signature(*parts: str) -> str:
    """签名: SHA-1 of the sorted parts, as the platform computes it."""
    joined = "".join(sorted(parts)).encode("utf-8", "surrogatepass")
    # The platform's algorithm, not ours to choose; what is secret in it is the token.
    return hashlib.sha1(joined, usedforsecurity=False).hexdigest()


def check_signature(given: str, *parts: str) -> None:
    """Compare without telling an attacker how far the guess was right.

    Raises:
        BadMessageError: the sender does not know the token.
    """
    right = signature(*parts).encode()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right):
        raise BadMessageError("callback.signature")


def aes_key(encoded: str) -> bytes:
    """Return the 32 bytes behind an EncodingAESKey of 43 characters.

    Raises:
        ValueError: it is something else.
    """
    if len(encoded) != 43:
        raise ValueError("an EncodingAESKey has 43 characters")
    try:
        return base64.b64decode(encoded + "=", validate=True)
    except binascii.Error as error:
        raise ValueError("an EncodingAESKey is base64") from error


class Sealing:
    """安全模式: opens and seals messages; the first key seals, every key opens.

    Args:
        token: the callback's token.
        keys: EncodingAESKeys, the present one first, the previous one while it is being rotated.
        receiver: appid or corpid, which stands at the end of every sealed message.
    """

    def __init__(self, token: str, keys: Sequence[str], receiver: str) -> None:
        self._token = token
        self._keys = [aes_key(key) for key in keys]
        self._receiver = receiver

    def open(self, encrypted: str, given: str, timestamp: str, nonce: str) -> str:
        """Check the signature of a sealed text and open it.

        Raises:
            BadMessageError: wrong signature, no key fits, or garbage.
        """
        check_signature(given, self._token, timestamp, nonce, encrypted)
        if not _BASE64.fullmatch(encrypted):
            raise BadMessageError("callback.sealed")
        for key in self._keys:
            if (opened := _open(key, encrypted, self._receiver)) is not None:
                return opened
        raise BadMessageError("callback.sealed")

    def seal(self, text: str, timestamp: str, nonce: str) -> str:
        """Seal a passive reply; return the XML that carries it."""
        encrypted = bytes(_Cipher(self._keys[0]).encrypt(text, self._receiver)).decode()
        return write_xml(
            {
                "Encrypt": encrypted,
                "MsgSignature": signature(self._token, timestamp, nonce, encrypted),
                "TimeStamp": int(timestamp),
                "Nonce": nonce,
            }
        )


def _open(key: bytes, encrypted: str, receiver: str) -> str | None:
    """Open a sealed text with one key; None when it does not fit, or there is garbage inside."""
    try:
        return _Cipher(key).decrypt(encrypted, receiver)
    except _GARBAGE:
        return None


class _Cipher(PrpCrypto):  # type: ignore[misc]
    """wechatpy's cipher with an unpredictable first block and a padding that is checked."""

    def get_random_string(self) -> str:
        """Return 16 characters nobody can foretell."""
        return secrets.token_hex(8)

    def decrypt(self, text: str, app_id: str) -> str:
        """Open a sealed text.

        Raises:
            ValueError: the padding is none the platform makes.
        """
        plain = self.cipher.decrypt(base64.b64decode(text))
        if not plain or not 1 <= plain[-1] <= _BLOCK:
            raise ValueError("padding")
        opened = super().decrypt(text, app_id)
        return str(opened)
