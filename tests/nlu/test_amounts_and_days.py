"""Amounts, days and times of day, read by rule from what people say."""

from __future__ import annotations

from datetime import date

import pytest
from components.dates import find_dates
from components.money import find_money
from components.spans import Span
from components.times import find_times
from components.working_days import is_published, is_working_day, working_day_after
from hypothesis import given
from hypothesis import strategies as st

SUNDAY = date(2026, 11, 22)


def values(spans: list[Span]) -> list[str]:
    return [span.value for span in spans]


@pytest.mark.parametrize(
    ("said", "yuan"),
    [
        ("三百块", "300"),
        ("1.2万元", "12000"),
        ("补贴两万五", "25000"),
        ("罚款三百五", "350"),
        ("三块五", "3.5"),
        ("两块半", "2.5"),
        ("3元5角2分", "3.52"),
        ("五毛钱", "0.5"),
        ("八分钱", "0.08"),
        ("一块钱", "1"),
        ("一百来块钱", "100"),
        ("交了200多块", "200"),
        ("￥300", "300"),
        ("1,200元", "1200"),
        ("９００元", "900"),
        ("一千零五塊", "1005"),
        ("存款5万", "50000"),
        ("二十万贷款", "200000"),
    ],
)
def test_an_amount_is_read_in_yuan(said: str, yuan: str) -> None:
    assert values(find_money(said)) == [yuan]


@pytest.mark.parametrize(
    "said",
    ["一块去办", "三块地", "三块牌子", "几百块", "好几千块", "5万人", "8分钟", "3单元", "十元旦"],
)
def test_what_counts_other_things_is_no_amount(said: str) -> None:
    assert find_money(said) == []


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("下周三上午", "2026-11-25"),
        ("后天下午三点", "2026-11-24"),
        ("大前天", "2026-11-19"),
        ("10月8号", "2026-10-08"),
        ("十月八号丢的", "2026-10-08"),
        ("1月5号", "2027-01-05"),
        ("去年5月1号", "2025-05-01"),
        ("2026-10-08", "2026-10-08"),
        ("2026年10月8日", "2026-10-08"),
        ("15号", "2026-12-15"),
        ("15号丢的", "2026-11-15"),
        ("下个月3号", "2026-12-03"),
        ("周五", "2026-11-27"),
        ("周五丢的", "2026-11-20"),
        ("上周五", "2026-11-13"),
        ("礼拜天", "2026-11-22"),
        ("三天后", "2026-11-25"),
        ("两个星期前", "2026-11-08"),
        ("一个月后", "2026-12-22"),
        ("下周", "2026-W48"),
        ("上个月", "2026-10"),
    ],
)
def test_a_day_is_read_from_the_day_it_is_said_on(said: str, day: str) -> None:
    assert values(find_dates(said, SUNDAY)) == [day]


@pytest.mark.parametrize(
    "said",
    ["15号楼", "幸福路12号", "3号窗口", "每周三", "一周三次", "2月30号", "农历八月十五日",
     "BJ2026112200012", "19900000001"],
)  # fmt: skip
def test_what_names_no_day_is_no_date(said: str) -> None:
    assert find_dates(said, SUNDAY) == []


@pytest.mark.parametrize(
    ("said", "time"),
    [
        ("下午三点半", "15:30"),
        ("三点", "15:00"),
        ("上午九点", "09:00"),
        ("十点一刻", "10:15"),
        ("七点三刻", "07:45"),
        ("早上八点四十", "08:40"),
        ("14:20", "14:20"),
        ("下午5:30", "17:30"),
        ("晚上8点", "20:00"),
        ("中午12点", "12:00"),
        ("中午1点", "13:00"),
        ("凌晨2点", "02:00"),
        ("一点钟", "13:00"),
        ("下周三上午", "morning"),
        ("今晚", "evening"),
    ],
)
def test_a_time_of_day_is_read(said: str, time: str) -> None:
    assert values(find_times(said)) == [time]


@pytest.mark.parametrize("said", ["两点建议", "一点都不好", "差一点", "第一点", "3点5公里"])
def test_what_names_no_time_is_none(said: str) -> None:
    assert find_times(said) == []


def test_a_day_says_whether_offices_work_on_it() -> None:
    [sunday, make_up_day, holiday] = find_dates("今天，2026年10月10日，2026年10月1日", SUNDAY)
    assert sunday.more == {"working_day": False}
    # A Saturday worked for the National Day holiday (调休).
    assert make_up_day.more == {"working_day": True}
    assert holiday.more == {"working_day": False}


def test_working_days_are_counted_over_weekends_and_holidays() -> None:
    assert values(find_dates("五个工作日后", SUNDAY)) == ["2026-11-27"]
    assert values(find_dates("五个工作日后", date(2026, 9, 30))) == ["2026-10-13"]
    assert values(find_dates("下个工作日", date(2026, 9, 30))) == ["2026-10-08"]


def test_a_year_whose_calendar_is_not_out_is_counted_provisionally() -> None:
    unpublished = date(2099, 1, 1)
    assert not is_published(unpublished)
    assert not is_working_day(unpublished)
    assert working_day_after(unpublished, 1) == date(2099, 1, 2)
    [day] = find_dates("2099年3月2日", SUNDAY)
    assert day.more == {"working_day": True, "provisional": True}


def test_positions_are_those_of_the_citizens_own_words() -> None:
    text = "我後天下午３點來，交５００塊"
    assert [text[one.start : one.end] for one in find_dates(text, SUNDAY)] == ["後天"]
    assert [text[one.start : one.end] for one in find_times(text)] == ["下午３點"]
    assert [text[one.start : one.end] for one in find_money(text)] == ["５００塊"]


_PIECES = st.sampled_from(
    [*"0129零一二两三十百千万亿半几多块元毛角分钱号日月年周天点刻时上下前后本这第个.,:-/ ￥",
     "星期", "礼拜", "工作日", "上午", "明天", "去年", "补贴", "30", "2026", "99999999999999"]
)  # fmt: skip
_SPOKEN = st.lists(_PIECES, max_size=24).map("".join)


@given(st.one_of(st.text(max_size=60), _SPOKEN), st.dates(date(1900, 1, 1), date(2200, 1, 1)))
def test_any_text_gives_spans_that_stand_in_it(text: str, today: date) -> None:
    for spans in (find_money(text), find_dates(text, today), find_times(text)):
        end = 0
        for span in spans:
            assert end <= span.start < span.end <= len(text)
            assert span.value
            end = span.end
