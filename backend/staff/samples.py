"""样例账号 The accounts of `data/seed/staff.yml`, whose passwords everybody can read."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from pathlib import Path

import yaml

from backend.db import Document


def sample_accounts(data_dir: Path) -> list[Document]:
    """Return the sample accounts as their file has them: username, name, password, roles."""
    content = (data_dir / "seed" / "staff.yml").read_text(encoding="utf-8")
    accounts: list[Document] = yaml.safe_load(content)["staff"]
    return accounts


async def is_published(data_dir: Path, password: str) -> bool:
    """Tell whether a password stands in the sample, whoever's account it opens."""
    return password in await asyncio.to_thread(_published, data_dir)


@lru_cache(maxsize=1)
def _published(data_dir: Path) -> frozenset[str]:
    """Return the sample's passwords; none where an office has removed the file."""
    try:
        return frozenset(account["password"] for account in sample_accounts(data_dir))
    except FileNotFoundError:
        return frozenset()
