"""Accounts and their first steps, and who looked at whose personal data."""

from __future__ import annotations

import base64
import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.async_api import Locator, Page, expect

from backend.staff.second_factor import code_at

FIRST, SECOND, THIRD = "first-long-password", "second-long-password", "third-long-password"
CODE = "动态码（6 位数字）"


async def choose(page: Page, room: str) -> None:
    """Go to a room of the menu."""
    await page.get_by_role("navigation").get_by_role("link", name=room).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(room)


async def confirm(page: Page, **fields: str) -> Locator:
    """Fill in the dialog that is open and confirm; return the dialog."""
    dialog = page.get_by_role("dialog")
    for label, words in fields.items():
        await dialog.get_by_label(label, exact=True).fill(words)
    await dialog.get_by_role("button", name="确定").click()
    return dialog


def new_password(word: str) -> dict[str, str]:
    """Return the two fields of a new password."""
    return {"新密码（至少 12 位）": word, "再输一遍新密码": word}


async def test_an_account_is_opened_given_a_password_and_switched_off(desk: Any) -> None:
    admin, mark = await desk("admin"), uuid.uuid4().hex[:6]
    username, name = f"approver-{mark}", f"审批{mark}"
    await choose(admin.page, "账号")
    await admin.page.get_by_role("button", name="开账号").click()
    dialog = await confirm(admin.page, 姓名=name, 用户名=username, **new_password("short"))
    await expect(dialog.get_by_role("alert")).to_have_text("请至少选一个岗位。")
    await dialog.get_by_text("审批", exact=True).click()
    await confirm(admin.page)
    await expect(dialog.get_by_role("alert")).to_have_text("密码至少要 12 位。")
    assert await admin.violations() == []
    await confirm(admin.page, **new_password(FIRST))
    row = admin.page.get_by_role("row").filter(has_text=username)
    await expect(row).to_contain_text("在用")

    staff = await desk(None)
    await staff.log_in(username, FIRST)
    await expect(staff.page.get_by_role("heading", level=1)).to_contain_text("还差一步")
    assert await staff.violations() == []
    await staff.page.goto(f"{staff.origin}/desk/#/cases")
    await expect(staff.page.get_by_role("navigation")).to_have_count(0)
    await staff.page.get_by_role("button", name="换密码").click()
    dialog = await confirm(staff.page, 现在的密码="wrong", **new_password(SECOND))
    await expect(dialog.get_by_role("alert")).to_contain_text("现在的密码不对")
    assert await staff.violations() == []
    await dialog.get_by_label("现在的密码").fill(FIRST)
    await staff.page.keyboard.press("Enter")
    await expect(staff.page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    await staff.log_in(username, SECOND)
    await expect(staff.page.get_by_role("heading", level=1)).to_have_text("办件")

    await row.get_by_role("button", name="重设密码").click()
    await confirm(admin.page, **new_password(THIRD))
    await expect(admin.page.get_by_text(f"已给“{name}”重设密码")).to_be_visible()
    await staff.page.reload()
    await expect(staff.page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    await staff.log_in(username, THIRD)
    await expect(staff.page.get_by_role("button", name="换密码")).to_be_visible()

    await row.get_by_role("button", name="停用").click()
    await confirm(admin.page)
    await expect(row).to_contain_text("已停用")
    await staff.log_in(username, THIRD)
    await expect(staff.page.get_by_role("alert")).to_contain_text("密码不对")
    assert admin.complaints == staff.complaints == []


async def test_a_look_in_clear_is_found_with_its_reason(phone: Any, desk: Any) -> None:
    citizen = await (await phone()).open()
    await citizen.ask("我要反映楼下路灯坏了三天了，黑得很")
    await citizen.ask("青石路8号门口")
    await citizen.ask("跳过")
    await citizen.ask("跳过")
    await citizen.ask("对")

    dispatcher = await desk("dispatcher")
    row = dispatcher.page.get_by_role("row").filter(has_text="路灯").first
    await row.get_by_role("button").click()
    await dispatcher.page.get_by_role("button", name="看完整信息").click()
    why, mark = dispatcher.page.get_by_label("为什么要看"), f"回电{uuid.uuid4().hex[:6]}"
    await why.fill(mark)
    await dispatcher.page.get_by_role("button", name="确定").click()
    await expect(dispatcher.page.get_by_text("正在看完整信息")).to_be_visible()

    auditor = await desk("auditor")
    look = auditor.page.get_by_role("row").filter(has_text=mark)
    await expect(look).to_contain_text("看工单完整信息")
    number = await look.get_by_role("button").inner_text()
    others = auditor.page.get_by_role("row").filter(has_not_text=number)
    await auditor.page.get_by_label("办件、工单编号").fill(f" {number.lower()} ")
    await auditor.page.get_by_role("button", name="查一下").click()
    await expect(others).to_have_count(1)  # the head of the table
    await expect(look).to_be_visible()
    await auditor.page.reload()
    await expect(look).to_be_visible()
    await auditor.page.locator(".el-select__wrapper").click()
    await auditor.page.get_by_role("option", name="派单员小何").click()
    await auditor.page.get_by_text("这个账号的变动和登录").click()
    await expect(auditor.page.get_by_text("登录", exact=True).last).to_be_visible()
    await auditor.page.get_by_role("button", name="核对记录").click()
    alert = auditor.page.get_by_role("alert")
    await expect(alert).to_contain_text("都没有被改过")
    words = await alert.inner_text()
    noted = re.search(r"条数 (\d+) 和校验码 (\w{12})", words)
    assert noted, words
    await auditor.page.get_by_label("上次记下的条数").fill(noted[1])
    await auditor.page.get_by_label("上次记下的校验码").fill(noted[2].upper())
    await auditor.page.get_by_role("button", name="核对记录").click()
    await expect(alert).to_contain_text("都没有被改过")
    await auditor.page.get_by_label("上次记下的校验码").fill("0" * 12)
    await auditor.page.get_by_role("button", name="核对记录").click()
    await expect(alert).to_contain_text("和您上次记下的对不上")
    assert await auditor.violations() == []
    assert auditor.complaints == []


async def test_a_phone_becomes_the_second_factor_and_is_lost(desk: Any) -> None:
    admin, mark = await desk("admin"), uuid.uuid4().hex[:6]
    username, name = f"agent-{mark}", f"坐席{mark}"
    await choose(admin.page, "账号")
    await admin.page.get_by_role("button", name="开账号").click()
    dialog = admin.page.get_by_role("dialog")
    await dialog.get_by_text("坐席", exact=True).click()
    await confirm(admin.page, 姓名=name, 用户名=username, **new_password(FIRST))
    staff = await desk(None)
    await staff.log_in(username, FIRST)
    await staff.page.get_by_role("button", name="换密码").click()
    await confirm(staff.page, 现在的密码=FIRST, **new_password(SECOND))
    await expect(staff.page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    await staff.log_in(username, SECOND)

    await staff.page.get_by_role("button", name="绑定动态码").click()
    dialog = await confirm(staff.page, 现在的密码="wrong")
    await expect(dialog.get_by_role("alert")).to_contain_text("现在的密码不对")
    await confirm(staff.page, 现在的密码=SECOND)
    await expect(dialog.get_by_role("img", name="二维码")).to_be_visible()
    secret = base64.b32decode((await dialog.locator("code").inner_text()).replace(" ", ""))
    await confirm(staff.page, **{CODE: "12345"})
    await expect(dialog.get_by_role("alert")).to_contain_text("动态码不对")
    assert await staff.violations() == []
    confirmed = datetime.now(UTC)
    await confirm(staff.page, **{CODE: code_at(secret, confirmed)})
    await expect(staff.page.get_by_text("动态码绑好了")).to_be_visible()
    await expect(staff.page.get_by_role("button", name="绑定动态码")).to_have_count(0)

    await staff.page.get_by_role("button", name="退出登录").click()
    await staff.log_in(username, SECOND)
    code = staff.page.get_by_label(CODE)
    await expect(code).to_be_focused()
    assert await staff.violations() == []
    await code.fill(code_at(secret, confirmed))
    await code.press("Enter")
    await expect(staff.page.get_by_role("alert")).to_contain_text("已经用过")
    # The next code is taken a step early: an app's clock may be ahead.
    await code.fill(code_at(secret, confirmed + timedelta(seconds=30)))
    await code.press("Enter")
    await expect(staff.page.get_by_role("heading", level=1)).to_have_text("人工接待")

    await admin.page.reload()
    row = admin.page.get_by_role("row").filter(has_text=username)
    await row.get_by_role("button", name="解除动态码").click()
    await confirm(admin.page)
    await expect(admin.page.get_by_text(f"已解除“{name}”的动态码")).to_be_visible()
    await staff.page.reload()
    await staff.log_in(username, SECOND)
    await expect(staff.page.get_by_role("heading", level=1)).to_have_text("人工接待")
    assert admin.complaints == staff.complaints == []
