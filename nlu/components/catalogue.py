"""事项目录 The catalogue as the ear reads it: names, and the words people use for them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from components.project_files import data_folder, published_file
from components.yaml_files import read_yaml

Words = tuple[tuple[str, ...], tuple[str, ...]]
"""An item's aliases and example questions."""


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
    written = _written_words(data / "catalogue")
    items = []
    for row in read_rows(data / "items.csv"):
        aliases, questions = written.get(row["code"], ((), ()))
        items.append(
            Item(
                code=row["code"],
                name=row["name"],
                department=row["department"],
                mode=row["online_mode"],
                aliases=aliases,
                questions=questions,
            )
        )
    return items


def known_catalogue() -> list[Item]:
    """Read the items of the data folder, then those an office imported and exported again.

    An item of both is one: the office's name stands, and the words of both mean it.
    """
    items = {item.code: item for item in read_catalogue(data_folder())}
    published = published_file()
    for item in read_published(published) if published else ():
        written = items.get(item.code)
        items[item.code] = _with_words_of(written, item) if written else item
    return list(items.values())


def read_published(path: Path) -> Iterator[Item]:
    """Read what `paoyici catalogue export FILE.jsonl` wrote: one item a line.

    Raises:
        ValueError: a line is no item; says which.
    """
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield _published(line, f"{path.name}:{number}")


def _published(line: str, place: str) -> Item:
    try:
        entry = json.loads(line)
        return Item(
            code=str(entry["code"]),
            name=str(entry["name"]),
            department=str(entry.get("department") or ""),
            mode=str(entry.get("mode") or "guide"),
            aliases=tuple(entry.get("aliases") or ()),
            questions=tuple(entry.get("questions") or ()),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{place}: not an item of an exported catalogue") from error


def _with_words_of(written: Item, item: Item) -> Item:
    """Keep an item's words beside those the data folder has for it."""
    aliases = (*item.aliases, *written.aliases, written.name)
    return replace(item, aliases=aliases, questions=(*item.questions, *written.questions))


def _written_words(folder: Path) -> dict[str, Words]:
    """Give the words of the department files by item code."""
    words: dict[str, Words] = {}
    for path in sorted(folder.glob("*.yaml")):
        state = path.stat()
        words |= _words_of_file(path, state.st_mtime_ns, state.st_size)
    return words


@lru_cache(maxsize=256)
def _words_of_file(path: Path, changed: int, size: int) -> dict[str, Words]:
    """Read one department's file, once while it does not change: four components ask for it."""
    return {
        entry["code"]: (tuple(entry.get("aliases") or ()), tuple(entry.get("questions") or ()))
        for entry in (read_yaml(path) or {}).get("items") or ()
    }


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV contract file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
