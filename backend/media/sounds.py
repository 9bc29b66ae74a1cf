"""录音 Recordings and videos: whole as far as their framing tells, without where they were made."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from backend.errors import UnsupportedError

LEAST_BYTES = 512
"""A third of a second of the smallest codec (AMR at 12.2 kbit/s); what is shorter says nothing."""

_BOXED = frozenset({"audio/mp4", "video/mp4"})
# Boxes with a place, a device or words beside the sound, and boxes that hold others.
_BESIDE = frozenset({b"udta", b"meta", b"uuid"})
_HOLDERS = frozenset({b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"})
_FREE = b"free"
# Holders within holders: moov, trak, mdia, minf.
_DEEPEST = 4


def cleaned(content: bytes, mime: str) -> bytes:
    """Return a recording without what its device wrote beside it (MP4; others hold no place).

    Raises:
        UnsupportedError: too short to say anything, or not framed as what it says it is.
    """
    if len(content) < LEAST_BYTES:
        raise UnsupportedError("media.sound_broken")
    if mime not in _BOXED:
        return content
    whole = bytearray(content)
    kinds = set()
    for kind, start, end in _boxes(whole, 0, len(whole)):
        kinds.add(kind)
        if kind in _BESIDE:
            # Its place stays: the tables of a file count bytes from its beginning.
            whole[start - 4 : start] = _FREE
            whole[start:end] = bytes(end - start)
    if b"mdat" not in kinds or not kinds & {b"moov", b"moof"}:
        raise UnsupportedError("media.sound_broken")
    return bytes(whole)


def _boxes(
    content: bytearray, begin: int, stop: int, depth: int = 0
) -> Iterator[tuple[bytes, int, int]]:
    """Yield kind, beginning and end of every box's content, those within others too.

    Raises:
        UnsupportedError: a box is longer than what holds it, or they hold each other without end.
    """
    if depth > _DEEPEST:
        raise UnsupportedError("media.sound_broken")
    while begin < stop:
        if stop - begin < 8:
            raise UnsupportedError("media.sound_broken")
        size, kind = struct.unpack_from(">I4s", content, begin)
        start = begin + 8
        if size == 1 and stop - begin >= 16:
            (size,) = struct.unpack_from(">Q", content, start)
            start += 8
        end = stop if size == 0 else begin + size
        if not start <= end <= stop:
            raise UnsupportedError("media.sound_broken")
        yield kind, start, end
        if kind in _HOLDERS:
            yield from _boxes(content, start, end, depth + 1)
        begin = end
