"""大厅 Use cases of offices: read the list, and tell which phones are public."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path

import yaml

from backend.catalogue import service as catalogue
from backend.office import Inside, Office
from backend.offices.model import Hall
from backend.privacy import PublicNumbers


async def halls(office: Inside) -> tuple[Hall, ...]:
    """Return all places where citizens are served."""
    return await asyncio.to_thread(_read, office.settings.data_dir / "offices.yml")


async def public_numbers(office: Office) -> PublicNumbers:
    """公开电话 Return the numbers that staff see in clear: halls', departments' and hotlines."""
    doors = frozenset(hall.phone for hall in await halls(office))
    return _spelled(doors | await catalogue.phones(office))


@lru_cache(maxsize=4)
def _spelled(numbers: frozenset[str]) -> PublicNumbers:
    return PublicNumbers(numbers)


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[Hall, ...]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Hall.model_validate(entry) for entry in content["offices"])
