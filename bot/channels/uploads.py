"""Reading of request bodies with a limit that holds while they stream in."""

from __future__ import annotations

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.errors import BadMessageError, TooLargeError

_PIECE = 64 * 1024
_FRAME = 16 * 1024
MAX_JSON = 64 * 1024
"""Largest JSON body: 4000 characters escaped as \\uXXXX, with room to spare."""


async def read_json_body(request: web.Request) -> bytes:
    """Read a JSON body.

    Raises:
        TooLargeError: as soon as more than `MAX_JSON` bytes have come.
    """
    if (request.content_length or 0) > MAX_JSON:
        raise TooLargeError("message.too_long")
    body = bytearray()
    async for piece in request.content.iter_chunked(_PIECE):
        body += piece
        if len(body) > MAX_JSON:
            raise TooLargeError("message.too_long")
    return bytes(body)


async def read_file(request: web.Request, limit: int) -> tuple[bytes, str]:
    """Read the part `file` of a multipart body; return its content and its name.

    Raises:
        TooLargeError: before the first byte when the sender is honest about the size, else as soon
            as more than `limit` bytes have come.
        BadMessageError: there is no such part, or it is empty.
    """
    if (request.content_length or 0) > limit + _FRAME:
        raise TooLargeError("media.too_large", limit=limit)
    if not request.content_type.startswith("multipart/"):
        raise BadMessageError("media.missing")
    try:
        part = await _file_part(request)
        content = bytearray()
        while piece := await part.read_chunk(_PIECE):
            content += piece
            if len(content) > limit:
                raise TooLargeError("media.too_large", limit=limit)
    except (ValueError, RuntimeError, AssertionError, HttpProcessingError) as error:
        # What aiohttp raises for a multipart body that is broken in its own framing.
        raise BadMessageError("media.missing") from error
    if not content:
        raise BadMessageError("media.missing")
    return bytes(content), (part.filename or "file")[-100:]


async def _file_part(request: web.Request) -> BodyPartReader:
    """Return the part named `file`; other parts are skipped unread."""
    reader = await request.multipart()
    while part := await reader.next():
        if isinstance(part, BodyPartReader) and part.name == "file":
            return part
    raise BadMessageError("media.missing")
