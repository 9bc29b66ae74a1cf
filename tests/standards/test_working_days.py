"""Working days by the State Council's calendar, and in years for which it is not out."""

from __future__ import annotations

from datetime import date

from standards.working_days import (
    is_published,
    is_working_day,
    working_day_after,
    working_day_before,
)


def test_a_day_says_whether_offices_work_on_it() -> None:
    assert not is_working_day(date(2026, 11, 22))
    # A Saturday worked for the National Day holiday (调休).
    assert is_working_day(date(2026, 10, 10))
    assert not is_working_day(date(2026, 10, 1))


def test_a_year_whose_calendar_is_not_out_is_counted_by_weekends_and_fixed_holidays() -> None:
    unpublished = date(2099, 1, 1)
    assert not is_published(unpublished)
    assert not is_working_day(unpublished)
    assert working_day_after(unpublished, 1) == date(2099, 1, 2)


def test_working_days_are_counted_back_as_they_are_counted_on() -> None:
    friday, end = date(2026, 11, 27), date(2026, 12, 18)
    assert working_day_before(end, 15) == friday
    assert working_day_after(friday, 15) == end
    # Over the National Day holiday and the Saturday that is worked for it.
    assert working_day_before(date(2026, 10, 12), 2) == date(2026, 10, 9)
