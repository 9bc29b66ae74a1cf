"""When the office is away nothing is lost, and nothing is claimed."""

from __future__ import annotations

import re

import pytest
from desk import Desk
from servers import free_port
from stage import Citizen
from test_application import PHONE, fill


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> str:
    """Address of an office that does not answer."""
    return f"http://127.0.0.1:{free_port()}/api/v1"


async def test_an_application_survives_an_office_that_is_away(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(citizen)
    with monkeypatch.context() as office_away:
        office_away.setenv("BACKEND_URL", away)
        answer = await citizen.say("对头")
        assert "还没交上去" in answer
        assert "再交一次" in citizen.chips
    filed = await citizen.say("提交")
    assert re.search(r"BJ\d{13}", filed)
    listed = await citizen.say("我的件办到哪了", intent="query_progress")
    assert "高龄津贴" in listed


async def test_a_change_after_a_failed_submission_is_what_gets_filed(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(citizen)
    with monkeypatch.context() as office_away:
        office_away.setenv("BACKEND_URL", away)
        await citizen.say("对头")
    corrected = await citizen.say("等等，手机号改成19900000008")
    assert "199****0008" in corrected
    assert re.search(r"BJ\d{13}", await citizen.say("要得"))


async def test_a_question_is_answered_honestly_when_the_office_is_away(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKEND_URL", away)
    answer = await citizen.say("身份证掉了咋个补", intent="ask_guide", item="GA004")
    assert "连不上" in answer
    assert "找人工" in citizen.chips
    assert "没有丢" in await citizen.say("转人工")


async def test_a_danger_told_while_the_office_is_away_is_passed_on_with_the_next_words(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as office_away:
        office_away.setenv("BACKEND_URL", away)
        told = await citizen.say("着火了！！三楼冒烟")
        assert "119" in told.splitlines()[0]
        assert not re.search(r"GD\d{13}", told)
        assert "工作人员" not in told
    after = await citizen.say("他们还在里头")
    assert re.search(r"GD\d{13}", after)
    assert "工作人员" in after
    again = await citizen.say("对")
    assert re.search(r"GD\d{13}", again)


async def test_a_place_told_while_the_office_is_away_is_added_with_the_next_words(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = re.search(r"GD\d{13}", await citizen.say("着火了！！三楼冒烟"))
    assert number is not None
    with monkeypatch.context() as office_away:
        office_away.setenv("BACKEND_URL", away)
        kept = await citizen.say("就在石桥路18号旁边那栋")
        assert "119" in kept
        assert "先记着" in kept
    assert f"加到单号 {number.group()}" in await citizen.say("火好大快点来人啊")
    assert "先记着" not in await citizen.say("对")


async def test_a_danger_that_could_not_be_filed_is_filed_though_another_one_is_told(
    citizen: Citizen, away: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as office_away:
        office_away.setenv("BACKEND_URL", away)
        await citizen.say("着火了！！三楼冒烟")
        other = await citizen.say("我妈晕倒了没呼吸了")
        assert "120" in other.splitlines()[0]
    assert re.search(r"GD\d{13}", await citizen.say("没呼吸了怎么按胸口"))


async def test_a_returned_case_is_supplemented_in_conversation(
    citizen: Citizen, desk: Desk
) -> None:
    await fill(citizen)
    number = re.search(r"BJ\d{13}", await citizen.say("对"))
    assert number is not None
    await desk.send_back(number.group(), ["户口簿本人页照片", "银行卡照片"])
    progress = await citizen.say("办到哪了", intent="query_progress")
    assert "还缺 2 样材料" in progress
    opened = await citizen.press("补材料")
    assert "1. 户口簿本人页照片" in opened
    await citizen.photograph()
    await citizen.photograph()
    confirmation = await citizen.say("没得了")
    assert "2 张" in confirmation
    assert number.group() in await citizen.say("对头")
    after = await citizen.say("办到哪了", intent="query_progress")
    assert "还缺" not in after


async def test_a_handoff_shows_staff_the_form_without_personal_data(
    citizen: Citizen, desk: Desk
) -> None:
    await fill(citizen)
    await citizen.say(f"转人工，我电话{PHONE}")
    opened = [handoff for handoff in await desk.handoffs()
              if handoff["conversation_id"] == citizen.conversation]  # fmt: skip
    assert "高龄津贴申领" in opened[0]["summary"]
    assert PHONE not in opened[0]["summary"]


async def test_somebody_elses_case_is_as_absent_as_none(citizen: Citizen) -> None:
    await fill(citizen)
    number = re.search(r"BJ\d{13}", await citizen.say("对"))
    assert number is not None
    stranger = Citizen(citizen.clerk)
    await stranger.arrive()
    foreign = await stranger.say(number.group())
    absent = await stranger.say("BJ2026112299999")
    assert foreign.replace(number.group(), "") == absent.replace("BJ2026112299999", "")


async def test_proving_who_one_is_finds_the_case_from_another_account(citizen: Citizen) -> None:
    await fill(citizen)
    await citizen.say("对")
    other = Citizen(citizen.clerk)
    await other.arrive()
    await other.say("我的件办到哪了", intent="query_progress")
    await other.press("核对身份")
    await other.say("99999919460305200x")
    found = await other.say(PHONE)
    assert "高龄津贴" in found
    assert await other.slot("draft") is None
