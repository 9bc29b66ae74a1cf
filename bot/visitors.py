"""访客: where a request comes from, as far as trusted proxies tell, and how often it may ask."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from aiohttp import web

from bot.errors import TooManyError
from bot.wakeups import Wakeups

Network = IPv4Network | IPv6Network

_UNKNOWN = "unknown"
_ONE_LINE = 64
"""Bits of an IPv6 address that one line has: the others are its owner's to choose freely."""


def client_address(request: web.Request, trusted: Sequence[Network]) -> str:
    """Return the address that limits count: the last hop that is not a trusted proxy.

    Only what trusted proxies wrote is believed, so a header that a client sends changes nothing.
    A header in which they wrote no address falls back to the peer.

    Args:
        request: with or without `X-Forwarded-For`.
        trusted: networks of the proxies; a peer outside them is the client itself.

    Returns:
        An IPv4 address, or the /64 of an IPv6 address.
    """
    peer = _read(request.remote or "")
    if peer is None:
        return _UNKNOWN
    hops = ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")
    found = peer
    for hop in reversed(hops):
        if not any(found in network for network in trusted):
            break
        told = _read(hop.strip())
        if told is None:
            return _line(peer)
        found = told
    return _line(found)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Return an address, None where there is none; IPv4 within IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _line(address: IPv4Address | IPv6Address) -> str:
    """Return what belongs to one line: the address, or its network where it has many."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _ONE_LINE), strict=False))
    return str(address)


class Visitors:
    """Counts what is asked from one address.

    Args:
        trusted: networks of the proxies in front of the door.
        wakeups: keeps the counts; without Redis everybody is let through.
    """

    def __init__(self, trusted: Sequence[Network], wakeups: Wakeups) -> None:
        self._trusted = trusted
        self._wakeups = wakeups

    def address(self, request: web.Request) -> str:
        """Return where a request comes from."""
        return client_address(request, self._trusted)

    async def count(self, request: web.Request, what: str, seconds: int = 60) -> int:
        """Count one more asking for `what`; return how many came within this window."""
        return await self._wakeups.count(f"{what}:{self.address(request)}", seconds)

    async def check(self, request: web.Request, what: str, limit: int, seconds: int = 60) -> None:
        """Count one more asking for `what`.

        Raises:
            TooManyError: more than `limit` came from this address within the window of `seconds`.
        """
        if await self.count(request, what, seconds) > limit:
            raise TooManyError("message.too_many")
