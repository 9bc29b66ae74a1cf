"""读表 Reads an office's list row by row: CSV, XLSX or JSONL; memory does not grow with it."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, TextIO
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from backend.catalogue.importing.encoding import encoding_of
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.importing.profile import Profile

# No cell or line of a real list comes near these; a broken quote does.
LONGEST_CELL = 1 << 20
LONGEST_LINE = 4 << 20


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: its number as the office counts, its cells by column.

    `broken` is the key of what makes the row unreadable, where it is.
    """

    number: int
    values: Mapping[str, Any] = field(default_factory=dict)
    broken: str | None = None


def read_rows(path: Path, profile: Profile) -> Iterator[Row]:
    """Return the rows of a list; blocking, lazy.

    Raises:
        ImportRefusedError: the file is missing, of another kind, or unreadable as a whole.
    """
    if not path.is_file():
        raise ImportRefusedError("file_missing", file=str(path))
    kind = path.suffix.lower()
    if kind in {".csv", ".tsv", ".txt"}:
        return _filled_down(_csv(path, profile), profile.fill_down)
    if kind == ".xlsx":
        return _filled_down(_xlsx(path, profile), profile.fill_down)
    if kind in {".jsonl", ".ndjson"}:
        return _jsonl(path, profile)
    raise ImportRefusedError("file_kind", file=path.name)


def _csv(path: Path, profile: Profile) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    delimiter = profile.delimiter or ("\t" if path.suffix.lower() == ".tsv" else ",")
    with path.open(encoding=_encoding(path, profile), newline="") as lines:
        reader = csv.reader(lines, delimiter=delimiter)
        try:
            yield from _table(_numbered(reader), path, profile)
        except (csv.Error, UnicodeDecodeError) as error:
            why = f"{reader.line_num}: {error}"
            raise ImportRefusedError("file_broken", file=path.name, why=why) from error


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """A record may go over several lines; its number is that of its first line."""
    start = 1
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1


def _xlsx(path: Path, profile: Profile) -> Iterator[Row]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError) as error:
        raise ImportRefusedError("file_broken", file=path.name, why=str(error)) from error
    with closing(book):
        if profile.sheet is not None and profile.sheet not in book.sheetnames:
            known = "、".join(book.sheetnames)
            raise ImportRefusedError("sheet_missing", sheet=profile.sheet, known=known)
        sheet = book[profile.sheet or book.sheetnames[0]]
        sheet.reset_dimensions()  # Many programs write a wrong one, and rows would be missing.
        rows = sheet.iter_rows(values_only=True)
        cells = ([_plain(cell) for cell in row] for row in rows)
        yield from _table(enumerate(cells, start=1), path, profile)


def _plain(cell: Any) -> Any:
    """Excel keeps 20 as 20.0 and days as moments; return what its screen shows."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else cell


def _table(
    rows: Iterator[tuple[int, Sequence[Any]]], path: Path, profile: Profile
) -> Iterator[Row]:
    """Give the rows under the header, each with its columns' names."""
    header: list[str] = []
    for place, (number, cells) in enumerate(rows, start=1):
        if place < profile.header_row:
            continue
        if not header:
            header = _header(cells, path)
        elif any(cell not in (None, "") for cell in cells):
            surplus = any(cell not in (None, "") for cell in cells[len(header) :])
            values = dict.fromkeys(header) | dict(zip(header, cells, strict=False))
            values.pop("", None)
            yield Row(number, values, "row_too_wide" if surplus else None)
    if not header:
        raise ImportRefusedError("file_empty", file=path.name)


def _header(cells: Sequence[Any], path: Path) -> list[str]:
    names = ["" if cell is None else " ".join(str(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice or not names:
        key = "columns_twice" if twice else "file_empty"
        raise ImportRefusedError(key, file=path.name, columns="、".join(twice))
    return names


def _filled_down(rows: Iterator[Row], columns: frozenset[str]) -> Iterator[Row]:
    """Merged cells keep their value in the first row only; repeat it below."""
    above: dict[str, Any] = {}
    for row in rows:
        for column in columns & row.values.keys():
            if row.values[column] not in (None, ""):
                above[column] = row.values[column]
        yield Row(row.number, {**row.values, **above}, row.broken)


def _jsonl(path: Path, profile: Profile) -> Iterator[Row]:
    with path.open(encoding=_encoding(path, profile)) as lines:
        number = 0
        while line := _next_line(lines, path, number + 1):
            number += 1
            if line.strip():
                yield _json_row(number, line)
    if number == 0:
        raise ImportRefusedError("file_empty", file=path.name)


def _next_line(lines: TextIO, path: Path, number: int) -> str:
    try:
        line = lines.readline(LONGEST_LINE)
    except UnicodeDecodeError as error:
        raise ImportRefusedError("file_broken", file=path.name, why=f"{number}: {error}") from error
    if len(line) == LONGEST_LINE and not line.endswith("\n"):
        why = f"{number}: > {LONGEST_LINE}"
        raise ImportRefusedError("file_broken", file=path.name, why=why)
    return line


def _json_row(number: int, line: str) -> Row:
    try:
        values = json.loads(line)
    except (ValueError, RecursionError):
        return Row(number, {}, "row_not_json")
    return Row(number, values) if isinstance(values, dict) else Row(number, {}, "row_not_json")


def _encoding(path: Path, profile: Profile) -> str:
    if profile.encoding is None:
        return encoding_of(path)
    try:
        return codecs.lookup(profile.encoding).name
    except LookupError as error:
        raise ImportRefusedError(
            "encoding_wrong", file=path.name, encoding=profile.encoding
        ) from error
