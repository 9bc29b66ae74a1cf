"""Working days, office hours and deadlines (STANDARDS: 调休 included, each deadline names why)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import SHANGHAI
from backend.workdays import (
    Span,
    after_working_hours,
    deadline_after,
    working_days_within,
    working_hours_between,
)
from standards.working_days import is_working_day

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 10, 1), False),  # National Day
        (date(2025, 10, 8), False),  # its last day off in 2025
        (date(2025, 10, 11), True),  # a Saturday worked in exchange (调休)
        (date(2025, 9, 28), True),  # a Sunday worked in exchange
        (date(2026, 11, 21), False),  # an ordinary Saturday
        (date(2026, 11, 23), True),  # an ordinary Monday
    ],
)
def test_working_days_follow_the_state_council_s_calendar_with_make_up_days(
    day: date, works: bool
) -> None:
    assert is_working_day(day) is works


def test_a_year_without_a_calendar_falls_back_to_weekends_and_fixed_holidays() -> None:
    assert not is_working_day(date(2027, 1, 1))
    assert is_working_day(date(2027, 1, 4))
    assert not is_working_day(date(2027, 1, 9))
    assert not is_working_day(date(2027, 10, 1))


def test_the_day_of_the_start_is_not_counted_and_the_last_day_ends_with_business() -> None:
    deadline = deadline_after(5, [Span(date(2026, 11, 23))])
    assert deadline is not None
    assert deadline.at == at(2026, 11, 30, 17)
    assert not deadline.provisional


def test_a_deadline_over_the_national_holiday_counts_make_up_days() -> None:
    # 2025-09-30 start; off 1–8 October, work 9, 10 and Saturday 11 October.
    deadline = deadline_after(3, [Span(date(2025, 9, 30))])
    assert deadline is not None
    assert deadline.at.date() == date(2025, 10, 11)


def test_a_deadline_in_a_year_without_calendar_is_provisional() -> None:
    deadline = deadline_after(40, [Span(date(2026, 11, 23))])
    assert deadline is not None
    assert deadline.at.year == 2027
    assert deadline.provisional


def test_an_instant_item_is_due_the_same_working_day_or_the_next_one() -> None:
    monday = deadline_after(0, [Span(date(2026, 11, 23))])
    sunday = deadline_after(0, [Span(date(2026, 11, 22))])
    assert monday == sunday
    assert monday is not None
    assert monday.at == at(2026, 11, 23, 17)


def test_a_clock_that_stands_still_has_no_deadline() -> None:
    assert deadline_after(5, [Span(date(2026, 11, 23), date(2026, 11, 25))]) is None


def test_spans_of_one_clock_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="follow each other"):
        deadline_after(5, [Span(date(2026, 11, 23), date(2026, 11, 27)), Span(date(2026, 11, 25))])


@given(start=days, promised=st.integers(1, 60), run=st.integers(0, 40), rest=st.integers(0, 90))
def test_time_spent_returned_is_given_back_to_the_day(
    start: date, promised: int, run: int, rest: int
) -> None:
    stop = start + timedelta(days=run)
    again = stop + timedelta(days=rest)
    used = working_days_within([Span(start, stop)], stop)
    if used >= promised:
        return
    whole = deadline_after(promised, [Span(start, stop), Span(again)])
    remaining = deadline_after(promised - used, [Span(again)])
    assert whole is not None
    assert remaining is not None
    assert whole.at == remaining.at


@given(start=days, promised=st.integers(1, 90))
def test_a_deadline_is_a_working_day_and_exactly_the_promised_days_have_run_by_then(
    start: date, promised: int
) -> None:
    deadline = deadline_after(promised, [Span(start)])
    assert deadline is not None
    assert is_working_day(deadline.at.date())
    assert working_days_within([Span(start)], deadline.at.date()) == promised


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (at(2026, 11, 23, 9), 2, at(2026, 11, 23, 11)),
        (at(2026, 11, 23, 11), 2, at(2026, 11, 23, 14, 30)),  # over lunch
        (at(2026, 11, 23, 16), 4, at(2026, 11, 24, 12)),  # over night
        (at(2026, 11, 20, 16, 30), 1, at(2026, 11, 23, 9, 30)),  # over the weekend
        (at(2026, 11, 22, 3), 4, at(2026, 11, 23, 14, 30)),  # told on a Sunday night
    ],
)
def test_working_hours_count_office_hours_only(start: datetime, hours: int, due: datetime) -> None:
    assert after_working_hours(start, hours).at == due


@given(start=moments, hours=st.integers(1, 40))
def test_exactly_the_promised_office_hours_lie_before_the_due_time(
    start: datetime, hours: int
) -> None:
    due = after_working_hours(start, hours)
    assert working_hours_between(start, due.at) == timedelta(hours=hours)
