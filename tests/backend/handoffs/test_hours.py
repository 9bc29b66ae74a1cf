"""接待时间: when people answer, and how three minutes of it go by."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st

from backend.app import create_app
from backend.clock import SHANGHAI
from backend.handoffs.hours import after, is_open, next_closing, next_opening, read_hours
from backend.settings import SettingsError, load_settings

HALL = read_hours("周一至周五 9:00–12:00，13:30–17:00")
ALWAYS = read_hours("daily 0:00-24:00")
THREE = timedelta(minutes=3)
moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31)).map(
    lambda moment: moment.replace(tzinfo=SHANGHAI)
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment in November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(23, 9), at(23, 9)),
        (at(23, 11, 59), at(23, 11, 59)),
        (at(23, 12), at(23, 13, 30)),
        (at(23, 8, 4), at(23, 9)),
        (at(23, 17), at(24, 9)),
        (at(22, 22), at(23, 9)),  # Sunday night
        (at(20, 17, 1), at(23, 9)),  # Friday after work
        (datetime(2026, 10, 1, 10, tzinfo=SHANGHAI), datetime(2026, 10, 8, 9, tzinfo=SHANGHAI)),
        (
            datetime(2025, 9, 28, 10, tzinfo=SHANGHAI),
            datetime(2025, 9, 28, 10, tzinfo=SHANGHAI),
        ),  # a Sunday worked in exchange (调休)
    ],
)
def test_the_desk_opens_with_the_hall_on_working_days(moment, opens):
    assert next_opening(HALL, moment) == opens
    assert is_open(HALL, moment) == (moment == opens)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (at(23, 9), at(23, 9, 3)),
        (at(22, 22), at(23, 9, 3)),
        (at(23, 11, 58), at(23, 13, 31)),
        (at(23, 16, 57), at(23, 17)),
        (at(20, 16, 59), at(23, 9, 2)),
    ],
)
def test_three_minutes_are_counted_in_staffed_time(moment, due):
    assert after(HALL, moment, THREE) == due


def test_hours_may_be_those_of_every_day():
    sunday = at(22, 23, 59)
    assert is_open(ALWAYS, sunday)
    assert after(ALWAYS, sunday, THREE) == at(23, 0, 2)
    assert is_open(read_hours("每天 8:00-20:00"), at(22, 19))


@pytest.mark.parametrize(
    "text",
    ["", "总是", "9-12", "9:00-12:00 以外", "12:00-9:00", "9:00-25:00", "9:00-12:00,11:00-17:00"],
)
def test_what_are_no_hours_is_refused(text):
    with pytest.raises(ValueError, match="hours"):
        read_hours(text)


@given(moments, st.integers(0, 7200), st.integers(0, 7200))
def test_staffed_time_adds_up_and_never_runs_backwards(moment, one, other):
    first, second = timedelta(seconds=one), timedelta(seconds=other)
    assert after(HALL, moment, first) >= moment
    whole, pieces = after(HALL, moment, first + second), after(
        HALL, after(HALL, moment, first), second
    )  # fmt: skip
    # At the very end of a stretch two moments are one: closing, and the next opening.
    assert next_opening(HALL, whole) == next_opening(HALL, pieces)


def test_the_desk_closes_at_noon_and_in_the_evening():
    assert next_closing(HALL, at(23, 9)) == at(23, 12)
    assert next_closing(HALL, at(23, 12)) == at(23, 17)
    assert next_closing(HALL, at(20, 17)) == at(23, 12)


def test_hours_that_nobody_can_read_are_refused_at_the_start(settings):
    environment = {name.upper(): str(value) for name, value in settings.model_dump().items()}
    with pytest.raises(SettingsError, match="DESK_HOURS"):
        load_settings(environment | {"DESK_HOURS": "whenever"})


@pytest.fixture
def unclear(settings, tmp_path):
    """An office whose hall is open when the sun shines, without and with hours of its desk."""
    for source in settings.data_dir.iterdir():
        (tmp_path / source.name).symlink_to(source)
    offices = tmp_path / "offices.yml"
    text = offices.read_text(encoding="utf-8")
    offices.unlink()
    offices.write_text(text.replace("周一至周五 9:00", "天晴时 9:00"), encoding="utf-8")
    without = settings.model_copy(update={"data_dir": tmp_path})
    return create_app(without), create_app(
        without.model_copy(update={"desk_hours": "daily 8:00-20:00"})
    )


async def test_an_office_whose_hall_tells_no_hours_asks_for_the_setting(unclear):
    without, told = unclear
    with pytest.raises(SettingsError, match="DESK_HOURS"):
        async with TestServer(without):
            pass
    async with TestServer(told) as server:
        assert server.started
