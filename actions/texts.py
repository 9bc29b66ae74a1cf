"""话术 The words the clerk says, read once from `data/replies/*.yml`.

A text is named `file.key.key`; several variants may stand under one name, and the same turn always
picks the same one, so that a replayed turn says the same words.
"""

from __future__ import annotations

import csv
import functools
import os
import zlib
from pathlib import Path
from typing import Any

import yaml

DEFAULT_DATA_DIR = Path(__file__).resolve().parent.parent / "data"


def data_dir() -> Path:
    """Return the folder of texts and lists (`DATA_DIR`)."""
    return Path(os.environ.get("DATA_DIR") or DEFAULT_DATA_DIR)


@functools.lru_cache(maxsize=1)
def replies() -> dict[str, Any]:
    """Return every reply text by file and key."""
    return {
        path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((data_dir() / "replies").glob("*.yml"))
    }


def entry(name: str) -> Any:
    """Return what stands under `name`.

    Raises:
        KeyError: nothing does; a test looks for every name the code uses.
    """
    found: Any = replies()
    for part in name.split("."):
        found = found[part]
    return found


@functools.lru_cache(maxsize=1)
def categories() -> dict[str, dict[str, str]]:
    """Return the report categories by code: name, department and the rest of their line."""
    with (data_dir() / "report_categories.csv").open(encoding="utf-8", newline="") as lines:
        return {line["code"]: line for line in csv.DictReader(lines)}


def say(name: str, /, seed: str = "", **values: object) -> str:
    """Return the text `name` with `values` filled in; `seed` picks among variants."""
    found = entry(name)
    if isinstance(found, list):
        found = found[zlib.crc32(f"{name}{seed}".encode()) % len(found)]
    return str(found).strip().format(**values)
