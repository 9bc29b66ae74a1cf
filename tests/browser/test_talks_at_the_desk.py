"""人工接待: the desk rings, danger comes first, and a talk goes from hand to hand."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from accounts import own_password
from lone_office import LoneOffice, lone_office
from playwright.async_api import BrowserContext, Locator, Page, expect

from backend.staff.samples import sample_accounts

ROOT = Path(__file__).resolve().parents[2]
PHONE = "19900000001"
# What a machine without loudspeakers and without a desktop can tell of a ring.
RECORDER = """
    window.rung = { tones: 0, notices: [] };
    const tone = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
        window.rung.tones += 1;
        return tone.call(this);
    };
    window.Notification = class {
        static permission = 'default';
        static async requestPermission() { return (this.permission = 'granted'); }
        constructor(title, options) { window.rung.notices.push(options.body); }
        close() {}
    };
"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(mongo_server: str, mongo_database: str) -> AsyncIterator[LoneOffice]:
    """The office without a bot: its citizens do what the test says."""
    async with lone_office(mongo_server, mongo_database) as running:
        yield running


@pytest.fixture
def street_url(office: LoneOffice) -> str:
    """Where the desk is."""
    return office.origin


@pytest.fixture
def staff_logins() -> dict[str, tuple[str, str]]:
    """Log-ins by user name."""
    names = [account["username"] for account in sample_accounts(ROOT / "data")]
    return {name: (name, own_password(name)) for name in names}


async def record_rings(context: BrowserContext) -> None:
    """Note sounds and notifications instead of making them."""
    await context.add_init_script(RECORDER)


def entries(page: Page) -> Locator:
    """The lines of the queue, or of the talks that ended."""
    return page.locator(".queue li button")


async def choose(page: Page, cid: str) -> None:
    """Open the handoff of a conversation."""
    await entries(page).filter(has_text=f"最后一句：{cid}").click()


async def claim(page: Page, cid: str) -> None:
    """Open the handoff of a conversation and claim it."""
    await choose(page, cid)
    await page.get_by_role("button", name="接待", exact=True).click()
    await expect(page.get_by_label("回复")).to_be_visible()


async def confirm(page: Page, **fields: str) -> None:
    """Fill in the dialog that is open and confirm."""
    dialog = page.get_by_role("dialog")
    for label, words in fields.items():
        await dialog.get_by_label(label, exact=True).fill(words)
    await dialog.get_by_role("button", name="确定").click()
    await expect(dialog).to_have_count(0)


async def go_by(office: LoneOffice, *pages: Page, seconds: int) -> None:
    """Let time go by while the clerks sit there."""
    office.hands.time += timedelta(seconds=seconds)
    for page in pages:
        await page.reload()
        await expect(entries(page).first).to_be_visible()


async def test_the_desk_rings_and_whoever_may_be_in_danger_stands_first(
    office: LoneOffice, desk: Any
) -> None:
    staff = await desk("agent", prepare=record_rings)
    page = staff.page
    await expect(page.get_by_text("实时")).to_be_visible()
    await page.get_by_role("button", name="打开桌面提醒").click()
    await expect(page.get_by_role("button", name="打开桌面提醒")).to_have_count(0)
    await office.ask("甲")
    await office.ask("乙", reason="misunderstood")
    await expect(page).to_have_title("(2) 跑一次 · 工作台")
    soft = await page.evaluate("window.rung.tones")
    assert soft >= 1

    await office.ask("丙", reason="safety", danger="suicide")
    await expect(page).to_have_title("【紧急】(3) 跑一次 · 工作台")
    first = entries(page).first
    await expect(first).to_contain_text("紧急 · 轻生")
    await expect(first).to_have_class(re.compile("urgent"))
    await expect(first).to_contain_text("网页")
    rung = await page.evaluate("window.rung")
    assert rung["tones"] >= soft + 3
    assert rung["notices"][-1] == "有市民可能有危险，请马上接"
    await choose(page, "丙")
    await expect(page.get_by_role("alert")).to_contain_text("这位市民可能有危险：轻生")
    assert await staff.violations() == []
    assert staff.complaints == []

    await claim(page, "甲")
    await office.ask("甲", reason="safety", danger="violence")
    await expect(page.get_by_role("alert")).to_contain_text("家暴、有人伤人")


