"""来源 Where a request comes from, as far as trusted proxies tell."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

Network = IPv4Network | IPv6Network

_UNKNOWN = "unknown"
# Of an IPv6 address; the other bits are its owner's to choose freely.
_BITS_OF_A_LINE = 64


def source_of(request: web.Request, trusted: Sequence[Network]) -> str:
    """Return the address that limits count: the last hop that is no trusted proxy.

    Only what trusted proxies wrote is believed, so a header of the client's own changes nothing.

    Args:
        request: with or without `X-Forwarded-For`.
        trusted: networks of the proxies; a peer outside them is the client itself.

    Returns:
        An IPv4 address, or the /64 of an IPv6 address; the peer's where the proxies wrote none.
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
    """Return what belongs to one line: an address, or a network of them."""
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), _BITS_OF_A_LINE), strict=False))
    return str(address)
