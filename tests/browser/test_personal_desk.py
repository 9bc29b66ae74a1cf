"""《个人信息保护法》第四十五至五十条 at the desk: requests are carried out or refused in time."""

from __future__ import annotations

import json
import re
import uuid
import zipfile
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Locator, Page, expect

WHY, SAID = "本人到大厅来办，核对过身份证", "我想看看你们存了我哪些信息"
Ask = Callable[..., Awaitable[str]]


@pytest.fixture
def ask(house: Any) -> Ask:
    """File a request as the bot does, for somebody who has talked; return its number."""
    lines = (house.home / "secrets.env").read_text(encoding="utf-8").splitlines()
    token = dict(line.split("=", 1) for line in lines)["SERVICE_TOKEN"]

    async def file(kind: str, name: str | None = None) -> str:
        name = name or f"personal-{uuid.uuid4().hex[:8]}"
        office, said = f"{house.origin}/api/v1", {"kind": "text", "text": SAID}
        identity = {"channel": "web", "id": name}
        message = {
            "key": f"{name}:1", "direction": "in", "author": {"kind": "citizen"},
            "body": said, "at": "2026-11-23T09:00:00+08:00",
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(headers=headers, raise_for_status=True) as session:
            who = {"channel": "web", "identity": name}
            await session.put(f"{office}/conversations/{name}", json=who)
            await session.post(f"{office}/conversations/{name}/messages", json=message)
            wish = {"conversation_id": name, "identity": identity, "kind": kind}
            request = await session.post(f"{office}/personal/requests", json=wish)
            return str((await request.json())["number"])

    return file


async def open_request(page: Page, number: str) -> Locator:
    """Go to the requests and open one; return its drawer."""
    await page.get_by_role("navigation").get_by_role("link", name="个人信息").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("个人信息请求")
    await page.get_by_role("button", name=number).click()
    drawer = page.get_by_role("dialog", name=number)
    await expect(drawer.get_by_text("市民提出")).to_be_visible()
    return drawer


async def give_reason(page: Page, step: str, label: str, why: str = WHY) -> Locator:
    """Take a step with a reason; return the dialog that asked for it."""
    await page.get_by_role("dialog").get_by_role("button", name=step, exact=True).click()
    question = page.get_by_role("dialog", name=step, exact=True)
    await question.get_by_label(label).fill(why)
    await question.get_by_role("button", name="确定").click()
    return question


async def test_a_copy_is_downloaded_whole_and_the_request_ended(ask: Ask, desk: Any) -> None:
    number = await ask("copy")
    window = await desk("supervisor")
    link = window.page.get_by_role("navigation").get_by_role("link", name="个人信息")
    await expect(link.locator(".count")).to_have_text(re.compile(r"\d+"))
    drawer = await open_request(window.page, number)
    await expect(drawer.get_by_text("要一份资料")).to_be_visible()
    assert await window.violations() == []
    question = await give_reason(window.page, "取副本", "为什么取", "不行")
    await expect(question.get_by_role("alert")).to_have_text("请写明理由，至少写 6 个字。")
    await question.get_by_label("为什么取").fill(WHY + number[-5:])
    async with window.page.expect_download() as started:
        await question.get_by_role("button", name="确定").click()
    download = await started.value
    assert download.suggested_filename == f"{number}.zip"
    copied = json.loads(zipfile.ZipFile(await download.path()).read("personal.json"))
    assert copied["conversations"][0]["messages"][0]["body"]["text"] == SAID
    assert [talk["id"] for talk in copied["door"]] == list(copied["dialogue"])
    await expect(drawer.get_by_text("取走副本")).to_be_visible()

    question = await give_reason(window.page, "办结", "怎么办的")
    await expect(question).to_have_count(0)
    await expect(drawer.get_by_text("主管老赵").last).to_contain_text(WHY)
    await expect(drawer.get_by_role("button", name="取副本")).to_have_count(0)
    assert window.complaints == []

    auditor = await desk("auditor")
    look = auditor.page.get_by_role("row").filter(has_text=number)
    await expect(look).to_contain_text("取个人信息副本")
    await auditor.page.get_by_label("个人信息请求编号").fill(f" {number.lower()}")
    await auditor.page.get_by_role("button", name="查一下").click()
    await expect(look).to_have_count(1)
    assert auditor.complaints == []


async def test_an_erasure_is_carried_out_while_the_desk_looks_on(ask: Ask, desk: Any) -> None:
    number = await ask("erase")
    window = await desk("supervisor")
    drawer = await open_request(window.page, number)
    await expect(drawer.get_by_role("button", name="办结", exact=True)).to_have_count(0)
    await give_reason(window.page, "开始删除", "怎么核对的")
    await expect(drawer.get_by_text("正在删除")).to_be_visible()
    await expect(drawer.get_by_role("button", name="不予办理")).to_have_count(0)
    # The door lets turns come to an end before it erases.
    await expect(drawer.get_by_text("已随资料删除")).to_be_visible(timeout=60_000)
    await expect(drawer.get_by_text("已办结").first).to_be_visible()
    assert window.complaints == []


async def test_a_refusal_is_read_by_the_citizen_and_the_list_moves_on_by_itself(
    phone: Any, desk: Any
) -> None:
    citizen = await (await phone()).open()
    await citizen.ask("更正我的信息")
    window = await desk("supervisor", width=375, height=720)
    await window.page.goto(f"{window.origin}/desk/#/personal")
    await expect(window.page.get_by_role("heading", level=1)).to_have_text("个人信息请求")
    await citizen.ask("删除我的个人信息")
    await citizen.page.get_by_role("button", name="只删这个对话").click()
    told = citizen.answers.filter(has_text=re.compile(r"GX\d{13}"))
    await expect(told).to_have_count(1)
    [number] = re.findall(r"GX\d{13}", await told.inner_text())
    line = window.page.get_by_role("row").filter(has_text=number)
    await expect(line).to_contain_text("待办")
    assert await window.overflow() <= 0
    drawer = await open_request(window.page, number)
    assert await window.overflow() <= 0
    why = "您还有一件低保在办，办完再删"
    question = await give_reason(window.page, "不予办理", "不能办的理由", why)
    await expect(question).to_have_count(0)
    await expect(drawer.get_by_text(why)).to_be_visible()
    await expect(citizen.answers.filter(has_text=why)).to_be_visible()
    await window.page.keyboard.press("Escape")
    # Its line has moved below what is open, and takes the focus along.
    await expect(line).to_contain_text("不予办理")
    await expect(window.page.get_by_role("button", name=number)).to_be_focused()
    assert window.complaints == []


async def test_a_request_is_opened_and_left_by_keyboard(ask: Ask, desk: Any) -> None:
    number = await ask("correct")
    window = await desk("supervisor")
    await window.page.goto(f"{window.origin}/desk/#/personal")
    opener = window.page.get_by_role("button", name=number)
    await opener.focus()
    await window.page.keyboard.press("Enter")
    drawer = window.page.get_by_role("dialog", name=number)
    await expect(drawer.get_by_role("button", name="办结", exact=True)).to_be_visible()
    await drawer.get_by_role("button", name="办结", exact=True).focus()
    await window.page.keyboard.press("Enter")
    question = window.page.get_by_role("dialog", name="办结", exact=True)
    await expect(question).to_be_visible()
    await window.page.keyboard.press("Escape")
    await expect(question).to_be_hidden()
    await expect(drawer).to_be_visible()
    await window.page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)
    await expect(opener).to_be_focused()
    assert window.complaints == []