async def test_a_talk_is_given_to_a_colleague_who_reads_what_was_noted(
    office: LoneOffice, desk: Any
) -> None:
    await office.ask("甲")
    words = {"text": "下午打给我", "phone": PHONE}
    await office.post("/conversations/甲/handoff/words", words)
    agent, colleague = (await desk("agent")).page, await desk("agent2")
    await claim(agent, "甲")
    await expect(agent.get_by_label("备注")).to_contain_text("下午打给我 回电 199****0001")
    await agent.get_by_role("button", name="转交").click()
    dialog = agent.get_by_role("dialog")
    await dialog.get_by_role("button", name="确定").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("请选转给谁")
    await dialog.locator(".el-select").click()
    await agent.get_by_role("option", name="坐席小周（正在接待 0 位）").click()
    await confirm(agent, **{"为什么转，要交代什么": "要懂户籍的同事"})
    await expect(agent.get_by_text("坐席小周 正在接待").first).to_be_visible()
    await expect(agent.get_by_label("回复")).to_have_count(0)
    await expect(agent.get_by_text("坐席小周正在接待，由同事回复。")).to_be_visible()

    await expect(colleague.page.get_by_role("heading", name="我在接待")).to_be_visible()
    await choose(colleague.page, "甲")
    await expect(colleague.page.get_by_label("备注")).to_contain_text(
        "坐席小林 转交时 要懂户籍的同事"
    )
    assert await colleague.violations() == []


async def test_a_silent_clerk_is_warned_and_a_supervisor_takes_over(
    office: LoneOffice, desk: Any
) -> None:
    await office.ask("甲")
    agent = (await desk("agent")).page
    await claim(agent, "甲")
    await go_by(office, agent, seconds=80)
    await go_by(office, agent, seconds=45)
    await office.tick()
    await expect(agent.get_by_role("alert")).to_contain_text("自动退回排队")
    supervisor = (await desk("supervisor")).page
    await choose(supervisor, "甲")
    await supervisor.get_by_role("button", name="接管").click()
    await confirm(supervisor)
    await expect(supervisor.get_by_label("回复")).to_be_visible()
    await expect(agent.get_by_text("主管老赵 正在接待").first).to_be_visible()
    await expect(agent.get_by_role("alert")).to_have_count(0)


async def test_a_talk_that_ended_is_found_again_with_its_note(
    office: LoneOffice, desk: Any
) -> None:
    for cid in ("甲", "乙"):
        await office.ask(cid)
    staff = await desk("agent")
    page = staff.page
    await claim(page, "乙")
    await page.get_by_role("button", name="交还机器人").click()
    await confirm(page, 给后面同事的备注="已答复，请后续查发放")
    await expect(page.get_by_text("这次接待已经结束")).to_be_visible()
    await page.get_by_text("已结束", exact=True).click()
    await expect(entries(page)).to_have_count(1)
    await page.get_by_role("textbox", name="编号、接待人或原因").fill("小周")
    await page.get_by_role("button", name="查找").click()
    await expect(page.get_by_text("没有找到已结束的接待")).to_be_visible()
    await page.get_by_role("textbox", name="编号、接待人或原因").fill("小林")
    await page.get_by_role("button", name="查找").click()
    await choose(page, "乙")
    await expect(page.get_by_label("备注")).to_contain_text("坐席小林 交还时 已答复，请后续查发放")
    assert await staff.violations() == []


async def test_what_the_citizen_wrote_is_read_in_clear_for_a_reason(
    office: LoneOffice, desk: Any
) -> None:
    await office.ask("甲")
    staff = await desk("agent")
    page = staff.page
    await claim(page, "甲")
    await office.say("甲", f"我的手机号是{PHONE}")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("199****0001")
    await log.get_by_role("button", name="看原文").click()
    await page.get_by_role("dialog").get_by_role("button", name="确定").click()
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("请写明")
    await confirm(page, 为什么要看="电话核实来人身份")
    await expect(log).to_contain_text(PHONE)
    assert await staff.violations() == []


async def test_ones_own_talk_comes_into_view_with_the_claim(office: LoneOffice, desk: Any) -> None:
    for number in range(16):
        await office.ask(f"第{number:02d}位")
    page = (await desk("agent", 1280, 600)).page
    await claim(page, "第15位")
    await expect(page.get_by_role("heading", name="我在接待")).to_be_in_viewport()
    await expect(page.locator(".queue [aria-current]")).to_be_in_viewport()


async def test_the_rooms_of_talks_fit_a_tablet(office: LoneOffice, desk: Any) -> None:
    await office.ask("甲", reason="safety", danger="fire")
    window = await desk("supervisor", 768, 1024)
    await claim(window.page, "甲")
    assert await window.overflow() <= 0
    await window.page.get_by_text("已结束", exact=True).click()
    assert await window.overflow() <= 0
