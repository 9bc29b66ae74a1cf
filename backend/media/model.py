"""媒体 Which files the office takes: their content decides, never their name."""

from __future__ import annotations

import io
from dataclasses import dataclass

import filetype
from PIL import Image, UnidentifiedImageError

from backend.errors import TooLargeError, UnsupportedError

MAX_BYTES = 10 * 1024**2
MAX_PIXELS = 50_000_000
# What `filetype` calls a content → how it is stored and served.
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
_DECODED = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/gif": "GIF",
}


@dataclass(frozen=True)
class Media:
    """A file that was taken in; `size` in bytes of the original."""

    id: str
    mime: str
    size: int


def recognise(content: bytes) -> str:
    """Return the MIME type of a file's content; decodes images, so call it in a thread.

    Raises:
        UnsupportedError: nothing the office takes, or a picture that is none.
        TooLargeError: a picture of more pixels than anybody needs (decompression bomb).
    """
    mime = ALLOWED.get(filetype.guess_mime(content[:8192]) or "")
    if mime is None:
        raise UnsupportedError("media.unsupported")
    if mime in _DECODED:
        _verify(content, _DECODED[mime])
    return mime


def _verify(content: bytes, image_format: str) -> None:
    try:
        with Image.open(io.BytesIO(content), formats=[image_format]) as image:
            width, height = image.size
            if width * height > MAX_PIXELS:
                raise TooLargeError("media.too_many_pixels")
            image.verify()
    except Image.DecompressionBombError:
        raise TooLargeError("media.too_many_pixels") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise UnsupportedError("media.unsupported") from error
