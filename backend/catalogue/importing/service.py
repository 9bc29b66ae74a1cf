"""导入 Use cases of the catalogue's versions: bring a list in, write one out, roll back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from backend.catalogue import store
from backend.catalogue.importing.difference import bare, compare
from backend.catalogue.importing.examination import Examination
from backend.catalogue.importing.faults import ImportRefusedError
from backend.catalogue.importing.spool import Spool
from backend.catalogue.importing.writers import write_file
from backend.catalogue.model import Item
from backend.catalogue.service import import_files
from backend.db import Document, Transaction
from backend.events import SYSTEM, Event, Who, emit
from backend.office import Inside, Office

BATCH = 500
# The word that stands for the catalogue in `data/` where a version is asked for.
FILES = "data"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a version came from, as the list of versions tells it."""

    file: str
    profile: str
    jurisdiction: str | None = None


async def bring_in(
    office: Office,
    examination: Examination,
    origin: Origin,
    *,
    who: Who = SYSTEM,
    replace: bool = False,
) -> str:
    """导入 Lay an examined list beside the others and serve it; return its version's label.

    Nobody sees an item of it before all lie there: one write makes the version the served one.

    Args:
        office: whose catalogue.
        examination: the list.
        origin: where it came from.
        who: whoever brings it in.
        replace: serve it although more than a tenth of the served version would be gone.

    Raises:
        ImportRefusedError: the list is not fit to be served, takes away too much, or its items
            did not all arrive.
    """
    examination.refuse_if_unfit()
    if not replace:
        found = await compare(office.database, examination, origin.jurisdiction)
        found.refuse_if_much_is_gone()
    digest, report = examination.digest, examination.report
    if await store.known(office.database, digest) is None:
        try:
            await _lay_beside(office, examination)
        except BaseException:
            await store.drop_items(office.database, digest)
            raise
    summary: Document = {"items": report.accepted, "complete": report.complete}
    summary |= {"file": origin.file, "profile": origin.profile, "by": who.id}

    async def switch(tx: Transaction) -> str:
        if await store.count_items(office.database, tx, digest) != report.accepted:
            raise ImportRefusedError("items_missing")
        label = await store.switch(
            office.database,
            tx,
            digest,
            summary,
            office.clock.now(),
            jurisdiction=origin.jurisdiction,
            pinned=True,
        )
        await _note(office, tx, label, who)
        return label

    return await office.transact(switch)


async def write_out(
    office: Office, path: Path, label: str | None = None, jurisdiction: str | None = None
) -> int:
    """导出 Write a version to a file; return how many items it has.

    Args:
        office: whose catalogue.
        path: `.jsonl`, `.csv` or `.xlsx`.
        label: the version; None for the one that is served.
        jurisdiction: whose served version; None for this district.

    Raises:
        ImportRefusedError: there is no such version, or the file cannot hold it.
    """
    version = (
        await _version(office, label)
        if label is not None
        else await store.current(office.database, jurisdiction)
    )
    if version is None:
        raise ImportRefusedError("nothing_served", jurisdiction=jurisdiction or "")
    count, spool = 0, await asyncio.to_thread(Spool)
    try:
        async for batch in _batches(store.whole_items(office.database, _digest(version))):
            await asyncio.to_thread(spool.add, map(bare, batch))
            count += len(batch)
        await asyncio.to_thread(lambda: write_file(path, spool.items()))
    finally:
        await asyncio.to_thread(spool.close)
    return count


async def roll_back(office: Office, label: str, who: Who = SYSTEM) -> str:
    """回退 Serve another version again, for its jurisdiction; return its label.

    It stays until somebody chooses another. The label `data` stands for what lies in `data/`,
    which is followed from then on.

    Raises:
        ImportRefusedError: no version has this label.
    """
    if label == FILES:
        return await import_files(office, follow=True)
    version = await _version(office, label)

    async def switch(tx: Transaction) -> str:
        served = await store.switch(
            office.database,
            tx,
            _digest(version),
            {},
            office.clock.now(),
            jurisdiction=version.get("jurisdiction"),
            pinned=True,
        )
        await _note(office, tx, served, who)
        return served

    return await office.transact(switch)


async def versions(office: Office) -> list[Document]:
    """Return every version, newest first, each with `served`: whether it is served now."""
    known = await store.versions(office.database)
    owners = {version.get("jurisdiction") for version in known}
    served = [await store.current(office.database, owner) for owner in owners]
    digests = {_digest(current) for current in served if current is not None}
    return [{**version, "served": version["_id"] in digests} for version in known]


async def _version(office: Office, label: str) -> Document:
    version = await store.version(office.database, label)
    if version is None:
        raise ImportRefusedError("version_unknown", version=label)
    return version


def _digest(version: Document) -> str:
    """The served version's document names its digest; a version's document is named by it."""
    return str(version.get("digest") or version["_id"])


async def _note(office: Inside, tx: Transaction, label: str, who: Who) -> None:
    """Write down who made a version the served one, and when."""
    event = Event("catalogue", label, "catalogue.served", who, office.clock.now())
    await emit(office.database, tx, event)


async def _lay_beside(office: Office, examination: Examination) -> None:
    items = await asyncio.to_thread(examination.spool.items)
    while batch := await asyncio.to_thread(_next_batch, items):
        await store.put_items(office.database, examination.digest, batch)


def _next_batch(items: Iterator[Item]) -> list[Item]:
    return list(islice(items, BATCH))


async def _batches(items: AsyncIterator[Item]) -> AsyncIterator[list[Item]]:
    batch: list[Item] = []
    async for item in items:
        batch.append(item)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
