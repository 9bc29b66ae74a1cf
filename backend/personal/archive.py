"""副本 One ZIP of everything there is of a person: `personal.json`, and the files they sent."""

from __future__ import annotations

import asyncio
import io
import json
import mimetypes
import zipfile

from backend.document import Document
from backend.media.personal import files
from backend.office import Office
from backend.personal.subject import Subject


async def archive(office: Office, subject: Subject, copied: Document) -> bytes:
    """Return the ZIP.

    Args:
        office: the office.
        subject: whose files go in.
        copied: what `service.copy` returned, and what other rooms add to it.
    """
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        text = json.dumps(copied, ensure_ascii=False, indent=2, default=_plain)
        await asyncio.to_thread(packed.writestr, "personal.json", text)
        async for media, content in files(office, subject):
            name = f"files/{media.id}{mimetypes.guess_extension(media.mime) or ''}"
            await asyncio.to_thread(packed.writestr, name, content)
    return held.getvalue()


def _plain(value: object) -> str:
    """Return a moment or an id as text."""
    isoformat = getattr(value, "isoformat", None)
    return str(isoformat() if isoformat else value)
