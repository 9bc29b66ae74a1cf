"""Ask a part whether it is well."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import aiohttp


async def is_well(address: str, session: aiohttp.ClientSession) -> bool:
    """Say whether the part at `address` answers now.

    Args:
        address: `tcp://host:port` (it accepts connections) or an HTTP URL (it answers 200).
        session: HTTP session to ask with; its timeout bounds the question.
    """
    if not address.startswith("tcp://"):
        try:
            async with session.get(address) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False
    parts = urlsplit(address)
    try:
        _, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.close()
        # One that dies as it accepts says so only here.
        await writer.wait_closed()
    except OSError:
        return False
    return True
