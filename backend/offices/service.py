"""大厅 Use case of offices: read the list."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path

import yaml

from backend.office import Office
from backend.offices.model import Hall


async def halls(office: Office) -> tuple[Hall, ...]:
    """Return all places where citizens are served."""
    return await asyncio.to_thread(_read, office.settings.data_dir / "offices.yml")


@lru_cache(maxsize=4)
def _read(path: Path) -> tuple[Hall, ...]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Hall.model_validate(entry) for entry in content["offices"])
