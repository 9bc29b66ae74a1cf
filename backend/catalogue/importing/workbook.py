"""读 XLSX The rows of a workbook, which may be a bomb: bounded before and while it is read."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.catalogue.importing.faults import ImportRefusedError

MOST_UNPACKED = 400 * 1024**2
"""Bytes of a workbook's parts once they are unpacked; 40,000 items with long guides take half."""

MOST_WORDS = 128 * 1024**2
"""Bytes of a part that is read as a whole: the table of all texts, styles."""

MOST_PACKED_TIMES = 200
"""How many times smaller a part may be packed; texts of a guide are 5 to 40 times."""

_SMALL = 1024**2
MOST_ROWS = 200_000
MOST_COLUMNS = 500
_SHEETS = "xl/worksheets/"
_BROKEN = (InvalidFileException, BadZipFile, OSError, EOFError, LookupError, ValueError, TypeError,
           AttributeError, SyntaxError, NotImplementedError, struct.error, zlib.error)  # fmt: skip


def sheet_rows(path: Path, wanted: str | None) -> Iterator[list[Any]]:
    """Yield the cells of each row as they are shown; blocking, lazy.

    Args:
        path: a file of the kind .xlsx.
        wanted: name of the sheet, None for the first.

    Raises:
        ImportRefusedError: it is no workbook, has no such sheet, is far larger than any list, or
            holds what no list does (entities of XML).
    """
    try:
        _weigh(path)
        with (
            path.open("rb") as file,
            closing(load_workbook(file, read_only=True, data_only=True)) as book,
        ):
            if wanted is not None and wanted not in book.sheetnames:
                known = "、".join(book.sheetnames)
                raise ImportRefusedError("sheet_missing", sheet=wanted, known=known)
            sheet = book[wanted or book.sheetnames[0]]
            sheet.reset_dimensions()  # Many programs write a wrong one, and rows would be missing.
            for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
                if number > MOST_ROWS or len(row) > MOST_COLUMNS:
                    raise _too_large(path)
                yield [_plain(cell) for cell in row]
    except _BROKEN as error:
        # The library tells of what it could not open by an error of its own.
        if isinstance(error, DefusedXmlException) or isinstance(
            error.__cause__, DefusedXmlException
        ):
            raise ImportRefusedError("workbook_unsafe", file=path.name) from error
        raise ImportRefusedError("workbook_broken", file=path.name) from error


def _weigh(path: Path) -> None:
    """Refuse what unpacks to more than any list; a part is never unpacked past what it tells."""
    with ZipFile(path) as packed:
        parts = packed.infolist()
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _too_large(path)
    for part in parts:
        whole = part.file_size > MOST_WORDS and not part.filename.startswith(_SHEETS)
        times = part.file_size / max(part.compress_size, 1)
        if whole or (part.file_size > _SMALL and times > MOST_PACKED_TIMES):
            raise _too_large(path)


def _too_large(path: Path) -> ImportRefusedError:
    return ImportRefusedError(
        "workbook_too_large", file=path.name, rows=MOST_ROWS, columns=MOST_COLUMNS
    )


def _plain(cell: Any) -> Any:
    """Excel keeps 20 as 20.0 and days as moments; return what its screen shows."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else cell
