"""事项文件 Reads the list of items and the departments' files, and checks them by their schema."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from backend.catalogue.model import CatalogueError, Item, Listed, combine

# Raised when the same files make other documents, so that they are imported again.
LAYOUT = "2"
SCHEMA = Path("schemas") / "catalogue.schema.json"


def digest_of(data: Path) -> str:
    """Return what changes when any word of the list or of a department's file changes; blocking."""
    content = hashlib.sha256(LAYOUT.encode())
    for path in [data / "items.csv", *_paths(data)]:
        content.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return content.hexdigest()[:16]


@lru_cache(maxsize=2)
def read_catalogue(data: Path, digest: str) -> tuple[Item, ...]:
    """Return all items that stand in the folder `data` under `digest`; blocking.

    Raises:
        CatalogueError: a file breaks the schema or contradicts another.
    """
    files = read_files(data)
    problems = [line for name, content in files.items() for line in check(data, name, content)]
    if problems:
        raise CatalogueError(problems)
    return combine(read_list(data / "items.csv"), files)


def read_files(data: Path) -> dict[str, Any]:
    """Return the content of the departments' files by file name, unchecked; blocking.

    Raises:
        CatalogueError: a file is not YAML.
    """
    return {path.name: _read_yaml(path) for path in _paths(data)}


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (safe)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CatalogueError([f"{path.name}: {error}"]) from error


def read_list(path: Path) -> list[Listed]:
    """Return the lines of the list of items."""
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            Listed(
                code=line["code"],
                name=line["name"],
                department=line["department"],
                mode=line["online_mode"],
                promised_working_days=int(line["promised_working_days"]),
            )
            for line in csv.DictReader(lines)
        ]


def check(data: Path, name: str, content: Any) -> Iterator[str]:
    """Return what in a file's content breaks the schema, each with its place in the file."""
    schema = json.loads((data / SCHEMA).read_text(encoding="utf-8"))
    for error in Draft202012Validator(schema).iter_errors(content):
        place = "/".join(str(step) for step in error.absolute_path)
        yield f"{name}: {place}: {error.message[:200]}"


def _paths(data: Path) -> list[Path]:
    return sorted((data / "catalogue").glob("*.yaml"))


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The safe YAML loader, compiled where it is available."""
