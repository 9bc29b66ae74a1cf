"""Due times of the category list: h and d are real time, wh and wd working time (STANDARDS)."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from backend.clock import SHANGHAI
from backend.reports.categories import read_categories
from backend.reports.limits import Priority, accept_by, due, is_limit

DATA = Path(__file__).resolve().parents[3] / "data"
FRIDAY = datetime(2026, 11, 20, 16, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("2h", datetime(2026, 11, 20, 18, 0, tzinfo=SHANGHAI)),
        ("1d", datetime(2026, 11, 21, 16, 0, tzinfo=SHANGHAI)),
        ("2wh", datetime(2026, 11, 23, 10, 0, tzinfo=SHANGHAI)),
        ("1wd", datetime(2026, 11, 23, 17, 0, tzinfo=SHANGHAI)),
        ("5wd", datetime(2026, 11, 27, 17, 0, tzinfo=SHANGHAI)),
    ],
)
def test_a_limit_counts_real_or_working_time(limit: str, expected: datetime) -> None:
    assert due(limit, FRIDAY).at == expected


def test_a_limit_told_in_another_time_zone_counts_the_days_of_the_office() -> None:
    from datetime import UTC

    sunday_night_in_utc = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # Monday 01:00 in Shanghai
    assert due("1wd", sunday_night_in_utc).at == datetime(2026, 11, 24, 17, tzinfo=SHANGHAI)


@pytest.mark.parametrize("limit", ["", "0h", "2", "h", "2w", "2wd ", "-1h", "1.5h", "１h"])
def test_nonsense_is_no_limit(limit: str) -> None:
    assert not is_limit(limit)
    with pytest.raises(ValueError, match="not a time limit"):
        due(limit, FRIDAY)


def test_life_is_taken_on_in_fifteen_minutes_utilities_in_thirty_else_one_working_day() -> None:
    assert accept_by(Priority.URGENT, "E503", FRIDAY).at == FRIDAY + timedelta(minutes=15)
    assert accept_by(Priority.HIGH, "C202", FRIDAY).at == FRIDAY + timedelta(minutes=30)
    assert accept_by(Priority.NORMAL, "E101", FRIDAY).at.day == 23
    assert accept_by(Priority.NORMAL, None, FRIDAY).at.day == 23


def test_every_category_of_the_list_has_a_department_and_a_limit_that_can_be_counted() -> None:
    categories = read_categories(DATA / "report_categories.csv")
    assert len(categories) == 73
    for category in categories.values():
        assert category.department
        assert due(category.time_limit, FRIDAY).at > FRIDAY
