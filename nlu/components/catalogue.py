"""事项目录 The catalogue as the ear reads it: names, and the words people use for them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.yaml_files import read_yaml


@dataclass(frozen=True)
class Item:
    """事项 One service item with the phrases that mean it."""

    code: str
    name: str
    department: str
    mode: str
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


def read_catalogue(data: Path) -> list[Item]:
    """Read all items by name, with aliases and questions where a department wrote them."""
    written = _written_items(data / "catalogue")
    items = []
    for row in read_rows(data / "items.csv"):
        entry = written.get(row["code"], {})
        items.append(
            Item(
                code=row["code"],
                name=row["name"],
                department=row["department"],
                mode=row["online_mode"],
                aliases=tuple(entry.get("aliases") or ()),
                questions=tuple(entry.get("questions") or ()),
            )
        )
    return items


def _written_items(folder: Path) -> dict[str, dict[str, Any]]:
    """Index the department files by item code."""
    return {
        entry["code"]: entry
        for path in sorted(folder.glob("*.yaml"))
        for entry in (read_yaml(path) or {}).get("items") or ()
    }


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV contract file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
