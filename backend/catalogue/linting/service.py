"""查错 Looks everything in `data/` over; needs no server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from backend.catalogue.files import check, read_files, read_list
from backend.catalogue.linting.findings import Finding, Written
from backend.catalogue.linting.gaps import dead_links, missing
from backend.catalogue.linting.nearness import near_items
from backend.catalogue.linting.phrases import double_phrases, repeated_phrases, shadows
from backend.catalogue.model import contradictions

INTENTS = Path("training") / "intents"


def lint(data: Path, threshold: float) -> list[Finding]:
    """Return everything found in the catalogue's files, errors first; blocking.

    Args:
        data: the repository's `data/`.
        threshold: cosine from which two items are too near to each other.

    Raises:
        CatalogueError: a file is not YAML.
    """
    files = read_files(data)
    wrong = {name: list(check(data, name, content)) for name, content in files.items()}
    sound = {name: content for name, content in files.items() if not wrong[name]}
    listed = read_list(data / "items.csv")
    items = [_written(entry) for content in sound.values() for entry in content["items"]]
    intents = _intents(data)
    found = [
        *(Finding("file_wrong", True, (name,), {"what": line})
          for name, lines in wrong.items() for line in lines),
        *_contradictions({line.code: line for line in listed}, sound),
        *double_phrases(items, intents),
        *shadows(items),
        *dead_links(items, listed),
        *near_items(items, threshold),
        *repeated_phrases(items, intents),
        *missing(items, listed),
    ]  # fmt: skip
    return sorted(found, key=lambda finding: not finding.is_error)


def _contradictions(known: Any, files: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    for line in contradictions(known, files):
        file, _, what = line.partition(": ")
        yield Finding("contradiction", True, (file,), {"what": what})


def _written(entry: Mapping[str, Any]) -> Written:
    return Written(entry["code"], entry["name"], entry["aliases"], entry["questions"], entry)


def _intents(data: Path) -> dict[str, Sequence[str]]:
    """Return the training phrases by intent; one intent may stand in several files."""
    found: dict[str, list[str]] = {}
    for path in sorted((data / INTENTS).glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for block in content["nlu"]:
            lines = block.get("examples", "").splitlines()
            phrases = (line.removeprefix("- ").strip() for line in lines if line.startswith("- "))
            found.setdefault(block.get("intent", ""), []).extend(filter(None, phrases))
    found.pop("", None)
    return dict(found)
