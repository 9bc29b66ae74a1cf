"""WebSocket as bytes: opening one, and frames that no client of a page sends."""

from __future__ import annotations

import os
import struct

_KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT, BINARY, CLOSE, PING = 1, 2, 8, 9


def opening(path: str) -> bytes:
    """Return a request that opens a WebSocket."""
    lines = [
        f"GET {path} HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade",
        f"Sec-WebSocket-Key: {_KEY}", "Sec-WebSocket-Version: 13", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def frame(content: bytes, kind: int = TEXT, *, end: bool = True, bits: int = 0) -> bytes:
    """Return a masked frame.

    Args:
        content: what it carries.
        kind: its opcode.
        end: whether no continuation follows.
        bits: reserved bits that are set, 0 to 7.
    """
    first = (0x80 if end else 0) | bits << 4 | kind
    mask = os.urandom(4)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(content))
    return bytes([first]) + _length(len(content)) + mask + masked


def _length(length: int) -> bytes:
    if length < 126:
        return bytes([0x80 | length])
    if length < 2**16:
        return b"\xfe" + struct.pack("!H", length)
    return b"\xff" + struct.pack("!Q", length)


def frames_of(answered: bytes) -> list[tuple[int, bytes]]:
    """Return opcode and content of the short frames that a server sent."""
    found = []
    while answered:
        kind, length, start = answered[0] & 15, answered[1] & 127, 2
        if length == 126:
            length, start = struct.unpack("!H", answered[2:4])[0], 4
        found.append((kind, answered[start : start + length]))
        answered = answered[start + length :]
    return found
