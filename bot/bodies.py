"""Bodies of requests: taken as they are sent, never inflated, and let go of once refused."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from aiohttp import web

# What is left of a refused body is thrown away for this long, so that the sender reads the refusal
# and not a broken connection.
_LINGERING_SECONDS = 1.0
_REFUSED_BODY = frozenset({413, 415})

HANDLER_ARGS: Mapping[str, Any] = MappingProxyType(
    {"auto_decompress": False, "lingering_time": _LINGERING_SECONDS}
)
"""`handler_args` of every application that holds the door."""


def is_encoded(request: web.Request) -> bool:
    """Say whether a body is compressed, or says that it is."""
    encodings = ",".join(request.headers.getall("Content-Encoding", []))
    return any(name.strip().lower() not in {"", "identity"} for name in encodings.split(","))


def let_go(request: web.Request, answer: web.StreamResponse) -> None:
    """End the connection after an answer that refuses a body; nothing more of it is read."""
    if answer.status in _REFUSED_BODY and not answer.prepared:
        answer.force_close()
        request.protocol.close()


def is_gone(request: web.Request) -> bool:
    """Say whether the caller has hung up."""
    return request.transport is None or request.transport.is_closing()
