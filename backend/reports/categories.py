"""诉求分类 The category list: what a code means, who handles it, how urgent it is."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from backend.reports.limits import Priority, is_limit


@dataclass(frozen=True)
class Category:
    """诉求类别 One line of `report_categories.csv`; `time_limit` such as 2h, 1d, 4wh or 5wd."""

    code: str
    kind: str
    group: str
    name: str
    department: str
    priority: Priority
    time_limit: str


def read_categories(path: Path) -> dict[str, Category]:
    """Return the categories by code.

    Raises:
        ValueError: a code stands twice, or a line has an unknown priority or limit.
    """
    categories: dict[str, Category] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            category = Category(
                code=line["code"],
                kind=line["kind"],
                group=line["class"],
                name=line["name"],
                department=line["department"],
                priority=Priority(line["priority"]),
                time_limit=line["time_limit"],
            )
            if category.code in categories or not is_limit(category.time_limit):
                raise ValueError(f"{path.name}: {category.code}")
            categories[category.code] = category
    return categories