async def test_whoever_may_not_answer_sees_the_list_alone_or_nothing(ask: Ask, desk: Any) -> None:
    number = await ask("erase")
    admin = await desk("admin")
    drawer = await open_request(admin.page, number)
    await expect(admin.page.get_by_text("您可以查看，不能办理。")).to_be_visible()
    await expect(drawer.get_by_role("button", name="开始删除")).to_have_count(0)
    agent = await desk("agent")
    await agent.page.goto(f"{agent.origin}/desk/#/personal/{number}")
    await expect(agent.page.get_by_role("heading", level=1)).to_have_text("人工接待")
    await expect(agent.page.get_by_role("link", name="个人信息")).to_have_count(0)
    assert admin.complaints == agent.complaints == []


async def test_a_list_that_cannot_be_read_says_so_and_an_absent_request_too(desk: Any) -> None:
    window = await desk("supervisor")
    await window.page.goto(f"{window.origin}/desk/#/personal/GX2020010100001")
    drawer = window.page.get_by_role("dialog", name="GX2020010100001")
    await expect(drawer.get_by_role("alert")).to_have_text("没有这个请求，请刷新看看。")
    await window.page.keyboard.press("Escape")
    refused = {"error": {"key": "office.busy", "message": "现在办的人多。"}}
    await window.page.route(
        "**/desk/personal/requests?*", lambda route: route.fulfill(status=503, json=refused)
    )
    await window.page.get_by_text("不予办理", exact=True).first.click()
    await expect(window.page.get_by_role("alert")).to_have_text("现在办的人多。")
    assert window.complaints == []
