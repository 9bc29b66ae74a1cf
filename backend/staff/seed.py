"""Sample accounts from `data/seed/staff.yml`."""

from __future__ import annotations

import asyncio
from functools import partial

import yaml

from backend.db import Document, Transaction
from backend.events import SYSTEM
from backend.office import Office
from backend.staff import service


async def seed_staff(office: Office) -> None:
    """Open the sample accounts that do not exist yet."""
    path = office.settings.data_dir / "seed" / "staff.yml"
    content = yaml.safe_load(await asyncio.to_thread(path.read_text, encoding="utf-8"))
    for entry in content["staff"]:
        if not await service.has_account(office, entry["username"]):
            await office.transact(partial(_open, office, entry))


async def _open(office: Office, entry: Document, tx: Transaction) -> None:
    roles = frozenset(entry["roles"])
    await service.create(
        office, tx, entry["username"], entry["name"], entry["password"], roles, SYSTEM
    )
