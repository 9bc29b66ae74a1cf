"""Sealing of what citizens write, and hashing of the tokens they hold."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any, cast

from cryptography.fernet import Fernet, MultiFernet


class Envelope:
    """Encrypts bodies before they are stored; the first key seals, every key opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, body: dict[str, Any]) -> bytes:
        """Encrypt a JSON object."""
        plain = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        return self._fernet.encrypt(plain.encode())

    def unseal(self, sealed: bytes) -> dict[str, Any]:
        """Decrypt a JSON object.

        Raises:
            cryptography.fernet.InvalidToken: no key of ours sealed it.
        """
        return cast(dict[str, Any], json.loads(self._fernet.decrypt(bytes(sealed))))


def token_hash(key: str, token: str) -> str:
    """Return what is stored of a web token, from which the token cannot be found again."""
    return hmac.new(bytes.fromhex(key), as_sent(token), hashlib.sha256).hexdigest()


def as_sent(text: str) -> bytes:
    """Return the bytes of a header, cookie or query, also where they are no text (surrogates)."""
    return text.encode(errors="surrogatepass")
