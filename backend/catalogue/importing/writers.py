"""写表 Writes the catalogue out as JSONL, CSV or XLSX, in the form of the profile `paoyici`."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from backend.catalogue.importing.cells import as_text
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.model import ELEMENTS, Item

_SCALARS = (
    "code", "name", "department", "department_phone", "mode", "promised_working_days",
    "statutory_working_days", "instant", "status", "summary",
)  # fmt: skip
_STRUCTURES = (
    "aliases", "questions", "audience", "life_events",
    *(f"elements.{element}" for element in ELEMENTS),
    "unsure", "typed", "situations", "application",
)  # fmt: skip
COLUMNS = (*_SCALARS, *_STRUCTURES)
_KEYS = tuple(dict.fromkeys(column.split(".")[0] for column in COLUMNS))
LONGEST_XLSX_CELL = 32_767


def write_file(path: Path, items: Iterable[Item]) -> None:
    """导出 Write items to a file, which appears whole or not at all; blocking.

    Raises:
        ImportRefusedError: the file's ending is unknown, or a cell is too long for it.
    """
    kinds = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx}
    if path.suffix.lower() not in kinds:
        raise ImportRefusedError("file_kind", file=path.name)
    draft = path.with_name(path.name + ".draft")
    try:
        kinds[path.suffix.lower()](draft, items)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _jsonl(path: Path, items: Iterable[Item]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for item in items:
            shown = {key: item.get(key) for key in _KEYS}
            file.write(json.dumps(shown, ensure_ascii=False) + "\n")


def _csv(path: Path, items: Iterable[Item]) -> None:
    # Excel takes a CSV for UTF-8 only by its mark.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([as_text(cell) for cell in _cells(item)] for item in items)


def _xlsx(path: Path, items: Iterable[Item]) -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("catalogue")
    sheet.append(COLUMNS)
    try:
        for item in items:
            sheet.append([_text_cell(sheet, cell) for cell in _short_cells(item)])
    finally:
        sheet.close()
    book.save(path)


def _short_cells(item: Item) -> list[Any]:
    cells = _cells(item)
    if any(isinstance(cell, str) and len(cell) > LONGEST_XLSX_CELL for cell in cells):
        raise ImportRefusedError("cell_too_long", code=item["code"])
    return cells


def _text_cell(sheet: Any, value: Any) -> Any:
    """Text stays text, also where it begins like a formula."""
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _cells(item: Item) -> list[Any]:
    cells: list[Any] = [
        str(value).lower() if isinstance(value := item.get(name), bool) else value
        for name in _SCALARS
    ]
    for column in _STRUCTURES:
        value = item["elements"][column.split(".")[1]] if "." in column else item.get(column)
        cells.append(None if value is None else json.dumps(value, ensure_ascii=False))
    return cells
