"""照片 Pictures are made anew on the way in: what is to be seen stays, and nothing beside it."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import ExifTags, Image

from backend.errors import TooLargeError, UnsupportedError

MAX_PIXELS = 50_000_000
LONGEST_SIDE = 2560
"""Pixels; an A4 page at 220 dots an inch, on which the smallest print of a paper is legible."""

JPEG_QUALITY = 85
# A drawing or a form of so few colours stays sharper, and smaller, as PNG.
_FEW_COLOURS = 64
_DRAWN = ("image/png", "image/gif")
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
HEIC = "image/heic"
KINDS = frozenset({*_FORMATS, HEIC})
# How the camera was held → how its picture becomes upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What the decoders raise for content that is none, beside what they should.
_BROKEN = (OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, ArithmeticError,
           RuntimeError, struct.error, zlib.error)  # fmt: skip


def made_anew(content: bytes, mime: str) -> tuple[str, bytes]:
    """Return a picture's MIME type and bytes, written anew from its pixels; blocking.

    It is turned upright, at most `LONGEST_SIDE` long, on white where it is transparent, and a
    JPEG, or a PNG where it was one of few colours. Position, author, colour profile, comments and
    whatever else a file can be besides are gone. Of a moving picture the first frame stays.

    Args:
        content: the file as it came.
        mime: one of `KINDS`, by its content.

    Raises:
        UnsupportedError: it is truncated, or no picture.
        TooLargeError: more pixels than anybody needs (decompression bomb); none was decoded.
    """
    try:
        with _opened(content, mime) as image:
            return _written(_shown(image), drawn=mime in _DRAWN)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise TooLargeError("media.too_many_pixels") from None
    except _BROKEN as error:
        raise UnsupportedError("media.broken") from error


def _opened(content: bytes, mime: str) -> Image.Image:
    """Open a picture; its size is looked at before a pixel is decoded."""
    if mime == HEIC:
        heif = pillow_heif.open_heif(io.BytesIO(content))
        _weigh(heif.size)
        # The file's own turns are applied by its decoder, which then tells of none.
        return heif.to_pillow()
    image = Image.open(io.BytesIO(content), formats=[_FORMATS[mime]])
    _weigh(image.size)
    # A JPEG can be decoded at a half, a quarter or an eighth of its size.
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
    image.load()
    return image


def _weigh(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise TooLargeError("media.too_many_pixels")


def _shown(image: Image.Image) -> Image.Image:
    """Return what is to be seen of a picture, with nothing attached to it."""
    turn = _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    upright = image if turn is None else image.transpose(turn)
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        upright = Image.new("RGB", layer.size, "white")
        upright.paste(layer, mask=layer)
    plain = upright if upright.mode == "RGB" else upright.convert("RGB")
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    plain.info = {}
    return plain


def _written(image: Image.Image, *, drawn: bool) -> tuple[str, bytes]:
    out = io.BytesIO()
    if drawn and image.getcolors(_FEW_COLOURS):
        image.save(out, "PNG")
        return "image/png", out.getvalue()
    image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True)
    return "image/jpeg", out.getvalue()
