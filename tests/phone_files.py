"""Files as they come from citizens' phones, and as nobody should send them."""

from __future__ import annotations

import io
import struct
import zlib

import pillow_heif
from PIL import Image
from pypdf import PdfWriter

AUTHOR = "AUTHOR-OF-THE-PHOTO"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def picture(kind: str, size: tuple[int, int] = (40, 30)) -> bytes:
    """A white picture."""
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def _exif() -> Image.Exif:
    """Who made a photo, where, and with the camera on its side."""
    exif = Image.Exif()
    exif[0x013B], exif[0x0112] = AUTHOR, 6
    place = exif.get_ifd(0x8825)
    place[1], place[2] = "N", (30.0, 40.0, 1.0)
    place[3], place[4] = "E", (104.0, 1.0, 2.0)
    return exif


def photo(size: tuple[int, int] = (400, 300)) -> bytes:
    """A JPEG with everything that may stand beside its pixels."""
    out = io.BytesIO()
    noise = Image.effect_noise(size, 60).convert("RGB")
    words = {"comment": b"COMMENT-OF-THE-PHOTO", "icc_profile": b"PROFILE-OF-THE-PHOTO" * 8}
    noise.save(out, "JPEG", exif=_exif(), xmp=b"<x>XMP-OF-THE-PHOTO</x>", **words)
    return out.getvalue()


def heic() -> bytes:
    """A photo of a newer phone."""
    out = io.BytesIO()
    noise = Image.effect_noise((400, 300), 60).convert("RGB")
    pillow_heif.from_pillow(noise).save(out, exif=_exif().tobytes())
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A PNG of a few bytes that promises so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        mark = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + mark

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + data + chunk(b"IEND", b"")


def gif() -> bytes:
    """Three frames: red, green and blue."""
    frames = [Image.new("RGB", (50, 40), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def pdf(inside: bytes = b"") -> bytes:
    """A page, and whatever object is put between its own."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    out = io.BytesIO()
    writer.write(out)
    content = out.getvalue()
    table = content.index(b"\nxref") + 1
    body = content[:table] + inside + content[table : content.index(b"startxref")]
    return body + b"startxref\n%d\n%%%%EOF\n" % (table + len(inside))


def attached_pdf() -> bytes:
    """A page with a file in its luggage."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("a.exe", b"MZ")
    return _bytes_of(writer)


def locked_pdf() -> bytes:
    """A page behind a password."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="RC4-128")
    return _bytes_of(writer)


def _bytes_of(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def packed_pdf(action: bytes, kind: bytes = b"ObjStm", *, listed: bool = True) -> bytes:
    """A PDF whose objects all lie in a compressed one, `action` as number 3 in or out of its table.

    Some programs look for objects themselves and heed no table.
    """
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction 3 0 R>>", b"<</Type/Pages/Kids[]/Count 0>>", action
    ]  # fmt: skip
    places, body = b"", b""
    for number, one in enumerate(objects, 1):
        places += b"%d %d " % (number, len(body))
        body += one + b" "
    packed = zlib.compress(places + body)
    head = b"<</Type/%s/N 3/First %d/Filter/FlateDecode/Length %d>>"
    out = b"%PDF-1.5\n10 0 obj\n" + head % (kind, len(places), len(packed))
    out += b"stream\n" + packed + b"\nendstream\nendobj\n"
    end = len(out)
    table = {0: (0, 0, 255), 10: (1, 9, 0), 11: (1, end, 0), 1: (2, 10, 0), 2: (2, 10, 1)}
    if listed:
        table[3] = (2, 10, 2)
    rows = b"".join(struct.pack(">BIB", *table.get(number, (0, 0, 0))) for number in range(12))
    out += b"11 0 obj\n<</Type/XRef/Size 12/W[1 4 1]/Root 1 0 R/Length %d>>stream\n" % len(rows)
    return out + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % end


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def mp4(brand: bytes = b"mp42", beside: bytes = b"") -> bytes:
    """A recording whose device wrote `beside` where it was made."""
    place = _box(b"udta", _box(b"\xa9xyz", beside)) if beside else b""
    moov = _box(b"moov", _box(b"trak", _box(b"mdia", bytes(64))) + place)
    return _box(b"ftyp", brand + bytes(4) + b"mp42isom") + moov + _box(b"mdat", bytes(600))


SOUNDS = {
    "audio/amr": b"#!AMR\n" + bytes(600),
    "audio/mpeg": b"ID3\x03\x00" + bytes(600),
    "audio/mp4": mp4(b"M4A "),
    "audio/ogg": b"OggS\x00\x02" + bytes(600),
    "audio/wav": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(600),
    "video/mp4": mp4(),
}
