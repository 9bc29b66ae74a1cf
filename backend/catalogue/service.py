"""事项 Use cases of the catalogue: import a version, look an item up, list and search."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from backend.catalogue import store
from backend.catalogue.files import digest_of, read_catalogue
from backend.catalogue.model import Item, matches
from backend.db import Document, Transaction
from backend.errors import NotFoundError, UnavailableError
from backend.office import Inside, Office


async def import_files(office: Office, *, follow: bool = False) -> str:
    """Serve what stands in `data/`, as a new version if it changed; return the version's label.

    A version somebody chose (an office's own list, an earlier one) stays until `follow` is asked.

    Raises:
        CatalogueError: the files are wrong; the version served before stays.
    """
    data = office.settings.data_dir
    digest = await asyncio.to_thread(digest_of, data)
    served = await store.current(office.database)
    if served is not None and _stays(served, digest, follow=follow):
        return str(served["version"])
    items = await asyncio.to_thread(read_catalogue, data, digest)
    await store.put_items(office.database, digest, items)
    complete = sum(item["status"] == "complete" for item in items)
    summary = {"items": len(items), "complete": complete}

    async def switch(tx: Transaction) -> str:
        return await store.switch(office.database, tx, digest, summary, office.clock.now())

    return await office.transact(switch)


async def get_item(office: Inside, code: str) -> Item:
    """办事指南 Return one item of the version that is served.

    Raises:
        NotFoundError: no item has this code.
    """
    served = await _served(office)
    item = await store.item(office.database, served["digest"], code.strip().upper())
    if item is None:
        raise NotFoundError("catalogue.item_not_found")
    return {**item, "version": served["version"]}


async def get_items(office: Office, codes: Sequence[str]) -> list[Item]:
    """办事指南 Return several items of the version that is served, without those nobody knows.

    Args:
        office: the office.
        codes: of the items, in the order wanted; one named twice comes once.
    """
    served = await _served(office)
    wanted = list(dict.fromkeys(code.strip().upper() for code in codes))
    found = await store.items_of(office.database, served["digest"], wanted)
    return [{**item, "version": served["version"]} for item in found]


async def list_items(
    office: Office, department: str | None, query: str | None, limit: int
) -> list[Item]:
    """Return items by code, those of `department` whose name or alias contains `query`."""
    served = await _served(office)
    listed: list[Item] = []
    async for item in store.items(office.database, served["digest"], department):
        if query is None or matches(item, query):
            listed.append(item)
        if len(listed) == limit:
            break
    return listed


async def phones(office: Office) -> frozenset[str]:
    """公开电话 Return the departments' phones; none while no catalogue is served."""
    served = await store.current(office.database)
    if served is None:
        return frozenset()
    known = office.phones.get(served["digest"])
    if known is None:
        known = await store.phones(office.database, served["digest"])
        office.phones.keep(served["digest"], known)
    return known


async def list_versions(office: Office) -> tuple[str, list[Document]]:
    """Return the label of the version that is served, and all of them."""
    served = await _served(office)
    return str(served["version"]), await store.versions(office.database)


def _stays(served: Document, digest: str, *, follow: bool) -> bool:
    """A version somebody chose stays until `follow` is asked, another one while the files do."""
    return not follow if served.get("pinned") else served["digest"] == digest


async def _served(office: Inside) -> Document:
    served = await store.current(office.database)
    if served is None:
        raise UnavailableError("catalogue.not_imported")
    return served
