"""动态码: the second factor of a log-in, a time-based code of six digits (RFC 6238); pure.

SHA-1, six digits and thirty seconds are what every authenticator app understands.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

_DIGITS = 6
_STEP_SECONDS = 30
# A phone's clock may be a step early or late, no more (RFC 6238, 5.2 and 6).
_DRIFT = 1
_SECRET_BYTES = 20


def new_secret() -> bytes:
    """Return a secret of 160 bits, as long as the hash (RFC 4226, 4 R6)."""
    return secrets.token_bytes(_SECRET_BYTES)


def spelled(secret: bytes) -> str:
    """Return a secret as somebody types it into an app: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(secret: bytes, username: str, issuer: str) -> str:
    """Return the `otpauth://` address that an app scans."""
    return _totp(secret).get_provisioning_uri(username, issuer)


def code_at(secret: bytes, now: datetime) -> str:
    """Return the code that is shown at a moment."""
    return _code(secret, _step(now))


def step_of(secret: bytes, code: str, now: datetime, used: int) -> int | None:
    """Return which step of time a code belongs to, or None where it is not accepted.

    Args:
        secret: the account's secret.
        code: what was typed; spaces do not count.
        now: when.
        used: the latest step whose code was accepted; a code opens one session only.
    """
    typed = "".join(code.split()).encode()
    around = _step(now)
    for step in range(around - _DRIFT, around + _DRIFT + 1):
        if step > used and hmac.compare_digest(_code(secret, step).encode(), typed):
            return step
    return None


def _step(now: datetime) -> int:
    return int(now.timestamp()) // _STEP_SECONDS


def _code(secret: bytes, step: int) -> str:
    return _totp(secret).generate(step * _STEP_SECONDS).decode()


def _totp(secret: bytes) -> TOTP:
    # SHA-1 is what RFC 6238 and the apps mean; as an HMAC it is not broken.
    return TOTP(secret, _DIGITS, SHA1(), _STEP_SECONDS)  # noqa: S303
