"""Fixtures of the catalogue's tests, which write what all other tests only read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def mongo_database(mongo_database: str, furnished: tuple[Any, Any]) -> Iterator[str]:
    """Name of a database without a catalogue; the next office to open imports its own."""
    database, _ = furnished

    def clear() -> None:
        for name in ("catalogue_items", "catalogue_versions"):
            database[name].delete_many({})

    clear()
    yield mongo_database
    clear()
