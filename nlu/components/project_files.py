"""Where the ear finds the project's data while it is trained."""

from __future__ import annotations

import os
from pathlib import Path


def data_folder() -> Path:
    """Give the repository's data folder, or the one DATA_DIR names."""
    return Path(os.environ.get("DATA_DIR") or Path(__file__).resolve().parents[2] / "data")


def dictionary_folder() -> Path:
    """Give the folder of word lists."""
    return data_folder() / "dictionaries"


def lexicon_file() -> Path:
    """Give the dialogue's lexicon, which lists the surnames."""
    return data_folder() / "dialogue" / "words.yml"


def elsewhere_file() -> Path:
    """Give the file of what other bodies do."""
    return data_folder() / "elsewhere.yml"


def published_file() -> Path | None:
    """Give the export of the published catalogue, if there is one.

    It is `published.jsonl` in the data folder, or the file PUBLISHED_CATALOGUE names.
    """
    named = os.environ.get("PUBLISHED_CATALOGUE")
    path = Path(named) if named else data_folder() / "published.jsonl"
    return path if named or path.is_file() else None


def catalogue_files() -> list[Path]:
    """List every file the items, and what is done elsewhere, are read from.

    An office need not say what is done elsewhere; an export that is named must be there.
    """
    elsewhere, published = elsewhere_file(), published_file()
    return [
        data_folder() / "items.csv",
        *sorted((data_folder() / "catalogue").glob("*.yaml")),
        *([elsewhere] if elsewhere.is_file() else []),
        *([published] if published else []),
    ]
