"""导入问题单 What is wrong in an office's list: which row, which field, and what was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

# 保留 · 已修正 · 该项留空 · 整行不收
Done = Literal["kept", "repaired", "emptied", "refused"]
EXAMPLES = 3


class ImportRefusedError(RuntimeError):
    """The list or its profile cannot be used at all, and nothing was changed.

    `key` and `values` name a sentence in `data/replies/catalogue.yml`.
    """

    def __init__(self, key: str, **values: object) -> None:
        """Keep what the sentence needs."""
        super().__init__(f"{key}: {values}")
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one row.

    Args:
        row: as the office counts: line of the file, row of the sheet.
        field: the item's field, such as `materials`; empty where it is the row.
        problem: key of a sentence in `data/replies/catalogue.yml`.
        detail: the words it is about, shortened.
    """

    row: int
    field: str
    problem: str
    done: Done
    detail: str = ""


@dataclass(slots=True)
class Report:
    """导入问题单 What an import found; its size does not grow with the list."""

    rows: int = 0
    accepted: int = 0
    complete: int = 0
    refused: int = 0
    counts: Counter[tuple[str, str, Done]] = field(default_factory=Counter)
    examples: dict[tuple[str, str, Done], list[Fault]] = field(default_factory=dict)
    # Columns the profile neither uses nor leaves out, and columns it names that do not exist.
    unknown_columns: list[str] = field(default_factory=list)
    absent_columns: list[str] = field(default_factory=list)

    def note(self, faults: Iterable[Fault]) -> None:
        """Count faults and keep the first few of each kind."""
        for fault in faults:
            kind = (fault.field, fault.problem, fault.done)
            self.counts[kind] += 1
            shown = self.examples.setdefault(kind, [])
            if len(shown) < EXAMPLES:
                shown.append(fault)
