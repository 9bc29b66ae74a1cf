"""Opens the sample accounts, whose passwords are replaced before any work."""

from __future__ import annotations

import asyncio
from functools import partial

from backend.db import Document, Transaction
from backend.events import SYSTEM
from backend.office import Inside, Office
from backend.staff import service
from backend.staff.samples import sample_accounts


async def seed_staff(office: Office) -> None:
    """Open the sample accounts that do not exist yet."""
    for entry in await asyncio.to_thread(sample_accounts, office.settings.data_dir):
        if not await service.by_username(office, entry["username"]):
            await office.transact(partial(_open, office, entry))


async def _open(office: Inside, entry: Document, tx: Transaction) -> None:
    roles = frozenset(entry["roles"])
    username, name, password = entry["username"], entry["name"], entry["password"]
    await service.create(office, tx, username, name, password, roles, SYSTEM, sample=True)
