"""读表 Reads an office's list row by row: CSV, XLSX or JSONL; memory does not grow with it."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from backend.catalogue.importing.cells import as_written
from backend.catalogue.importing.encoding import encoding_of
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.importing.profile import Profile
from backend.catalogue.importing.workbook import sheet_rows

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
        rows = enumerate(sheet_rows(path, profile.sheet), start=1)
        return _filled_down(_table(rows, path, profile), profile.fill_down)
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
            raise ImportRefusedError("file_broken", file=path.name, row=reader.line_num) from error


def _numbered(reader: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    """A record may go over several lines; its number is that of its first line."""
    start = 1
    for cells in reader:
        yield start, [as_written(cell) for cell in cells]
        start = reader.line_num + 1


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
        raise ImportRefusedError("file_broken", file=path.name, row=number) from error
    if len(line) == LONGEST_LINE and not line.endswith("\n"):
        raise ImportRefusedError("file_broken", file=path.name, row=number)
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
