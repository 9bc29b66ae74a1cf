"""What was typed is held against the guide's lines: asked about once, and never blocked."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from stage import Citizen
from test_understood import reach, value

from actions.draft import Draft, Sheet, sheet_of
from actions.forms import answered_first
from actions.held import asked_once, limits_of, opening, told_before
from actions.turn import Turn
from standards.id_number import check_character

TODAY = date(2026, 11, 30)
OLD_AGE = [{"line": "conditions.0", "kind": "age", "who": "老人", "min": 80, "text": "满 80 岁"}]
CHILD = [{"line": "conditions.0", "kind": "age", "who": "孩子", "min": 6, "when": "当年8月31日前",
          "text": "当年 8 月 31 日前满 6 周岁"}]  # fmt: skip
ID = {"name": "id_number", "label": "身份证号", "kind": "id_number", "ask": "老人的身份证号？"}
MINE = {"name": "id_number", "label": "身份证号", "kind": "id_number", "ask": "您的身份证号？"}
PARENT = {"name": "id_number", "label": "身份证号", "kind": "id_number", "ask": "家长的身份证号？"}
BIRTH = {"name": "birth", "label": "孩子生日", "kind": "date", "ask": "孩子是哪天生的？"}
OTHER = {"name": "dead_id", "label": "逝者身份证号", "kind": "id_number", "ask": "逝者的号码？"}


def number(born: str, sex: str = "female") -> str:
    first = f"990101{born}012" if sex == "female" else f"990101{born}013"
    return first + check_character(first)


def sheet(*fields: dict[str, Any], limits: list[dict[str, Any]] | None = None) -> Sheet:
    return Sheet("application_form", "事项", fields, "MZ008", limits=limits or [])


def filled(of: Sheet, facts: dict[str, Any] | None = None, **values: str) -> Draft:
    before = Draft(facts=facts or {})
    return asked_once(of, before, before.having(values=values), TODAY)


@pytest.mark.parametrize(
    ("born", "asks"),
    [("19460305", False), ("19961101", True), ("19470115", True), ("19461130", False)],
)
def test_an_id_number_is_held_against_the_age_the_guide_asks_for(born: str, asks: bool) -> None:
    draft = filled(sheet(ID, limits=OLD_AGE), id_number=number(born))
    assert bool(draft.understood) == asks
    assert not asks or "满 80 岁" in draft.understood["question"]


def test_the_day_is_told_where_it_is_near() -> None:
    near = filled(sheet(ID, limits=OLD_AGE), id_number=number("19470115"))
    assert "2027-01-15 才满" in near.understood["question"]
    far = filled(sheet(ID, limits=OLD_AGE), id_number=number("19961101"))
    assert "证件上是30岁" in far.understood["question"]
    assert "才满" not in far.understood["question"]


def test_a_childs_birthday_is_held_against_the_next_school_year_and_its_parent_is_not() -> None:
    of = sheet(PARENT, BIRTH, limits=CHILD)
    assert not filled(of, id_number=number("19930808")).understood
    assert "满 6 周岁" in filled(of, birth="2022-10-01").understood["question"]
    assert not filled(of, birth="2021-08-31").understood


def test_an_age_told_before_is_held_against_the_number() -> None:
    draft = filled(sheet(ID), told_before({"age": [82, 82]}), id_number=number("19700301"))
    assert "和您前面说的82岁对不上" in draft.understood["question"]
    assert not filled(
        sheet(ID), told_before({"age": [82, 82]}), id_number=number("19450301")
    ).understood
    assert told_before({"age": [60, 120]}) == {}
    assert told_before({"local": True}) == {}


@pytest.mark.parametrize(
    ("who", "field", "asks"),
    [("婆婆", MINE, False), ("self", MINE, True), ("", MINE, True), ("妈", ID, True),
     ("孩子", ID, False), ("self", ID, True)],
)  # fmt: skip
def test_an_age_told_of_somebody_else_is_not_held_against_whoever_applies(
    who: str, field: dict[str, Any], asks: bool
) -> None:
    told = told_before({"age": [82, 82], "who": who})
    assert bool(filled(sheet(field), told, id_number=number("19700301")).understood) == asks
    # A draft of an earlier version does not say whose age it is.
    assert filled(sheet(field), {"told_age": [82, 82]}, id_number=number("19700301")).understood


def test_two_people_do_not_share_a_number() -> None:
    same = number("19700301")
    draft = filled(sheet(ID, OTHER), id_number=same, dead_id=same)
    assert "逝者身份证号" in draft.understood["question"]


def test_a_yes_is_enough_and_nothing_is_asked_twice() -> None:
    of, odd = sheet(ID, limits=OLD_AGE), number("19961101")
    waiting = filled(of, id_number=odd)
    confirmed = waiting.having(understood={}, editing=None)
    assert not asked_once(of, waiting, confirmed, TODAY).understood
    assert not asked_once(of, confirmed, confirmed, TODAY).understood


def test_a_form_opened_by_an_earlier_version_has_no_limits() -> None:
    slot = {"form": "application_form", "title": "事项", "fields": [ID], "subject": "MZ008",
            "confirms": True}  # fmt: skip
    assert sheet_of(slot).limits == ()
    assert limits_of({"elements": {}, "name": "事项"}) == []


def test_a_wish_that_tells_of_a_missed_line_is_answered_with_the_line() -> None:
    item = {
        "name": "高龄津贴",
        "elements": {"conditions": ["老人年满 80 周岁。"]},
        "typed": OLD_AGE,
    }
    (words,) = opening(item, "我外婆今年71，想给她申请高龄津贴", TODAY)
    assert words.startswith("指南写的是：老人年满 80 周岁。您外婆71岁，还差九岁。")
    assert opening(item, "我外婆今年86，想给她申请高龄津贴", TODAY) == []
    assert opening(item, "我要申请高龄津贴", TODAY) == []


async def test_a_number_said_with_the_wish_is_held_against_the_line_too(citizen: Citizen) -> None:
    odd = number("19961101")
    asked = await citizen.say(
        f"我要申请高龄津贴，身份证号{odd}", intent="start_application", item="MZ008"
    )
    assert "年满 80 周岁" in asked
    assert "对" in citizen.chips


def test_a_number_said_before_a_question_is_held_against_the_line_too() -> None:
    said = {"answered": number("19961101")}
    turn = Turn("要多久能办好", "ask_guide", said, (), "none", None, (), False, "k", "c", {})
    agreed = Draft().knowing(consent="said")
    asked = answered_first(sheet(ID, limits=OLD_AGE), agreed, turn).understood["question"]
    assert "满 80 岁" in asked


async def test_a_number_said_late_is_held_against_the_line_too(citizen: Citizen) -> None:
    await reach(citizen, "MZ008", "id_number", {"name": "张三"})
    await citizen.say("补身份证要多少钱", intent="ask_guide", item="GA004", element="fee")
    await citizen.say("补身份证要带什么", intent="ask_guide", item="GA004", element="materials")
    assert await citizen.form() is None
    asked = await citizen.say(number("19961101"))
    assert "年满 80 周岁" in asked


async def test_somebody_of_thirty_is_told_at_once_and_may_go_on(citizen: Citizen) -> None:
    await reach(citizen, "MZ008", "id_number", {"name": "张三"})
    odd = number("19961101")
    asked = await citizen.say(odd)
    assert "年满 80 周岁" in asked
    assert {"对", "不对"} <= set(citizen.chips)
    assert "再说一遍" in await citizen.press("不对")
    right = number("19400101")
    assert "周岁" not in await citizen.say(right)
    assert await value(citizen, "身份证号") == right
