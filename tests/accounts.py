"""Staff accounts of the tests: the sample's people, with passwords that nobody has published.

Both Python environments use this file, so it needs nothing but the standard library.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


def own_password(username: str) -> str:
    """Return the password somebody has chosen in tests."""
    return f"{username}-mauert-47-Kraniche"


def take_over(api: str, username: str, given: str) -> str:
    """Replace a given password, as its owner does before any work; return the own one.

    Args:
        api: base of the office's API.
        username: the account's.
        given: the password somebody else knows; replaced already, it opens nothing any more.
    """
    own = own_password(username)
    try:
        opened = _post(f"{api}/staff/login", {"username": username, "password": given})
    except HTTPError as refused:
        if refused.code != 401:
            raise
        return own
    _post(f"{api}/staff/me/password", {"old": given, "new": own}, opened["token"])
    return own


def _post(url: str, body: dict[str, str], token: str | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    with urlopen(Request(url, json.dumps(body).encode(), headers)) as answer:
        text = answer.read()
    return json.loads(text) if text else None
