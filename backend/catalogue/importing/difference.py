"""对比 What a list would add to the served version, change in it and take away."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.catalogue import store
from backend.catalogue.importing.examination import Examination
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.importing.spool import line_of
from backend.catalogue.model import Item
from backend.db import Database

# More of the served version gone than this share: the list may be a part of what the office has.
MOST_GONE = 0.1
NAMED = 5


@dataclass(slots=True)
class Names:
    """How many items, and the first of their names."""

    count: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        """Count an item."""
        self.count += 1
        if len(self.first) < NAMED:
            self.first.append(name)


@dataclass(slots=True)
class Difference:
    """对比 A list beside the served version; items are told by their codes.

    Attributes:
        served: how many items the served version has.
    """

    served: int = 0
    added: Names = field(default_factory=Names)
    changed: Names = field(default_factory=Names)
    gone: Names = field(default_factory=Names)

    def refuse_if_much_is_gone(self) -> None:
        """Let a list through that takes little away.

        Raises:
            ImportRefusedError: more than a tenth of the served version would be gone.
        """
        if self.gone.count > MOST_GONE * self.served:
            raise ImportRefusedError("too_many_gone", gone=self.gone.count, served=self.served)


async def compare(
    database: Database, examination: Examination, jurisdiction: str | None = None
) -> Difference:
    """对比 Compare an examined list with what its jurisdiction is served now.

    Args:
        database: the office's.
        examination: the list.
        jurisdiction: whose list it is; None for this district.
    """
    served = await store.current(database, jurisdiction)
    known: dict[str, tuple[str, bytes]] = {}
    if served is not None:
        async for item in store.whole_items(database, str(served["digest"])):
            known[item["code"]] = (item["name"], _print_of(bare(item)))
    return await asyncio.to_thread(lambda: _compare(known, examination.spool.items()))


def bare(item: Item) -> Item:
    """Return an item without what belongs to its place in the database."""
    return {key: value for key, value in item.items() if key not in {"_id", "digest"}}


def _compare(known: dict[str, tuple[str, bytes]], items: Iterable[Item]) -> Difference:
    found, left = Difference(served=len(known)), dict(known)
    for item in items:
        before = left.pop(item["code"], None)
        if before is None:
            found.added.add(item["name"])
        elif before[1] != _print_of(item):
            found.changed.add(item["name"])
    for name, _ in left.values():
        found.gone.add(name)
    return found


def _print_of(item: Item) -> bytes:
    return hashlib.sha256(line_of(item).encode()).digest()
