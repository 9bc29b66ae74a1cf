"""What the door counts; ids and texts never become labels."""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Handler
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    Counter,
    Enum,
    Gauge,
    Histogram,
    generate_latest,
)

from bot.errors import NotFoundError
from bot.privacy import as_sent
from bot.settings import Settings

ACCEPTED = Counter("paoyici_inbox_accepted", "Messages stored", ["channel", "duplicate"])
TURNS = Counter("paoyici_turns", "Turns by outcome", ["outcome"])
SET_ASIDE = Gauge("paoyici_inbox_set_aside", "Messages set aside by a defect, not tried again yet")
TURN_SECONDS = Histogram("paoyici_turn_seconds", "From arrival of a message to its closing")
STORE = Enum(
    "paoyici_store",
    "How the store is when it is written and read",
    states=["ok", "away", "disk_full", "panic", "refused", "key_wrong"],
)
FEED = Counter("paoyici_feed_messages", "Messages read from the office's feed")


def metrics_handler(settings: Settings) -> Handler:
    """Return the handler of `/metrics`, open to the loopback and to the service token."""

    async def metrics(request: web.Request) -> web.Response:
        """Show the counters."""
        if not (_is_local(request) or _has_token(request, settings.service_tokens)):
            raise NotFoundError("path.not_found")
        # Counting this process's own resources reads files.
        body = await asyncio.to_thread(generate_latest)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    return metrics


def _is_local(request: web.Request) -> bool:
    """Say whether the caller sits on this machine and not behind a proxy on it."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _has_token(request: web.Request, tokens: Sequence[str]) -> bool:
    """Say whether the caller is another room."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return any(hmac.compare_digest(as_sent(given), token.encode()) for token in tokens)
