"""Typed conditions, and what arithmetic says of them: to the day, and only of their own line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from standards.acceptors.circumstances import read
from standards.acceptors.told import Told
from standards.conditions import Age, Condition, Validity, from_json, judge
from standards.levels import at_least, same_level
from standards.periods import Gap, began, gap, moved

TODAY = date(2026, 11, 30)


def condition(kind: str, **said: Any) -> Condition:
    return from_json({"line": "conditions.0", "kind": kind, **said})


def told(said: str) -> Told:
    (one,) = read(said, TODAY).told
    return one


def born(day: date, today: date = TODAY) -> Told:
    years = today.year - day.year
    return Told("age", 0, 1, Decimal(years), Decimal(years), "years", (day, day), exact=True)


def test_a_condition_is_read_as_the_catalogue_writes_it() -> None:
    age = condition("age", who="女方", min=20, sex="female", unsure=True)
    assert age == Age("conditions.0", ("女方",), "", unsure=True, min=Decimal(20), sex="female")
    forever = condition("validity", of="证件", lasts="forever")
    assert isinstance(forever, Validity)
    assert forever.lasts is None
    season = condition("season", **{"from": "07-01", "to": "09"})
    assert (getattr(season, "start", ""), getattr(season, "stop", "")) == ("07-01", "09")
    assert condition("presence", who=["男方", "女方"]).who == ("男方", "女方")


@pytest.mark.parametrize("entry", [{}, {"kind": "colour", "line": "fee"}, {"kind": "age"}])
def test_what_is_no_condition_is_refused(entry: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"None|colour|age"):
        from_json(entry)


@pytest.mark.parametrize(
    ("kind", "limits", "said", "state", "by"),
    [
        ("age", {"min": 80}, "我妈八十了", "holds", None),
        ("age", {"min": 80}, "我妈七十六", "short", Gap(years=4)),
        ("age", {"min": 20}, "她十九岁十个月", "short", Gap(months=2)),
        ("age", {"max": 15}, "他十五岁", "holds", None),
        ("age", {"max": 15}, "他十六岁", "over", Gap(years=1)),
        ("age", {"min": 18, "max": 70}, "我七十岁", "holds", None),
        ("age", {"min": 18, "max": 70}, "我七十四岁", "over", Gap(years=4)),
        ("age", {"min": 80}, "老人79、80岁", "open", None),
        ("age", {"max": 6, "unit": "months"}, "娃九个月大", "over", Gap(months=3)),
        ("duration", {"of": "residence", "min": 6, "unit": "months"}, "住了半年", "holds", None),
        ("duration", {"of": "residence", "min": 6, "unit": "months"}, "住了四个月", "short",
         Gap(months=2)),
        ("duration", {"of": "contribution", "min": 15, "unit": "years"}, "缴了十三年半", "short",
         Gap(years=1, months=6)),
        ("duration", {"of": "separation", "min": 2, "unit": "years"}, "分居两年多", "holds", None),
        ("duration", {"of": "other", "what": "贷款", "max": 3, "unit": "years"}, "已经五年了",
         "over", Gap(years=2)),
        ("deadline", {"after": "出生", "within": 90, "unit": "days"}, "娃出生一百天了", "over",
         Gap(days=10)),
        ("deadline", {"after": "受伤", "within": 1, "unit": "years"}, "今年8月1号受伤的", "holds",
         Gap(months=8, days=2)),
        ("before_expiry", {"from": 90, "unit": "days"}, "驾照还有五个月到期", "short",
         Gap(months=2)),
        ("before_expiry", {"from": 90, "unit": "days"}, "驾照还有一个月到期", "holds", None),
        ("before_expiry", {"from": 90, "to": 30, "unit": "days"}, "还有十天到期", "over", None),
        ("before_expiry", {"from": 90, "unit": "days"}, "驾照过期一个月了", "over",
         Gap(months=1)),
    ],
)  # fmt: skip
def test_time_is_held_against_a_limit(
    kind: str, limits: dict[str, Any], said: str, state: str, by: Gap | None
) -> None:
    verdict = judge(condition(kind, **limits), told(said), TODAY)
    assert (verdict.state, verdict.by) == (state, by)


@pytest.mark.parametrize(
    ("kind", "limits", "said", "state"),
    [
        ("hukou", {"local": "required"}, "户口在外省", "missed"),
        ("hukou", {"local": "required"}, "户口就在本区", "holds"),
        ("hukou", {"local": "required"}, "我是农村户口", "open"),
        ("hukou", {"local": "not_needed"}, "我是外地人", "holds"),
        ("hukou", {"local": "either"}, "我是外地人", "open"),
        ("hukou", {"local": "either"}, "我有居住证", "holds"),
        ("level", {"of": "残疾等级", "any": ["一级", "二级"]}, "评的是二级", "holds"),
        ("level", {"of": "残疾等级", "any": ["一级", "二级"]}, "评的是3级", "missed"),
        ("level", {"of": "普通话", "least": "二级乙等"}, "普通话二甲", "holds"),
        ("level", {"of": "普通话", "least": "二级乙等"}, "普通话三级甲等", "missed"),
        ("level", {"of": "学历", "least": "大专"}, "我是本科", "holds"),
        ("level", {"of": "学历", "least": "大专"}, "我高中毕业", "missed"),
        ("level", {"of": "学历", "least": "大专"}, "评的是二级", "open"),
        ("count", {"of": "座", "max": 7}, "车是九座的", "over"),
        ("count", {"of": "套", "min": 1}, "有一套房", "holds"),
        ("amount", {"of": "面积", "max": 140, "unit": "平方米"}, "房子一百五十平", "over"),
        ("amount", {"of": "同意的", "min": 75, "unit": "%"}, "百分之七十同意", "short"),
        ("online", {"possible": True}, "我七十了", "open"),
        ("age", {"min": 80}, "住了三个月", "open"),
    ],
)
def test_what_is_no_time_is_held_against_what_is_asked(
    kind: str, limits: dict[str, Any], said: str, state: str
) -> None:
    assert judge(condition(kind, **limits), told(said), TODAY).state == state


def test_the_day_on_which_an_age_is_reached_is_told() -> None:
    verdict = judge(condition("age", min=80), born(date(1946, 12, 31)), TODAY)
    assert (verdict.state, verdict.by, verdict.on) == (
        "short", Gap(months=1, days=1), date(2026, 12, 31),
    )  # fmt: skip


@settings(deadline=None)
@given(st.dates(date(1920, 1, 1), date(2026, 11, 30)), st.integers(1, 99))
def test_an_age_is_reached_on_the_birthday_and_not_a_day_before(day: date, limit: int) -> None:
    reached = moved(day, limit, "years")
    at_least_so_old, younger = condition("age", min=limit), condition("age", max=limit - 1)
    for today in (reached - timedelta(days=1), reached):
        so_old = today >= reached
        states = [judge(one, born(day, today), today).state for one in (at_least_so_old, younger)]
        assert states == (["holds", "over"] if so_old else ["short", "holds"])


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 4000))
def test_a_gap_leads_from_one_day_to_the_other(start: date, days: int) -> None:
    end = start + timedelta(days=days)
    found = gap(start, end)
    months = moved(start, found.years * 12 + found.months, "months")
    assert months + timedelta(days=found.days) == end
    assert 0 <= found.months < 12


@given(st.dates(date(1950, 1, 1), date(2060, 1, 1)), st.integers(0, 300))
def test_what_has_lasted_three_months_began_in_the_month_before(today: date, months: int) -> None:
    first, last = began((months, "months"), (months, "months"), today)
    assert first <= last
    assert moved(last, months, "months") <= today
    assert moved(first - timedelta(days=1), months + 1, "months") <= today


def test_levels_are_compared_on_their_own_scale_only() -> None:
    assert at_least("二级甲等", "二乙") is True
    assert at_least("大专", "二级乙等") is None
    assert same_level("2级", "二级") is True
    assert same_level("D级", "C级") is False
