"""One person, planted in an application, a report and a talk: what details of the desk show."""

from __future__ import annotations

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from people import CASE, TICKET, Speaker
from planted import ADDRESS, ID_NUMBER, PHONE, PLACE, STREET, answer_form, planted_in
from playwright.async_api import Locator, Page, expect

from paoyici.citizen import Citizen, Memory

RARE = "厉霜弦"
REQUEST = re.compile(r"GX\d{13}")
Talk = Callable[[], Awaitable[Speaker]]


@dataclass(frozen=True)
class Planted:
    """Where the person went: numbers, and words of the talk that was handed over."""

    case: str
    report: str
    request: str
    mark: str


@pytest_asyncio.fixture(loop_scope="session")
async def talk(house: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Talk]:
    """Call it to open a new conversation as a new citizen."""
    monkeypatch.setenv("PAOYICI_HOME", str(tmp_path))
    async with aiohttp.ClientSession() as http:

        async def begin() -> Speaker:
            citizen = Citizen(http, house.origin, Memory(uuid.uuid4().hex, house.origin))
            await citizen.enter()
            return Speaker(citizen)

        yield begin


@pytest_asyncio.fixture(loop_scope="session")
async def planted(talk: Talk) -> Planted:
    """Somebody applies and asks for their data, reports, and asks for a person."""
    applicant, reporter = await talk(), await talk()
    await applicant.say("我要申请高龄津贴")
    await answer_form(applicant, "MZ008", RARE)
    case = number_in(CASE, await applicant.say("确认提交"))
    await applicant.say("删除我的个人信息")
    request = number_in(REQUEST, await applicant.say("只删这个对话"))
    said = await reporter.say(f"{PLACE}路口的路灯坏了，我是{RARE}，电话{PHONE}")
    for answer in (PLACE, "跳过", PHONE, "对，提交", "确认提交"):
        if TICKET.search(said):
            break
        said = await reporter.say(answer)
    report = number_in(TICKET, said)
    await reporter.say(f"我叫{RARE}，身份证{ID_NUMBER}，电话{PHONE}，家住{ADDRESS}，转人工")
    await reporter.say("转人工")
    mark = f"牌号{uuid.uuid4().hex[:6]}"
    await reporter.say(mark)
    return Planted(case, report, request, mark)


def number_in(kind: re.Pattern[str], said: str) -> str:
    """Return the number that somebody was told."""
    found = kind.search(said)
    assert found, said
    return found[0]


async def shown(page: Page) -> list[str]:
    """Return what of the person can be read on the page."""
    text: str = await page.evaluate("document.body.innerText")
    return planted_in(text.encode(), RARE)


async def open_thing(page: Page, room: str, number: str) -> Locator:
    """Go to a case, a report or a request by its address; return its drawer."""
    await page.goto(f"{page.url.split('#')[0]}#/{room}/{number}")
    drawer = page.get_by_role("dialog", name=number)
    await expect(drawer.locator("dl.facts").first).to_be_visible()
    await expect(drawer.locator("h3").last).to_be_visible()
    return drawer


async def open_talk(page: Page, mark: str) -> None:
    """Open the handed-over talk in which `mark` was said."""
    entries, log = page.locator(".queue li button"), page.get_by_role("log")
    await expect(entries.first).to_be_visible()
    for entry in reversed(await entries.all()):
        await entry.click()
        await expect(entry).to_have_attribute("aria-current", "true")
        await expect(log.locator("article").first).to_be_visible()
        if await log.get_by_text(mark).count():
            return
    raise AssertionError(f"nobody in the queue said {mark}")


async def give_reason(page: Page, why: str) -> None:
    """Answer the question why somebody looks."""
    question = page.get_by_role("dialog", name="看完整信息")
    await question.get_by_label("为什么要看").fill(why)
    await question.get_by_role("button", name="确定").click()
    await expect(question).to_have_count(0)


async def noted(desk: Any, why: str) -> None:
    """Hold that the auditor reads why somebody looked."""
    auditor = (await desk("auditor")).page
    await expect(auditor.get_by_role("row").filter(has_text=why).first).to_be_visible()
    assert await shown(auditor) == []


async def test_only_a_look_with_a_reason_shows_the_person_and_it_is_noted(
    planted: Planted, desk: Any
) -> None:
    for role, room, number in (
        ("admin", "cases", planted.case),
        ("admin", "reports", planted.report),
        ("supervisor", "personal", planted.request),
    ):
        page = (await desk(role)).page
        await open_thing(page, room, number)
        assert await shown(page) == [], (role, room)

    for role, room, number, secrets in (
        ("approver", "cases", planted.case, {RARE, ID_NUMBER, PHONE, STREET}),
        ("dispatcher", "reports", planted.report, {RARE, PHONE}),
    ):
        page = (await desk(role)).page
        drawer = await open_thing(page, room, number)
        assert await shown(page) == [], (role, room)
        why = f"核对来人是不是本人{uuid.uuid4().hex[:6]}"
        await drawer.get_by_role("button", name="看完整信息").click()
        await give_reason(page, why)
        await expect(drawer.get_by_text("正在看完整信息")).to_be_visible()
        assert set(await shown(page)) >= secrets, role
        await noted(desk, why)


async def test_a_talk_shows_the_person_only_to_whoever_said_why(
    planted: Planted, desk: Any
) -> None:
    person = {RARE, ID_NUMBER, PHONE, STREET}
    page = (await desk("supervisor")).page
    await open_talk(page, planted.mark)
    assert not person & set(await shown(page))
    await page.get_by_role("button", name="接待", exact=True).click()
    await expect(page.get_by_label("回复")).to_be_visible()
    assert not person & set(await shown(page))
    why = f"电话核实这位市民{uuid.uuid4().hex[:6]}"
    line = page.get_by_role("log").locator("article", has_text="我叫")
    await line.get_by_role("button", name="看原文").click()
    await give_reason(page, why)
    await expect(line).to_contain_text(ID_NUMBER)
    assert set(await shown(page)) >= person
    await noted(desk, why)
