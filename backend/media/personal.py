"""媒体 What `media` keeps of one person: the files they sent, copied out and erased."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

from backend.document import Document
from backend.errors import NotFoundError
from backend.media import service, store
from backend.media.model import Media
from backend.office import Office
from backend.personal.part import Part
from backend.personal.subject import Subject


async def personal(office: Office, subject: Subject) -> list[Document]:
    """Return which files there are; `files` gives their bytes."""
    found = await store.known(office.database, subject.media)
    return [{"file": media_id, "mime": mime} for media_id, mime in found.items()]


async def files(office: Office, subject: Subject) -> AsyncIterator[tuple[Media, bytes]]:
    """Give each file with its bytes, opened."""
    for media_id in await store.known(office.database, subject.media):
        with contextlib.suppress(NotFoundError):
            yield await service.give(office, media_id)


async def erase(office: Office, subject: Subject) -> int:
    """Remove the files and their bytes."""
    return await store.remove(office.database, subject.media)


PART = Part("media", ("media", "media.files", "media.chunks"), personal, erase)
