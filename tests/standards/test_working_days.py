"""Working days by the State Council's calendar, and in years for which it is not out."""

from __future__ import annotations

from datetime import date

from standards.working_days import is_published, is_working_day, working_day_after


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
