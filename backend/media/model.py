"""媒体 Which files the office takes: their content decides, never their name."""

from __future__ import annotations

from dataclasses import dataclass

import filetype

from backend.errors import UnsupportedError
from backend.media.papers import PDF, check_paper
from backend.media.pictures import KINDS, made_anew
from backend.media.sounds import cleaned

MAX_BYTES = 10 * 1024**2
# What `filetype` calls a content → what it is taken for.
ALLOWED = {
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "image/webp": "image/webp",
    "image/gif": "image/gif",
    "image/heic": "image/heic",
    "application/pdf": "application/pdf",
    "audio/amr": "audio/amr",
    "audio/mpeg": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/x-m4a": "audio/mp4",
    "audio/ogg": "audio/ogg",
    "audio/x-wav": "audio/wav",
    "audio/wav": "audio/wav",
    "video/mp4": "video/mp4",
}


@dataclass(frozen=True)
class Media:
    """A file that was taken in; `size` in bytes as it is kept."""

    id: str
    mime: str
    size: int


def take_in(content: bytes) -> tuple[str, bytes]:
    """Return the MIME type and the bytes a file is kept as; blocking for up to seconds.

    Pictures are made anew, recordings lose what stands beside the sound, PDFs stay as they are.

    Raises:
        UnsupportedError: nothing the office takes, broken, or a PDF that acts.
        TooLargeError: a picture of more pixels than anybody needs (decompression bomb).
    """
    mime = recognise(content)
    if mime in KINDS:
        return made_anew(content, mime)
    if mime == PDF:
        check_paper(content)
        return mime, content
    return mime, cleaned(content, mime)


def recognise(content: bytes) -> str:
    """Return the MIME type that the head of a file's content tells.

    Raises:
        UnsupportedError: nothing the office takes.
    """
    mime = ALLOWED.get(filetype.guess_mime(content[:8192]) or "")
    if mime is None:
        raise UnsupportedError("media.unsupported")
    return mime
