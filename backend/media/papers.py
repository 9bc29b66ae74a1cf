"""PDF papers are kept as they came, so that their signatures hold, or refused where they act.

No virus scanner looks at them: what is refused is what a reader would run, open or unpack. An
office that has a scanner runs it where files leave the house.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import StreamObject, read_object

from backend.errors import UnsupportedError

PDF = "application/pdf"
MOST_PACKED = 4000
"""Object streams of one file."""

MOST_UNPACKED = 64 * 1024**2
"""Bytes of all object streams of one file, unpacked."""

_HEAD, _TAIL = b"%PDF-", b"%%EOF"
# A name may be written with figures for letters: /J#61vaScript.
_FIGURES = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_ENDS = rb"(?=[\x00\s/<>\[\](){}%]|$)"
_ACTS = re.compile(
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|FileAttachment|RichMedia|Rendition|ImportData"
    rb"|SubmitForm|GoToE|XFA)" + _NAME_ENDS + rb"|/EF\s*(?:<<|\d+\s+\d+\s+R)"
)
_LOCKED = re.compile(rb"/Encrypt" + _NAME_ENDS)
# Where an object begins, and where one says of itself that it holds others.
_MARKS = re.compile(
    rb"obj[\x00\s]*|(?P<packed>/(?:O|#4[Ff])(?:b|#62)(?:j|#6[Aa])(?:S|#53)(?:t|#74)(?:m|#6[Dd]))"
)
_BROKEN = (PyPdfError, OSError, ValueError, TypeError, LookupError, EOFError, ArithmeticError,
           RuntimeError, AttributeError)  # fmt: skip


def check_paper(content: bytes) -> None:
    """Let a PDF pass that only shows something; blocking.

    Raises:
        UnsupportedError: it carries scripts, actions that start or send something, or files; it
            is encrypted; or it is truncated, or more than a PDF.
    """
    _, found, rest = content.rpartition(_TAIL)
    if not (content.startswith(_HEAD) and found) or rest.strip(b"\0\t\n\f\r "):
        raise UnsupportedError("media.paper_broken")
    _look(content)
    try:
        for unpacked in _unpacked(content):
            _look(unpacked)
    except _BROKEN as error:
        raise UnsupportedError("media.paper_broken") from error


def _look(part: bytes) -> None:
    """Look for names of what acts; inside pictures they do not come about by chance."""
    plain = _FIGURES.sub(lambda figures: bytes([int(figures[1], 16)]), part)
    if _LOCKED.search(plain):
        raise UnsupportedError("media.paper_locked")
    if _ACTS.search(plain):
        raise UnsupportedError("media.paper_acts")


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the content of every object stream, those that the file's own table leaves out too."""
    reader = PdfReader(io.BytesIO(content))
    listed = sorted({number for number, _ in reader.xref_objStm.values()})
    streams: list[object] = [reader.get_object(number) for number in listed]
    streams += [_object_at(reader, start) for start in _packed(content)]
    if len(streams) > MOST_PACKED or not reader.root_object:
        raise UnsupportedError("media.paper_broken")
    size = 0
    for stream in streams:
        if isinstance(stream, StreamObject):
            unpacked = stream.get_data()
            size += len(unpacked)
            if size > MOST_UNPACKED:
                raise UnsupportedError("media.paper_broken")
            yield unpacked


def _packed(content: bytes) -> list[int]:
    """Return where objects begin that hold others, whatever the file's own table says."""
    starts: dict[int, None] = {}
    start = 0
    for mark in _MARKS.finditer(content):
        if mark["packed"] is None:
            start = mark.end()
        else:
            starts[start] = None
        if len(starts) > MOST_PACKED:
            raise UnsupportedError("media.paper_broken")
    return list(starts)


def _object_at(reader: PdfReader, start: int) -> object:
    reader.stream.seek(start)
    return read_object(reader.stream, reader)
