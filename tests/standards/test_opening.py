"""When halls are open: by their week, the State Council's calendar, and where it is not out."""

from __future__ import annotations

from datetime import date, time

import pytest

from standards.holidays import days_off, works_for
from standards.opening import Period, opening, week_of, week_of_words

MORNING, AFTERNOON = Period(time(9), time(12)), Period(time(13, 30), time(17))
WHOLE = (MORNING, AFTERNOON)
HALL = week_of([{"days": [1, 2, 3, 4, 5], "morning": "9:00–12:00", "afternoon": "13:30–17:00"}])
STATION = {**HALL, 6: (MORNING,)}


@pytest.mark.parametrize(
    ("day", "periods", "closed", "holiday", "provisional", "next_open"),
    [
        (date(2026, 11, 30), WHOLE, None, None, False, date(2026, 11, 30)),
        (date(2026, 12, 5), (), "weekday", None, False, date(2026, 12, 7)),
        (date(2026, 12, 6), (), "weekday", None, False, date(2026, 12, 7)),
        # National Day, its weekend, and the Saturday that is worked for it.
        (date(2026, 10, 1), (), "holiday", "国庆节", False, date(2026, 10, 8)),
        (date(2026, 10, 3), (), "holiday", "国庆节", False, date(2026, 10, 8)),
        (date(2026, 10, 10), WHOLE, None, "国庆节", False, date(2026, 10, 10)),
        (date(2026, 10, 11), (), "weekday", None, False, date(2026, 10, 12)),
        (date(2026, 2, 14), WHOLE, None, "春节", False, date(2026, 2, 14)),
        # 2027 is not out: what is off by law is certain, when it is over is not.
        (date(2027, 1, 1), (), "holiday", "元旦", True, date(2027, 1, 4)),
        (date(2027, 1, 4), WHOLE, None, None, True, date(2027, 1, 4)),
        (date(2027, 2, 6), (), "holiday", "春节", True, date(2027, 2, 9)),
        (date(2027, 6, 9), (), "holiday", "端午", True, date(2027, 6, 10)),
        (date(2027, 10, 10), (), "weekday", None, True, date(2027, 10, 11)),
    ],
)
def test_a_hall_is_open_on_working_days(day, periods, closed, holiday, provisional, next_open):
    kept = opening(HALL, day)
    assert (kept.periods, kept.closed, kept.holiday) == (periods, closed, holiday)
    assert (kept.provisional, kept.next_open) == (provisional, next_open)


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2026, 12, 5), (MORNING,)),
        (date(2026, 12, 6), ()),
        # A Saturday inside a holiday is closed, one worked for it is open all day.
        (date(2026, 10, 3), ()),
        (date(2026, 10, 10), WHOLE),
    ],
)
def test_a_station_with_saturdays_keeps_holidays_and_days_worked_for_them(day, periods):
    assert opening(STATION, day).periods == periods


@pytest.mark.parametrize(
    ("moment", "found"),
    [(time(9), MORNING), (time(12), None), (time(12, 30), None), (time(16, 59), AFTERNOON),
     (time(17), None), (time(8, 59), None)],
)  # fmt: skip
def test_a_time_of_day_lies_in_a_period_or_in_none(moment, found):
    assert opening(HALL, date(2026, 11, 30)).at(moment) == found


def test_a_hall_may_serve_until_the_end_of_the_day():
    week = week_of_words("每天 0:00–24:00")
    assert week == week_of([{"days": [1, 2, 3, 4, 5, 6, 7], "morning": "0:00–24:00"}])
    kept = opening(week, date(2026, 12, 5))
    assert [str(one) for one in kept.periods] == ["0:00–24:00"]
    assert kept.at(time(23, 59)) == kept.periods[0]


def test_a_hall_that_never_opens_has_no_next_day():
    assert opening({}, date(2026, 11, 30)).next_open is None


@pytest.mark.parametrize(
    ("hours", "week"),
    [
        ("周一至周五 9:00–12:00，13:30–17:00", HALL),
        ("工作日 9:00-12:00，13:30-17:00", HALL),
        ("9:00-12:00,13:30-17:00", HALL),
        ("周一至周五 9:00–12:00，13:30–17:00；周六 9:00–12:00", STATION),
        ("每天 9:00–12:00", dict.fromkeys(range(1, 8), (MORNING,))),
    ],
)
def test_hours_in_words_are_read_as_files_of_earlier_versions_have_them(hours, week):
    assert week_of_words(hours) == week


@pytest.mark.parametrize("hours", ["", "全天", "周一至周五", "周一至周五 9点到12点"])
def test_hours_that_cannot_be_read_are_refused(hours):
    with pytest.raises(ValueError, match="hours"):
        week_of_words(hours)


def test_a_holiday_is_told_with_its_weekends_and_the_days_worked_for_it():
    kept = days_off(date(2026, 10, 4))
    assert kept is not None
    assert (kept.name, kept.first, kept.last) == ("国庆节", date(2026, 10, 1), date(2026, 10, 7))
    assert kept.worked == (date(2026, 9, 20), date(2026, 10, 10))
    assert not kept.provisional
    unpublished = days_off(date(2027, 2, 6))
    assert unpublished is not None
    assert (unpublished.first, unpublished.last) == (date(2027, 2, 5), date(2027, 2, 8))
    assert unpublished.provisional
    alone = days_off(date(2027, 1, 1))
    assert alone is not None
    assert (alone.first, alone.last) == (date(2027, 1, 1), date(2027, 1, 1))
    assert works_for(date(2026, 11, 28)) is None
    assert days_off(date(2026, 11, 30)) is None
