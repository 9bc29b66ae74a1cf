"""换成事项 Turns one row of an office's list into a service item, and says what is wrong."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backend.catalogue.importing import texts
from backend.catalogue.importing.doubts import doubts
from backend.catalogue.importing.faults import Fault
from backend.catalogue.importing.profile import Profile
from backend.catalogue.importing.readers import Row
from backend.catalogue.importing.shapes import Shapes
from backend.catalogue.importing.sources import RowReader
from backend.catalogue.model import ELEMENTS, Item
from standards.guide_lines import line_at

MODES = ("guide", "pre", "direct")
LONGEST_CODE = 80
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._-]*")
_Count = Callable[[str], Any]
# Element → the part that names an entry, and the parts that are no text.
_LISTS: dict[str, tuple[str, dict[str, _Count]]] = {
    "basis": ("name", {}),
    "materials": (
        "name",
        {
            "original": texts.whole_number,
            "copies": texts.whole_number,
            "reusable": texts.yes_or_no,
        },
    ),
    "forms": ("name", {}),
    "procedure": ("step", {}),
    "situations": ("name", {}),
}
_PARTS = {
    "time": ("promised", "statutory", "note"),
    "place": ("address", "hours", "note"),
    "fee": ("unit", "text", "basis"),
}


@dataclass(slots=True)
class Converter:
    """换成事项 Converts the rows of one list; remembers codes and names, to find duplicates."""

    profile: Profile
    shapes: Shapes
    _rows_by_code: dict[str, int] = field(default_factory=dict)
    _rows_by_name: dict[str, int] = field(default_factory=dict)

    def convert(self, row: Row) -> tuple[Item | None, list[Fault]]:
        """Return the item of a row, or None where the row is refused, and the row's faults."""
        reader = RowReader(row, self.profile)
        if row.broken is not None:
            reader.note("", row.broken, "refused")
            return None, reader.faults
        name, department = reader.text("name"), reader.text("department")
        if name is None or department is None:
            reader.note("department" if name else "name", "missing", "refused", name or "")
            return None, reader.faults
        name = " ".join(name.split())
        code = self._code(reader, department, name)
        if code in self._rows_by_code:
            reader.note("code", "code_twice", "refused", f"{code} ← {self._rows_by_code[code]}")
            return None, reader.faults
        self._rows_by_code[code] = row.number
        self._note_same_name(reader, department, name)
        item = _item(reader, self.shapes, code, name, department)
        item["typed"] = list(_grounded(reader, item))
        for target, problem, detail in doubts(item):
            reader.note(target, problem, "kept", detail)
        return item, reader.faults

    def _code(self, reader: RowReader, department: str, name: str) -> str:
        given = reader.text("code")
        code = unicodedata.normalize("NFKC", given or "").strip().upper()
        if len(code) <= LONGEST_CODE and _CODE.fullmatch(code):
            return code
        reader.note("code", "code_unusable" if code else "code_missing", "repaired", given or name)
        return generated_code(department, name)

    def _note_same_name(self, reader: RowReader, department: str, name: str) -> None:
        key = hashlib.sha256(f"{department}\0{name}".encode()).hexdigest()
        earlier = self._rows_by_name.setdefault(key, reader.row.number)
        if earlier != reader.row.number:
            reader.note("name", "name_twice", "kept", f"{name} ← {earlier}")


def generated_code(department: str, name: str) -> str:
    """Return a code for an item that has none: the same department and name give the same one."""
    return "X-" + hashlib.sha256(f"{department}\0{name}".encode()).hexdigest()[:10].upper()


def _item(reader: RowReader, shapes: Shapes, code: str, name: str, department: str) -> Item:
    promised = reader.parsed("promised_working_days", texts.days, "days_unclear")
    statutory = reader.parsed("statutory_working_days", texts.days, "days_unclear")
    instant = reader.whether("instant")
    elements = {element: _element(reader, shapes, element) for element in ELEMENTS}
    application = _structured(reader, shapes, "application", None)
    silent = [element for element in ELEMENTS if elements[element] is None]
    said = _structured(reader, shapes, "unsure", None) or []
    return {
        "code": code,
        "name": name,
        "department": department,
        "department_phone": reader.text("department_phone"),
        "mode": _mode(reader, application, promised),
        "promised_working_days": promised,
        "statutory_working_days": statutory,
        "instant": promised == 0 if instant is None else instant,
        "status": "partial" if silent else "complete",
        "summary": reader.text("summary"),
        **{
            target: _structured(reader, shapes, target, reader.texts) or []
            for target in ("aliases", "questions", "audience", "life_events")
        },
        "elements": elements,
        "unsure": [element for element in ELEMENTS if element in {*silent, *said}],
        "typed": _structured(reader, shapes, "typed", None) or [],
        "situations": _structured(reader, shapes, "situations", _entries(reader)) or [],
        "application": application,
    }


def _grounded(reader: RowReader, item: Item) -> Iterator[dict[str, Any]]:
    """Give the typed conditions that stand on a line of the guide; no other may decide anything."""
    for condition in item["typed"]:
        if line_at(item, condition["line"]) is None:
            reader.note("typed", "line_absent", "emptied", condition["line"])
        else:
            yield condition


def _mode(reader: RowReader, application: object, promised: int | None) -> str:
    """预受理 Without a form and a clock nobody can apply online: then it is a guide."""
    mode = reader.text("mode") or "guide"
    if mode not in MODES:
        reader.note("mode", "mode_unknown", "repaired", mode)
        return "guide"
    if mode != "guide" and (application is None or promised is None):
        reader.note("mode", "mode_without_form", "repaired", mode)
        return "guide"
    return mode


def _element(reader: RowReader, shapes: Shapes, element: str) -> Any:
    if element in _PARTS:
        return _structured(reader, shapes, element, lambda name: _parts(reader, name))
    build = reader.texts if element == "conditions" else _entries(reader)
    return _structured(reader, shapes, element, build)


def _entries(reader: RowReader) -> Callable[[str], Any]:
    return lambda target: reader.entries(target, *_LISTS[target])


def _parts(reader: RowReader, element: str) -> Mapping[str, Any] | None:
    said = {part: reader.text(f"{element}.{part}") for part in _PARTS[element]}
    if element == "fee":
        # What a citizen reads is the text; an amount without words would be shown as nothing.
        amount = reader.parsed("fee.amount", texts.amount, "not_an_amount")
        if said["text"] is None and amount is not None:
            said["text"] = f"{amount} {said['unit'] or '元'}"
        return {"amount": amount, **said} if said["text"] is not None else None
    return said if any(value is not None for value in said.values()) else None


def _structured(
    reader: RowReader, shapes: Shapes, target: str, build: Callable[[str], Any] | None
) -> Any:
    """Return a field as our own export writes it where the profile says so, else as built."""
    given, content = reader.structure(target)
    if not given:
        return build(target) if build is not None else None
    wrong = None if content is None else shapes.wrong(target, content)
    if wrong is not None:
        reader.note(target, "shape_wrong", "emptied", wrong)
        return None
    return content
