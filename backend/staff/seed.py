"""Sample accounts from `data/seed/staff.yml`."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import yaml

from backend.db import Document, Transaction
from backend.events import SYSTEM
from backend.office import Office
from backend.staff import service


def sample_accounts(data_dir: Path) -> list[Document]:
    """Return the sample accounts as their file has them: username, name, password, roles."""
    content = (data_dir / "seed" / "staff.yml").read_text(encoding="utf-8")
    accounts: list[Document] = yaml.safe_load(content)["staff"]
    return accounts


async def seed_staff(office: Office) -> None:
    """Open the sample accounts that do not exist yet."""
    for entry in await asyncio.to_thread(sample_accounts, office.settings.data_dir):
        if not await service.by_username(office, entry["username"]):
            await office.transact(partial(_open, office, entry))


async def _open(office: Office, entry: Document, tx: Transaction) -> None:
    roles = frozenset(entry["roles"])
    username, name, password = entry["username"], entry["name"], entry["password"]
    await service.create(
        office, tx, username, name, password, roles, SYSTEM, given=False, sample=True
    )
