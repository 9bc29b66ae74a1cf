"""What an answer was understood as is said back, and counts with a yes."""

from __future__ import annotations

import pytest
from stage import Citizen

from actions.draft import Draft, Sheet, draft_of

ANSWERS = {"name": "张三", "phone": "19900000001", "id_number": "99999919460305200X",
           "choice": "第一个"}  # fmt: skip


async def reach(citizen: Citizen, item: str, kind: str, answers: dict[str, str]) -> None:
    """Fill in a form up to its first field of a kind that `answers` has no answer for."""
    await citizen.say("我要申请", intent="start_application", item=item)
    for _ in range(12):
        awaited = (await citizen.slot("awaiting"))["kind"]
        if awaited == kind and awaited not in answers:
            return
        await citizen.say(answers[awaited])
    raise AssertionError("the form never asks for it")


async def at_income(citizen: Citizen) -> None:
    """Stand at the question for the household's income."""
    await reach(citizen, "MZ001", "number", ANSWERS)
    await citizen.say("一家三口")


async def value(citizen: Citizen, label: str) -> str | None:
    """Return what stands in the draft for a field."""
    sheet, draft = await citizen.slot("sheet"), await citizen.slot("draft")
    name = next(spec["name"] for spec in sheet["fields"] if spec["label"] == label)
    return draft["values"].get(name)


async def test_a_sum_is_said_back_and_taken_with_a_yes(citizen: Citizen) -> None:
    await at_income(citizen)
    asked = await citizen.say("每人 800，两个人")
    assert "每人 800 元、2 个人，一共 1600 元，对吗？" in asked
    assert await value(citizen, "全家月收入") is None
    assert {"对", "不对"} <= set(citizen.chips)
    await citizen.say("对头")
    assert await value(citizen, "全家月收入") == "1600"


@pytest.mark.parametrize("right", ["不是，是一千八", "一千八", "应该是1800"])
async def test_another_value_answers_the_question_as_well(citizen: Citizen, right: str) -> None:
    await at_income(citizen)
    await citizen.say("每人八百，两个人")
    await citizen.say(right)
    assert await value(citizen, "全家月收入") == "1800"


async def test_after_a_no_the_same_is_asked_again(citizen: Citizen) -> None:
    await at_income(citizen)
    await citizen.say("一年三万")
    assert "再说一遍" in await citizen.press("不对")
    assert await value(citizen, "全家月收入") is None
    await citizen.say("两千四")
    assert await value(citizen, "全家月收入") == "2400"


async def test_no_income_is_an_amount(citizen: Citizen) -> None:
    await at_income(citizen)
    assert "0 元，对吗" in await citizen.say("没有")
    await citizen.say("是的")
    assert await value(citizen, "全家月收入") == "0"


async def test_a_range_is_asked_for_one_number(citizen: Citizen) -> None:
    await at_income(citizen)
    assert "是 2000，还是 3000" in await citizen.say("两三千")
    assert await value(citizen, "全家月收入") is None


async def test_a_counted_day_is_taken_and_told_back(citizen: Citizen) -> None:
    await reach(citizen, "GA004", "date", ANSWERS)
    assert "2026-11-19" in await citizen.say("三天前")
    assert await value(citizen, "大概哪天丢的") == "2026-11-19"


def test_a_draft_of_an_earlier_version_still_opens() -> None:
    slot = Draft(values={"a": "1"}).to_slot()
    del slot["understood"]
    spec = {"name": "b", "kind": "number", "label": "乙"}
    assert not draft_of(slot).awaits_yes(Sheet("application_form", "甲", [spec]))
