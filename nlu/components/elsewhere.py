"""不在这里办 What other bodies do, learnt beside the items so that it is told apart from them."""

from __future__ import annotations

from pathlib import Path

from components.catalogue import Item
from components.project_files import elsewhere_file
from components.yaml_files import read_yaml

_SIGN = "elsewhere."
"""Begins a label of what is done elsewhere; no item's code is written in small letters."""


def known_elsewhere() -> list[Item]:
    """Read what is done elsewhere, each with its label for a code."""
    return read_elsewhere(elsewhere_file())


def read_elsewhere(path: Path) -> list[Item]:
    """Read the entries of a file; none where an office keeps no such file."""
    entries = read_yaml(path) if path.is_file() else {}
    return [
        Item(
            code=_SIGN + key,
            name=entry["name"],
            department=entry["who"],
            mode="guide",
            aliases=tuple(entry["aliases"]),
            questions=tuple(entry["questions"]),
        )
        for key, entry in entries.items()
    ]


def key_of(label: str) -> str | None:
    """Return the key of an entry by its label; None where the label is an item's code."""
    return label.removeprefix(_SIGN) if label.startswith(_SIGN) else None
