"""取值 Takes a profile's values out of one row, and notes what is wrong with them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from backend.catalogue.importing import texts
from backend.catalogue.importing.faults import Done, Fault
from backend.catalogue.importing.profile import PLACE_IN_TEMPLATE, Profile, Source, spelled
from backend.catalogue.importing.readers import Row

LONGEST_TEXT = 20_000
SHOWN = 40

T = TypeVar("T")


@dataclass(slots=True)
class RowReader:
    """One row under a profile: gives the values of fields, collects the row's faults."""

    row: Row
    profile: Profile
    faults: list[Fault] = field(default_factory=list)

    def note(self, target: str, problem: str, done: Done, detail: object = "") -> None:
        """Note a fault of this row."""
        shown = " ".join(texts.text_of(detail).split())
        shown = shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"
        self.faults.append(Fault(self.row.number, target, problem, done, shown))

    def source(self, target: str) -> Source | None:
        """Return where a field comes from, if the profile says so."""
        return self.profile.fields.get(target)

    def text(self, target: str) -> str | None:
        """Return a field as clean text; None where nothing was entered."""
        source = self.source(target)
        return None if source is None else self.text_in(source, self.row.values, target)

    def parsed(self, target: str, parse: Callable[[str], T | None], problem: str) -> T | None:
        """Return a field as `parse` reads it; what it cannot read is noted and left empty."""
        return self._parse(self.text(target), target, parse, problem)

    def whether(self, target: str) -> bool | None:
        """Return a field that says yes or no."""
        source, text = self.source(target), self.text(target)
        if source is not None and source.yes is not None:
            return None if text is None else text in source.yes
        return self._parse(text, target, texts.yes_or_no, "neither_yes_nor_no")

    def texts(self, target: str) -> list[str] | None:
        """Return a field as a list of texts; None where nothing was entered."""
        entries = self.entries(target, "", {})
        return None if entries is None else [entry[""] for entry in entries]

    def entries(
        self, target: str, first: str, counts: Mapping[str, Callable[[str], Any]]
    ) -> list[dict[str, Any]] | None:
        """Return a field as entries, such as materials; None where nothing was entered.

        Args:
            target: the field.
            first: the part of an entry that names it; an entry without it is left out.
            counts: parts that are no text → how they are read.
        """
        source = self.source(target)
        raw = None if source is None else self._raw(source, self.row.values, target)
        if source is None or raw is None:
            return None
        pieces = raw if isinstance(raw, list) else self._pieces(raw, source, target)
        found, needless = [], False
        for piece in pieces:
            entry = self._entry(piece, source, target, first, counts)
            named = entry.get(first)
            if named in source.none:
                needless = True
            elif named:
                found.append(entry)
            elif isinstance(piece, dict):
                self.note(target, "entry_nameless", "emptied", piece)
        return found if found or needless else None

    def structure(self, target: str) -> tuple[bool, Any]:
        """Return whether a field is written as our own export writes it, and its content."""
        source = self.source(target)
        if source is None or source.reading != "json":
            return False, None
        raw = _reach(self.row.values, source.column)
        if not isinstance(raw, str):
            return True, raw
        if not raw.strip():
            return True, None
        try:
            return True, json.loads(raw)
        except (ValueError, RecursionError):
            self.note(target, "not_json", "emptied", raw)
            return True, None

    def text_in(self, source: Source, values: Mapping[str, Any], target: str) -> str | None:
        """Return a source's clean text out of `values`."""
        raw = self._raw(source, values, target)
        if isinstance(raw, dict | list):
            self.note(target, "not_text", "emptied", json.dumps(raw, ensure_ascii=False))
            return None
        if raw is None:
            return None
        text = self._cleaned(texts.text_of(raw), target)
        if source.reading == "phone" and text is not None:
            return self._parse(text, target, texts.phone, "no_phone")
        return text

    def _raw(self, source: Source, values: Mapping[str, Any], target: str) -> Any:
        """Return what a source says before it is cleaned; None where nothing was entered."""
        if source.template is not None:
            return self._templated(source.template, values)
        raw = source.constant if source.column is None else _reach(values, source.column)
        if source.line is not None and isinstance(raw, str):
            found = re.search(re.escape(source.line) + r"[^\S\n]*([^\n]*)", raw)
            raw = found[1] if found else None
        if self._says_nothing(raw):
            return None
        if source.choices is not None:
            word = spelled(raw)
            if word not in source.choices:
                self.note(target, "value_unknown", "emptied", word)
            return source.choices.get(word)
        return raw

    def _templated(self, template: str, values: Mapping[str, Any]) -> str | None:
        columns = PLACE_IN_TEMPLATE.findall(template)
        cells = {column: _reach(values, column) for column in columns}
        if any(self._says_nothing(cell) for cell in cells.values()):
            return None
        return PLACE_IN_TEMPLATE.sub(lambda found: texts.text_of(cells[found[1]]).strip(), template)

    def _says_nothing(self, raw: Any) -> bool:
        if isinstance(raw, str):
            return not raw.strip() or raw.strip() in self.profile.ignore
        return raw is None

    def _pieces(self, raw: Any, source: Source, target: str) -> Sequence[str]:
        text = self._cleaned(texts.text_of(raw), target)
        if text is None:
            return []
        if not source.split:
            return [text]
        separators = "|".join(re.escape(separator) for separator in source.split)
        return [piece.strip() for piece in re.split(separators, text) if piece.strip()]

    def _entry(
        self, piece: Any, source: Source, target: str, first: str,
        counts: Mapping[str, Callable[[str], Any]],
    ) -> dict[str, Any]:  # fmt: skip
        if not isinstance(piece, dict):
            text = None if self._says_nothing(piece) else texts.text_of(piece)
            cleaned = None if text is None else self._cleaned(text, target)
            return {} if cleaned is None else {first: cleaned}
        entry: dict[str, Any] = {}
        for part, inner in source.each.items():
            where = f"{target}.{part}"
            value: Any = self.text_in(inner, piece, where)
            if part in counts:
                value = self._parse(value, where, counts[part], "not_a_count")
            if value is not None:
                entry[part] = value
        return entry

    def _parse(
        self, text: str | None, target: str, parse: Callable[[str], T | None], problem: str
    ) -> T | None:
        if text is None:
            return None
        value = parse(text)
        if value is None:
            self.note(target, problem, "emptied", text)
        return value

    def _cleaned(self, text: str, target: str) -> str | None:
        if len(text) > LONGEST_TEXT:
            self.note(target, "text_too_long", "emptied", text)
            return None
        cleaned, had_markup = texts.clean(text)
        if had_markup:
            self.note(target, "markup", "repaired", text)
        if cleaned in texts.SHEET_ERRORS:
            self.note(target, "sheet_error", "emptied", cleaned)
            return None
        return cleaned or None


def _reach(values: Mapping[str, Any], column: str | None) -> Any:
    """Return a cell by its column's name; `a.b` reaches into JSON."""
    if column is None or column in values:
        return values.get(column) if column else None
    found: Any = values
    for step in column.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
