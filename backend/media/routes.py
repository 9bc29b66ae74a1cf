"""媒体 HTTP of media: bytes stream in and out, everything else is JSON."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Literal

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError
from pydantic import Field

from backend.auth import SERVICE, staff
from backend.errors import ConflictError, MalformedError, TooLargeError
from backend.media import owners, service, store
from backend.media.model import MAX_BYTES
from backend.routing import Call, Capability, Routes
from backend.supervision.service import note_look
from backend.validation import Answer, Body

routes = Routes("media")
READERS = staff("agent", "supervisor", "approver", "dispatcher", "admin", service=True)
# Beside the file itself a multipart body holds boundaries and headers.
ENVELOPE_BYTES = 64 * 1024
PIECE_BYTES = 256 * 1024


class MediaView(Answer):
    """A file that was taken in; its MIME type is that of its content."""

    media_id: str
    mime: str
    size: int


class Removed(Answer):
    """The file is not there any more."""

    removed: Literal[True] = True


class UnsentQuery(Body):
    """`after`: the `next` of an earlier answer."""

    after: str = Field(default="", max_length=64)


class UnsentList(Answer):
    """Files of two days ago and more that no matter has; `next` is null at the end."""

    media_ids: list[str]
    next: str | None


@routes.post("/media", READERS)
async def take(call: Call) -> MediaView:
    """Take in a file, as part `file` of a multipart body."""
    length = call.request.content_length
    if length is not None and length > MAX_BYTES + ENVELOPE_BYTES:
        raise TooLargeError("media.too_large", megabytes=MAX_BYTES // 1024**2)
    media = await service.take(call.office, _pieces(call.request))
    return MediaView(media_id=media.id, mime=media.mime, size=media.size)


@routes.get("/media/unsent", SERVICE)
async def unsent(call: Call, query: UnsentQuery) -> UnsentList:
    """List old files that no case, report or talk has, for the door to say which it has either."""
    found, after = await owners.unsent(call.office, query.after)
    return UnsentList(media_ids=found, next=after)


@routes.get("/media/{media_id}", READERS)
async def give(call: Call) -> web.StreamResponse:
    """Give a file back to whoever may see its matter; a look by staff is noted."""
    media_id = call.path("media_id")
    if call.caller.member is not None:
        await owners.require_sight(call.office, call.caller.member, media_id)
        await note_look(call.office, call.caller.member, "media.read", "media", media_id)
    media, content = await service.give(call.office, media_id)
    response = web.StreamResponse(
        headers={
            "Content-Type": media.mime,
            "Content-Length": str(media.size),
            "Cache-Control": "private, no-store",
            # A picture that is also a page stays a picture.
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
    )
    await response.prepare(call.request)
    for start in range(0, len(content), PIECE_BYTES):
        await response.write(content[start : start + PIECE_BYTES])
    await response.write_eof()
    return response


@routes.delete("/media/{media_id}", SERVICE)
async def remove(call: Call) -> Removed:
    """Remove a file that was never sent to anybody; removing it again changes nothing."""
    if await owners.held(call.office, call.path("media_id")):
        raise ConflictError("media.held")
    await service.remove(call.office, call.path("media_id"))
    return Removed()


async def _pieces(request: web.Request) -> AsyncIterator[bytes]:
    """Yield the content of the part named `file`."""
    if request.content_type != "multipart/form-data":
        raise MalformedError("media.not_multipart")
    try:
        reader = await request.multipart()
        while (part := await reader.next()) is not None:
            if isinstance(part, BodyPartReader) and part.name == "file":
                while chunk := await part.read_chunk(PIECE_BYTES):
                    yield chunk
                return
    except (ValueError, HttpProcessingError, web.RequestPayloadError) as error:
        raise MalformedError("media.not_multipart") from error
    raise MalformedError("media.no_file")


CAPABILITY = Capability("media", routes.endpoints, store.INDEXES)
