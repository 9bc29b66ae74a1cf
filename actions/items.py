"""事项 Items as the catalogue tells them, each asked for once as long as its version is served."""

from __future__ import annotations

import asyncio
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from actions import office
from actions.office import BackendRefusedError

Item = dict[str, Any]

SURE_SECONDS = 1.0
"""How long it is not asked again which version is served; a new one is told that much later."""
REMEMBERED = 1_000
"""Items kept in memory, some ten kilobytes each."""


class Shelf:
    """The items of the version that is served, as far as they have been asked for.

    Nobody changes an item that was taken from here: all turns get the same one.

    Args:
        clock: seconds that only go forward.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._version = ""
        self._sure_until = clock()
        self._items: OrderedDict[str, Item] = OrderedDict()

    async def item(self, code: str) -> Item | None:
        """Return an item; None when it is not (or no longer) in the catalogue.

        Raises:
            BackendUnavailableError: the office does not answer.
        """
        version = await self._served()
        item = self._items.get(code)
        if item is None or item["version"] != version:
            item = await _asked_for(code)
            if item is None:
                return None
            self._items[code] = item
        self._items.move_to_end(code)
        if len(self._items) > REMEMBERED:
            self._items.popitem(last=False)
        return item

    async def _served(self) -> str:
        """Return the version that is served, or was a moment ago."""
        asked_at = self._clock()
        if asked_at >= self._sure_until:
            self._version = str((await office.get("/catalogue/versions"))["current"])
            self._sure_until = asked_at + SURE_SECONDS
        return self._version


_shelves: weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Shelf] = weakref.WeakKeyDictionary()


async def item_of(code: str) -> Item | None:
    """Return the item from the catalogue; None when it is not (or no longer) there.

    Raises:
        BackendUnavailableError: the office does not answer.
    """
    shelf = _shelves.setdefault(asyncio.get_running_loop(), Shelf())
    return await shelf.item(code)


async def _asked_for(code: str) -> Item | None:
    """Ask the office for an item."""
    try:
        return await office.get(f"/catalogue/items/{code}")
    except BackendRefusedError as refused:
        if refused.is_absent:
            return None
        raise
