"""Sealing of working trackers, which hold what citizens wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from cryptography.fernet import Fernet, MultiFernet


class Envelope:
    """Encrypts before storing; the first key seals, every key opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def seal(self, content: Any) -> bytes:
        """Encrypt a JSON value."""
        plain = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return self._fernet.encrypt(plain.encode())

    def unseal(self, sealed: bytes) -> Any:
        """Decrypt a JSON value."""
        return json.loads(self._fernet.decrypt(bytes(sealed)))
