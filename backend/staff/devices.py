"""常用设备 Browsers that an account has logged in from before.

A log-in leaves a signed cookie, one an account, that only log-ins get to see. Whoever shows it is
counted by it and not by their address, so a stranger at the same address shuts nobody out. It
opens nothing by itself.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from http.cookies import SimpleCookie

from backend.office import Office
from backend.privacy import IndexKey

KEPT = timedelta(days=180)
_NAME_LENGTH = 16
_SHAPE = re.compile(r"([0-9a-f]{32})\.([0-9]{1,12})\.([0-9a-f]{64})")


def known(office: Office, username: str, cookies: Mapping[str, str]) -> str | None:
    """Return the name of a browser that logged in to an account, None for a strange one.

    Args:
        office: the office.
        username: the account's.
        cookies: of the request, by name.
    """
    marked = (_marked(key, username, cookies) for key in office.privacy.index_keys)
    device, since = next(filter(None, marked), (None, "0"))
    now = int(office.clock.now().timestamp())
    return device if now - int(since) < KEPT.total_seconds() else None


def cookie(office: Office, username: str, device: str | None, now: datetime, path: str) -> str:
    """Return the `Set-Cookie` header by which a browser is known from now on.

    Args:
        office: the office.
        username: the account's.
        device: its name if it was known; None for a new one.
        now: when.
        path: of the only address it is sent to.
    """
    device, since = device or secrets.token_hex(16), str(int(now.timestamp()))
    key = office.privacy.index_keys[0]
    name = _cookie_name(key, username)
    jar: SimpleCookie = SimpleCookie()
    jar[name] = f"{device}.{since}.{_mac(key, username, device, since)}"
    jar[name].update(
        {"path": path, "max-age": str(int(KEPT.total_seconds())), "samesite": "Strict"}
    )
    jar[name]["httponly"] = True
    jar[name]["secure"] = office.settings.public_url.startswith("https:")
    return jar[name].OutputString()


def _marked(key: IndexKey, username: str, cookies: Mapping[str, str]) -> tuple[str, str] | None:
    """Return a browser's name and since when it is known, where a key signed its cookie."""
    shown = _SHAPE.fullmatch(cookies.get(_cookie_name(key, username), ""))
    if shown is None:
        return None
    device, since, mac = shown.groups()
    genuine = hmac.compare_digest(mac, _mac(key, username, device, since))
    return (device, since) if genuine else None


def _cookie_name(key: IndexKey, username: str) -> str:
    """Return a name that tells the user name to nobody who looks at the browser."""
    return f"desk-{key.of('staff_device_name', username)[:_NAME_LENGTH]}"


def _mac(key: IndexKey, username: str, device: str, since: str) -> str:
    return key.of("staff_device", f"{username}\0{device}\0{since}")
