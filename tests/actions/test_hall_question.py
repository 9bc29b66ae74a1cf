"""What a question about halls asks, and when the hall that is meant is open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import yaml
from servers import ROOT
from stage import Citizen

from actions import office
from actions.hall_hours import all_hours, tell_hours
from actions.hall_question import Asked, asked_of, going_on
from actions.turn import SHANGHAI
from standards.halls import hall_of

HALLS = [hall_of(entry) for entry in yaml.safe_load(
    (ROOT / "data" / "offices.yml").read_text(encoding="utf-8"))["offices"]]  # fmt: skip
MONDAY = datetime(2026, 11, 30, 9, tzinfo=SHANGHAI)


def told(text: str, topic: str = "hours", at: datetime = MONDAY) -> list[str]:
    """Return the lines about the hall that is named, or the main one."""
    asked = asked_of(text, topic, HALLS, at)
    return tell_hours(asked.hall or HALLS[0], asked, HALLS, at)


@pytest.mark.parametrize(
    ("text", "topic", "answer"),
    [
        ("书院社区周六下午开不开", "hours", " 12 月 5 日（星期六）下午不开，12:00 就下班了。"),
        ("书院周六上午开不开", "hours", " 12 月 5 日（星期六）上午有人办事，这一段是 9:00–12:00。"),
        ("明年2月6日大厅开门吗", "hours", " 2027 年 2 月 6 日（星期六）不上班，春节放假。"),
        ("12月31号呢", "hours", " 12 月 31 日（星期四）上班，9:00–12:00，13:30–17:00。"),
        ("晚上六点还开吗", "hours", " 18:00 不开，17:00 就下班了。"),
        ("早上八点到得了不", "hours", " 8:00 还没开门，9:00 开始办。"),
        ("中午有人没", "hours", "中午是休息时间，没人办事，13:30 接着办。"),
        ("现在还办不办", "hours", "现在（09:00）有人办事，这一段是 9:00–12:00。"),
        ("几点收班", "closes", "上午办到 12:00，下午 17:00 下班。"),
        ("下午几点收班", "closes", " 17:00 下班。"),
        ("下午几点开始", "opens", " 13:30 开门。"),
        ("书院周六几点关门", "closes", " 12 月 5 日（星期六）12:00 下班。"),
        ("上班时间", "hours", "周一至周五 9:00–12:00，13:30–17:00。"),
    ],
)
def test_the_first_line_answers_for_the_day_and_the_hour(
    text: str, topic: str, answer: str
) -> None:
    hall = asked_of(text, topic, HALLS, MONDAY).hall or HALLS[0]
    assert told(text, topic)[0] == f"{hall.name}{answer}"


def test_holidays_without_a_name_are_all_off() -> None:
    assert told("节假日上班吗")[0] == "法定节假日各个大厅都不上班，调休补班的那天照常上班。"


def test_a_lawful_day_off_of_a_year_that_is_not_out_is_certain_and_the_rest_is_not() -> None:
    assert told("元旦开不开")[0] == (
        "云溪区政务服务中心元旦放假，2027 年 1 月 1 日（星期五）按规定不上班。"
        "前后怎么调休，国务院还没公布。"
    )


def test_a_closed_day_names_who_is_open_and_the_next_day() -> None:
    assert told("周六上不上班")[1:] == [
        "那天书院社区便民服务站（9:00–12:00）开门。",
        "再开门是 12 月 7 日（星期一），9:00–12:00，13:30–17:00。",
    ]


def test_a_weekend_is_two_days() -> None:
    assert [line for line in told("周末上不上班") if "不上班" in line] == [
        "云溪区政务服务中心 12 月 5 日（星期六）不上班。",
        "云溪区政务服务中心 12 月 6 日（星期日）不上班。",
    ]


def test_a_day_without_a_year_that_was_lately_is_told_before_the_next_one() -> None:
    first, *others = told("10月10号你们上不上班")
    assert first.startswith("云溪区政务服务中心 10 月 10 日（星期六）上班")
    assert "云溪区政务服务中心 2027 年 10 月 10 日（星期日）不上班。" in others
    assert told("2026年10月10号上不上班") == [first]


def test_a_holiday_lately_kept_is_told_as_it_was_and_the_next_one_as_far_as_it_is_known() -> None:
    lines = told("国庆节你们上班吗")
    assert lines[0] == (
        "云溪区政务服务中心国庆节放假，10 月 1 日（星期四）到 10 月 7 日（星期三）不上班。"
    )
    assert lines[1] == "9 月 20 日（星期日）、10 月 10 日（星期六）补班，照常上班。"
    assert any("2027 年 10 月 1 日" in line and "还没公布" in line for line in lines)


def test_a_day_of_a_year_that_is_not_out_is_told_as_provisional_once() -> None:
    lines = told("2027年1月4号星期一上班没")
    assert len(lines) == 2
    assert "还没公布" in lines[1]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("哪个大厅周六开", "12 月 5 日（星期六）开门的只有书院社区便民服务站（9:00–12:00）。"),
        ("周日哪里有人", "12 月 6 日（星期日）各个大厅都不上班。"),
        ("星期三都开吗", "12 月 2 日（星期三）各个大厅都上班，9:00–12:00，13:30–17:00。"),
        ("有没有晚上开的大厅", "11 月 30 日（星期一）晚上各个大厅都不开。"),
    ],
)
def test_all_halls_are_told_together(text: str, line: str) -> None:
    assert all_hours(HALLS, asked_of(text, "which", HALLS, MONDAY), MONDAY) == [line]


@pytest.mark.parametrize(
    "text", ["大厅几点上班", "周六开不开", "中午有人没", "节假日上班吗", "国庆开吗"]
)
def test_hours_that_only_a_person_can_read_are_told_as_they_are_written(text: str) -> None:
    unread = replace(HALLS[0], hours="上午 9:00–12:00，下午 1:30–5:00", week=None)
    asked = asked_of(text, "hours", [unread, *HALLS[1:]], MONDAY)
    line = f"{unread.name}{unread.hours}。"
    assert tell_hours(unread, asked, [unread, *HALLS[1:]], MONDAY) == [line]


def test_halls_whose_hours_only_a_person_can_read_are_told_beside_the_others() -> None:
    unread = replace(HALLS[0], hours="24 小时", week=None)
    halls = [unread, *HALLS[1:]]
    told_of = [
        all_hours(halls, asked_of(text, "which", halls, MONDAY), MONDAY)
        for text in ("哪个大厅周六开", "周日哪里有人")
    ]
    assert told_of == [
        ["12 月 5 日（星期六）书院社区便民服务站（9:00–12:00）开门。", f"{unread.name}24 小时。"],
        [f"{unread.name}24 小时。"],
    ]
    asked = asked_of("书院周日开吗", "hours", halls, MONDAY)
    assert "那天" not in "".join(tell_hours(HALLS[4], asked, halls, MONDAY))


def test_what_follows_takes_over_what_it_does_not_say() -> None:
    asked = asked_of("书院社区周六上午开不开", "hours", HALLS, MONDAY)
    before = asked.to_slot()
    afternoon = going_on(asked_of("下午呢", "", HALLS, MONDAY), before, HALLS)
    assert (afternoon.hall, afternoon.days) == (asked.hall, (date(2026, 12, 5),))
    sunday = going_on(asked_of("那周日呢", "", HALLS, MONDAY), before, HALLS)
    assert (sunday.hall, sunday.days) == (asked.hall, (date(2026, 12, 6),))
    other = going_on(asked_of("那望岭呢", "", HALLS, MONDAY), before, HALLS)
    assert (other.topic, other.days) == ("hours", (date(2026, 12, 5),))
    assert other.hall is not None
    assert other.hall.code == "YX05"
    phone = going_on(asked_of("电话呢", "phone", HALLS, MONDAY), before, HALLS)
    assert (phone.hall, phone.days) == (asked.hall, ())


def test_a_holiday_is_remembered_whole() -> None:
    asked = asked_of("国庆开不开", "hours", HALLS, MONDAY)
    assert going_on(Asked(), asked.to_slot(), HALLS).days == asked.days
    assert replace(asked, hall=None).to_slot()["code"] is None


def test_hours_of_which_no_calendar_can_be_made_are_told_as_they_are_written() -> None:
    free = replace(HALLS[1], week=None, hours="赶集天上午，来之前先打电话")
    asked = asked_of("周六开门不", "hours", [], MONDAY)
    assert tell_hours(free, asked, HALLS, MONDAY) == [f"{free.name}赶集天上午，来之前先打电话。"]
    assert all_hours([free], asked, MONDAY) == [f"{free.name}赶集天上午，来之前先打电话。"]


async def test_a_district_without_halls_is_told_so_and_can_be_booked_in(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for, get = [], office.get

    async def without_halls(*path: str, **more: Any) -> Any:
        asked_for.append(path)
        return {"offices": []} if path == ("offices",) else await get(*path, **more)

    monkeypatch.setattr(office, "get", without_halls)
    assert "查不到" in await citizen.say("哪个大厅离我最近", intent="ask_office")
    assert "12345" in await citizen.say("我约的是哪天来着", intent="book_appointment")
    assert "叫什么名字" in await citizen.say("帮我约个号，后天上午", intent="book_appointment")
    assert ("offices",) in asked_for
