"""媒体 Use cases of media: take a file in, give it back, tell whether it exists."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from backend.db import Transaction
from backend.errors import InvalidError, NotFoundError, TooLargeError
from backend.media import store
from backend.media.model import MAX_BYTES, Media, take_in
from backend.numbers import new_id
from backend.office import Inside, Office


async def take(office: Office, chunks: AsyncIterator[bytes]) -> Media:
    """Keep a file that arrives in pieces.

    Raises:
        TooLargeError: more than 10 MB; reading stops there.
        UnsupportedError: content the office does not take, or that is broken.
        InvalidError: an empty file.
    """
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > MAX_BYTES:
            raise TooLargeError("media.too_large", megabytes=MAX_BYTES // 1024**2)
    if not content:
        raise InvalidError("media.empty")
    # Making pictures anew and sealing ten megabytes would hold up everybody else's turn, and many
    # of them at once the machine.
    loop = asyncio.get_running_loop()
    mime, size, sealed = await loop.run_in_executor(office.intake, _kept, office, bytes(content))
    media = Media(new_id(), mime, size)
    facts = {"at": office.clock.now(), "conversations": []}
    await store.put(office.database, media, sealed, facts)
    return media


async def give(office: Office, media_id: str) -> tuple[Media, bytes]:
    """Return a file and its bytes.

    Raises:
        NotFoundError: there is no such file.
    """
    document = await store.get(office.database, media_id)
    if document is None:
        raise NotFoundError("media.not_found")
    sealed = await store.sealed_bytes(office.database, document["file_id"])
    content = await asyncio.to_thread(office.privacy.unseal, sealed)
    return Media(media_id, document["mime"], document["size"]), content


async def remove(office: Office, media_id: str) -> None:
    """Remove a file; the caller knows that nothing names it."""
    await store.remove(office.database, [media_id])


async def sent_in(
    office: Inside, tx: Transaction, media_ids: Sequence[str], conversation_id: str
) -> None:
    """Keep that files were sent in a conversation; saying it again changes nothing."""
    await store.add_conversation(office.database, tx, media_ids, conversation_id)


async def mimes(office: Inside, media_ids: Sequence[str]) -> dict[str, str]:
    """Return the MIME types of files that are to be attached to something.

    Raises:
        InvalidError: one of them does not exist.
    """
    if not media_ids:
        return {}
    found = await store.known(office.database, media_ids)
    if any(media_id not in found for media_id in media_ids):
        raise InvalidError("media.unknown")
    return found


def _kept(office: Office, content: bytes) -> tuple[str, int, bytes]:
    """Return type and size of what is kept of a file, and that sealed; the original is not."""
    mime, kept = take_in(content)
    return mime, len(kept), office.privacy.seal(kept)
