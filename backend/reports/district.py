"""区情 What reports need to know of the district: its categories, its grid, its units."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from backend.errors import InvalidError
from backend.office import Inside
from backend.reports.categories import Category, read_categories
from backend.reports.grid import Grid
from backend.reports.limits import UNSORTED_LIMIT, URGENT_LIMIT, Priority, accept_by, due
from backend.reports.record import Sorting


@dataclass(frozen=True)
class District:
    """区情 Categories by code, the grid, and the names of all units a report can be sent to."""

    categories: dict[str, Category]
    grid: Grid
    units: tuple[str, ...]

    def sort(self, code: str | None, at: datetime, *, danger: bool = False) -> Sorting:
        """分类 Return what a category makes of a report registered at `at`.

        Somebody in danger is urgent whatever the category; a category that is urgent itself
        keeps its own limit.

        Raises:
            InvalidError: there is no such category.
        """
        if code is None:
            limit = URGENT_LIMIT if danger else UNSORTED_LIMIT
            return _sorting(None, Priority.URGENT if danger else Priority.NORMAL, limit, at)
        category = self.categories.get(code.strip().upper())
        if category is None:
            raise InvalidError("report.category_unknown")
        if danger and category.priority is not Priority.URGENT:
            return _sorting(category, Priority.URGENT, URGENT_LIMIT, at)
        return _sorting(category, category.priority, category.time_limit, at)


async def district(office: Inside) -> District:
    """Return the district, read from `data/` the first time, off the event loop."""
    return await asyncio.to_thread(_read, office.settings.data_dir)


@lru_cache(maxsize=4)
def _read(data: Path) -> District:
    categories = read_categories(data / "report_categories.csv")
    grid = Grid.read(data / "grid" / "yunxi.geojson")
    names = [category.department for category in categories.values()]
    names += [name for cell in grid.cells for name in (cell.street, cell.community)]
    return District(categories, grid, tuple(dict.fromkeys([*names, grid.centre])))


def _sorting(category: Category | None, priority: Priority, limit: str, at: datetime) -> Sorting:
    deadline = due(limit, at)
    code = category.code if category else None
    return Sorting(
        category=code,
        name=category.name if category else None,
        department=category.department if category else None,
        priority=priority,
        due_at=deadline.at,
        due_provisional=deadline.provisional,
        accept_by=accept_by(priority, code, at).at,
    )
