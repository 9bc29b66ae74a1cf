"""Whole journeys through both pages: the citizen on a phone, the office at its desk."""

from __future__ import annotations

import re
from typing import Any

from forms import answer_to, fields_of
from playwright.async_api import Locator, expect

APPLICATION = "MZ008"
CASE = re.compile(r"BJ\d{13}")
TICKET = re.compile(r"GD\d{13}")


async def number_in(log: Locator, pattern: re.Pattern[str]) -> str:
    """Return the newest case or report number in the conversation."""
    numbers: list[str] = pattern.findall(await log.inner_text())
    assert numbers, await log.inner_text()
    return numbers[-1]


async def applied(window: Any, serial: int) -> str:
    """Apply for the old-age allowance; return the case number."""
    await window.ask("我要申请高龄津贴")
    for field in fields_of(APPLICATION):
        answer = await window.ask(answer_to(field, serial))
        if "同不同意" in await answer.inner_text():
            await window.ask("同意")
    await window.ask("确认提交")
    await expect(window.log.locator("img.image")).to_be_visible()
    return await number_in(window.log, CASE)


async def decide(page: Any, step: str) -> None:
    """Take a step at the desk and confirm it."""
    await page.get_by_role("button", name=step, exact=True).click()
    await page.get_by_role("dialog", name=step).get_by_role("button", name="确定").click()
    await expect(page.get_by_text(f"已办好：{step}").first).to_be_visible()


async def test_an_application_gives_a_receipt_that_anyone_can_verify(phone: Any) -> None:
    window = await (await phone()).open()
    number = await applied(window, 301)
    drawn = await window.log.locator("img.image").last.get_attribute("src")
    token = re.search(r"/receipts/([^/]+)/qr", drawn or "")
    assert token, drawn
    await window.page.goto(f"{window.origin}/#/receipt/{token[1]}")
    await expect(window.page.get_by_text("这张回执是真的")).to_be_visible()
    await expect(window.page.get_by_text(number)).to_be_visible()
    shown = await window.page.inner_text("main")
    assert "王" not in shown
    assert await window.page.get_by_role("figure").count() == 0  # WeChat is not connected here
    assert await window.violations() == []

    await window.page.route("**/channels/wechat/qr/**", with_wechat)
    await window.page.reload()
    code = window.page.get_by_role("img", name=f"编号 {number} 的微信二维码")
    await expect(code).to_be_visible()
    assert await code.get_attribute("src") == f"/channels/wechat/qr/{number}.svg"
    await expect(window.page.get_by_text("用微信扫一扫")).to_be_visible()
    assert await window.violations() == []
    assert await window.overflow() <= 0


async def with_wechat(route: Any) -> None:
    """Answer as the door does where WeChat is connected."""
    if route.request.url.endswith(".svg"):
        drawn = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M1 1h3v3z"/></svg>'
        )
        await route.fulfill(content_type="image/svg+xml", body=drawn)
    else:
        await route.fulfill(json={"scene": "", "url": "", "image_url": "", "expires_at": ""})


async def test_an_approver_moves_a_case_on_and_the_citizen_hears_of_it(
    phone: Any, desk: Any
) -> None:
    citizen = await (await phone()).open()
    staff = await desk("approver")
    number = await applied(citizen, 302)
    row = staff.page.get_by_role("button", name=number)
    await expect(row).to_be_visible()
    await row.click()
    drawer = staff.page.get_by_role("dialog", name=number)
    await expect(drawer.get_by_text("199****0001")).to_be_visible()
    assert await staff.violations() == []

    await drawer.get_by_role("button", name="看完整信息").click()
    question = staff.page.get_by_role("dialog", name="看完整信息")
    await question.get_by_role("button", name="确定").click()
    await expect(question.get_by_role("alert")).to_contain_text("请写明这一次为什么要看")
    await question.get_by_label("为什么要看").fill("电话核实材料")
    await question.get_by_role("button", name="确定").click()
    await expect(question.get_by_role("alert")).to_contain_text("这是例子里的话")
    await question.get_by_label("为什么要看").fill("电话核实申请人的户口")
    assert await staff.violations() == []
    await question.get_by_role("button", name="确定").click()
    await expect(drawer.get_by_text("19900000001")).to_be_visible()
    await expect(drawer.get_by_text("正在看完整信息")).to_be_visible()
    await staff.keep_screenshot("desk-case")

    answers = await citizen.answers.count()
    await staff.page.get_by_role("button", name="退回补正").click()
    question = staff.page.get_by_role("dialog", name="退回补正")
    await question.get_by_role("button", name="确定").click()
    await expect(question.get_by_role("alert")).to_contain_text("请写明要补什么")
    await question.get_by_label("要补的材料").fill("户口簿照片\n银行卡照片")
    await question.get_by_label("理由").fill("照片看不清")
    await question.get_by_role("button", name="确定").click()
    await expect(drawer.get_by_text("待补正").first).to_be_visible()
    await expect(citizen.answers.nth(answers)).to_contain_text("照片看不清")
    await expect(citizen.answers.nth(answers)).to_contain_text("银行卡照片")


async def test_a_dispatcher_sends_a_report_to_a_unit(phone: Any, desk: Any) -> None:
    citizen = await (await phone()).open()
    staff = await desk("dispatcher")
    await citizen.ask("我们楼下路灯坏了好几天，晚上黑漆漆的")
    for said in ("清水街道一号院门口", "跳过", "跳过", "对，提交"):
        if TICKET.search(await citizen.log.inner_text()):
            break
        await citizen.ask(said)
    ticket = await number_in(citizen.log, TICKET)
    row = staff.page.get_by_role("button", name=ticket)
    await expect(row).to_be_visible()
    await row.click()
    drawer = staff.page.get_by_role("dialog", name=ticket)
    await expect(drawer.get_by_text("黑漆漆的")).to_be_visible()
    await decide(staff.page, "派单")
    await decide(staff.page, "签收")
    await expect(drawer.get_by_role("button", name="处理完成")).to_be_visible()
    assert await staff.violations() == []
    assert staff.complaints == []
