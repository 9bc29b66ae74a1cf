"""后台 The one HTTP client to the office: two seconds, typed errors, idempotent effects."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import weakref
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import aiohttp

logger = logging.getLogger(__name__)

TIMEOUT = aiohttp.ClientTimeout(total=2)
# What a segment of a path is not, and what it never holds, in clear or quoted.
_DOTS = ("", ".", "..")
_LEADS_ELSEWHERE = re.compile(r"[/?#%\\\x00-\x1f\ud800-\udfff]")


class BackendUnavailableError(Exception):
    """The office did not answer in time, or broke while answering: nothing is known to be done."""


class BackendRefusedError(Exception):
    """The office understood and said no; `message` is a sentence for the citizen."""

    def __init__(self, key: str, message: str, status: int) -> None:
        super().__init__(key)
        self.key = key
        self.message = message
        self.status = status

    @property
    def is_absent(self) -> bool:
        """Tell whether the thing asked for is not there (for this citizen)."""
        return self.status == 404


_sessions: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, aiohttp.ClientSession] = (
    weakref.WeakKeyDictionary()
)


def _session() -> aiohttp.ClientSession:
    """Return this event loop's session, opened on first use."""
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        session = _sessions[loop] = aiohttp.ClientSession(timeout=TIMEOUT)
    return session


async def close() -> None:
    """Close this event loop's session, if one was opened."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


async def get(*segments: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read what lies under the segments of a path, such as `"cases", number`.

    Raises:
        BackendRefusedError: the office said no, or a segment is none.
        BackendUnavailableError: nothing is known.
    """
    return await _call("GET", segments, params=params)


async def ask(*segments: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Read what is somebody's: who asks stands in the body, because addresses end up in logs.

    Raises:
        BackendRefusedError: the office said no, or a segment is none.
        BackendUnavailableError: nothing is known.
    """
    return await _call("POST", segments, body=body)


async def post(*segments: str, body: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Ask the office to do something once; the same `key` never does it twice.

    Raises:
        BackendRefusedError: the office said no, or a segment is none.
        BackendUnavailableError: nothing is known.
    """
    return await _call("POST", segments, body=body, key=key)


def _path(segments: Sequence[str]) -> str:
    """Return the path of segments; one that would lead elsewhere is as absent as an unknown one.

    Raises:
        BackendRefusedError: a segment is empty, a dot, or more than one segment.
    """
    if any(segment in _DOTS or _LEADS_ELSEWHERE.search(segment) for segment in segments):
        raise BackendRefusedError("path.segment", "", 404)
    return "".join("/" + quote(segment, safe="") for segment in segments)


async def _call(
    method: str,
    segments: Sequence[str],
    *,
    params: Mapping[str, str] | None = None,
    body: Mapping[str, Any] | None = None,
    key: str = "",
) -> dict[str, Any]:
    path = _path(segments)
    headers = {"Authorization": f"Bearer {os.environ['SERVICE_TOKEN'].partition(',')[0]}"}
    if key:
        headers["Idempotency-Key"] = key
    # What the log may have of a path: behind its first part stands what a citizen sent.
    room = "/" + path.split("/")[1].partition("?")[0]
    url = os.environ["BACKEND_URL"].rstrip("/") + path
    try:
        async with _session().request(
            method, url, params=params, json=body, headers=headers
        ) as response:
            if response.status >= 500:
                logger.warning("office: %s %s answered %d", method, room, response.status)
                raise BackendUnavailableError(f"{method} {room}: {response.status}")
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as cause:
        # The name only: an error's text may carry what was sent.
        logger.warning("office: %s %s: %s", method, room, type(cause).__name__)
        raise BackendUnavailableError(f"{method} {room}") from cause
    if response.status >= 400:
        raise _refusal(answer, response.status)
    return answer if isinstance(answer, dict) else {}


def _refusal(answer: Any, status: int) -> BackendRefusedError:
    error = answer.get("error") if isinstance(answer, dict) else None
    error = error if isinstance(error, dict) else {}
    return BackendRefusedError(str(error.get("key", "")), str(error.get("message", "")), status)
