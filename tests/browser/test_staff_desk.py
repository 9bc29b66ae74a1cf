"""The staff desk: who may do what, and a conversation between two windows."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from playwright.async_api import Locator, expect


async def waiting_citizen(phone: Any) -> tuple[Any, str]:
    """Return a citizen who asked for a person, and words by which the desk knows them."""
    window = await (await phone()).open()
    mark = f"牌号{uuid.uuid4().hex[:6]}"
    await window.ask(f"你好，{mark}")
    await window.ask("转人工")
    return window, mark


async def open_handoff(page: Any, mark: str) -> Locator:
    """Open the handoff of the citizen who said `mark`; return its conversation."""
    talk = page.get_by_role("log")
    entries = page.locator(".queue li button")
    await expect(entries.first).to_be_visible()
    for index in reversed(range(await entries.count())):
        await entries.nth(index).click()
        await expect(talk.locator("article").first).to_be_visible()
        if await talk.get_by_text(mark).count():
            return talk
    raise AssertionError(f"nobody in the queue said {mark}")


async def test_a_wrong_password_is_answered_in_a_sentence(desk: Any) -> None:
    window = await desk(None)
    await window.log_in("agent", "wrong-password")
    await expect(window.page.get_by_role("alert")).to_contain_text("密码不对")
    assert await window.violations() == []


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        ("agent", ["人工接待"]),
        ("supervisor", ["人工接待", "个人信息"]),
        ("approver", ["办件"]),
        ("dispatcher", ["诉求工单"]),
        ("admin", ["人工接待", "办件", "诉求工单", "个人信息", "账号"]),
        ("auditor", ["查阅记录"]),
    ],
)
async def test_the_menu_shows_the_rooms_of_the_role(desk: Any, role: str, rooms: list[str]) -> None:
    window = await desk(role)
    entries = window.page.get_by_role("navigation").get_by_role("link")
    await expect(entries).to_have_count(len(rooms))
    for entry, room in zip(await entries.all(), rooms, strict=True):
        await expect(entry).to_contain_text(room)
        await entry.click()
        await expect(window.page.get_by_role("heading", level=1)).to_contain_text(room)
        assert await window.violations() == []
    assert window.complaints == []


async def test_staff_answer_the_bot_is_silent_and_takes_over_again(phone: Any, desk: Any) -> None:
    citizen, mark = await waiting_citizen(phone)
    staff = await desk("agent")
    talk = await open_handoff(staff.page, mark)
    await staff.page.get_by_role("button", name="接待", exact=True).click()
    await expect(citizen.page.get_by_text("人工在线")).to_be_visible()

    await staff.page.get_by_label("回复").fill("您好，我来帮您。")
    await staff.page.get_by_label("回复").press("Enter")
    await expect(citizen.log.locator("article.staff")).to_contain_text("您好，我来帮您。")

    answers = await citizen.answers.count()
    await citizen.write("我的手机号是19900000001，户口簿也丢了")
    await expect(talk.get_by_text("户口簿也丢了")).to_be_visible()
    await expect(talk.get_by_text("19900000001")).to_have_count(0)
    await expect(citizen.log.locator(".thinking")).to_have_count(0)
    assert await citizen.answers.count() == answers
    assert await staff.violations() == []
    await staff.keep_screenshot("desk")

    await staff.page.get_by_role("button", name="交还机器人").click()
    dialog = staff.page.get_by_role("dialog")
    await dialog.get_by_role("textbox").fill("已经说明白了")
    await dialog.get_by_role("button", name="确定").click()
    await expect(citizen.page.get_by_text("人工在线")).to_have_count(0)
    await citizen.ask("身份证掉了咋个补嘛")


async def test_a_new_citizen_in_the_queue_is_seen_without_reloading(phone: Any, desk: Any) -> None:
    await waiting_citizen(phone)
    staff = await desk("agent")
    await expect(staff.page.get_by_text("实时")).to_be_visible()
    entries = staff.page.locator(".queue li button")
    await expect(entries.first).to_be_visible()
    before = await entries.count()
    await waiting_citizen(phone)
    await expect(entries).to_have_count(before + 1)


async def test_no_message_is_lost_over_a_broken_line_of_the_desk(phone: Any, desk: Any) -> None:
    citizen, mark = await waiting_citizen(phone)
    staff = await desk("agent")
    talk = await open_handoff(staff.page, mark)
    await staff.page.get_by_role("button", name="接待", exact=True).click()
    await expect(staff.page.get_by_label("回复")).to_be_visible()
    await staff.page.context.set_offline(True)
    await citizen.write("断线的时候说的话")
    await expect(citizen.log.locator("[data-state]")).to_have_count(0)
    await staff.page.get_by_label("回复").fill("这句回复等网络好了再发")
    await staff.page.get_by_label("回复").press("Enter")
    await expect(staff.page.get_by_role("alert").filter(has_text="内容还在")).to_be_visible()
    await staff.page.context.set_offline(False)
    await expect(talk.get_by_text("断线的时候说的话")).to_be_visible()
    await staff.page.get_by_role("button", name="发送").click()
    await expect(citizen.log.get_by_text("这句回复等网络好了再发")).to_have_count(1)


async def test_an_ended_session_leads_to_the_login_and_back(
    desk: Any, staff_logins: dict[str, tuple[str, str]]
) -> None:
    window = await desk("approver")
    await window.page.evaluate(
        """async () => {
            const { token } = JSON.parse(sessionStorage.getItem('paoyici.desk.v2'));
            const headers = { Authorization: `Bearer ${token}` };
            await fetch('/api/v1/staff/logout', { method: 'POST', headers });
        }"""
    )
    # The office closes the desk's socket at once; nobody has to press anything to see it.
    await expect(window.page.get_by_text("登录过期了")).to_be_visible()
    username, password = staff_logins["approver"]
    await window.page.get_by_label("账号").fill(username)
    await window.page.get_by_label("密码").fill(password)
    await window.page.get_by_role("button", name="登录").click()
    await expect(window.page.get_by_role("heading", level=1)).to_have_text("办件")


@pytest.mark.parametrize(
    ("role", "room"),
    [
        ("admin", "人工接待"),
        ("admin", "办件"),
        ("admin", "诉求工单"),
        ("admin", "账号"),
        ("auditor", "查阅记录"),
    ],
)
async def test_the_desk_fits_a_tablet(desk: Any, role: str, room: str) -> None:
    window = await desk(role, 768, 1024)
    await window.page.get_by_role("link", name=room).click()
    await expect(window.page.get_by_role("heading", level=1)).to_contain_text(room)
    assert await window.overflow() <= 0
