"""Numbers and identifiers: gap-free counters, case and report numbers, random ids."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from backend.clock import local
from backend.db import Database, Indexes, Transaction

INDEXES: Indexes = {"counters": []}

CASE = "BJ"
REPORT = "GD"
PERSONAL = "GX"

_SEPARATORS = re.compile(r"[\s\-_—－·.]+")
_NUMBER = re.compile(r"(BJ|GD|GX)\d{13}")
_WITHIN = re.compile(r"(?:BJ|GD)(?:[\s\-_—－·.]{0,2}\d){13}(?!\d)", re.IGNORECASE)


def new_id() -> str:
    """Return a random identifier of 24 URL-safe characters that nobody can guess."""
    return secrets.token_hex(12)


async def count(database: Database, tx: Transaction, name: str) -> int:
    """Return the next value of counter `name`, from 1.

    Inside a transaction: two that count at once conflict, so values are committed in order and
    without gaps.
    """
    counters = database["counters"]
    # No findAndModify: the embedded server looks through the whole collection for it.
    query, counted = {"_id": name}, {"$inc": {"value": 1}}
    await counters.update_one(query, counted, upsert=True, session=tx.session)
    counter = await counters.find_one(query, session=tx.session)
    assert counter is not None, "just written in the same transaction"
    return int(counter["value"])


async def counted(database: Database, name: str, tx: Transaction | None = None) -> int:
    """Return the last value that counter `name` gave; 0 before the first."""
    session = tx.session if tx else None
    counter = await database["counters"].find_one({"_id": name}, session=session)
    return int(counter["value"]) if counter else 0


async def next_number(database: Database, tx: Transaction, kind: str, at: datetime) -> str:
    """Return the day's next number of `kind` (such as `CASE`), such as BJ2026112200001."""
    day = local(at).strftime("%Y%m%d")
    return f"{kind}{day}{await count(database, tx, f'number:{kind}:{day}'):05d}"


def numbers_in(text: str) -> list[str]:
    """Return the case and report numbers that stand in a text, as the office writes them."""
    return [_SEPARATORS.sub("", found[0]).upper() for found in _WITHIN.finditer(text)]


def normalise_number(text: str) -> str | None:
    """Return a number as the office writes it, or None; spaces, hyphens and case do not matter."""
    plain = _SEPARATORS.sub("", text).upper()
    return plain if _NUMBER.fullmatch(plain) else None
