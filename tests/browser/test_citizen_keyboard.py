"""The citizen page by keyboard: the focus is seen at every stop of every view."""

from __future__ import annotations

from typing import Any

import pytest
from forms import answer_to, fields_of
from playwright.async_api import expect

APPLICATION = "MZ008"
MOST_STOPS = 120


async def stops(window: Any) -> list[str]:
    """Tab once through everything; return the stops' names, having seen the focus at each."""
    await window.page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    names: list[str] = []
    while len(names) < MOST_STOPS and (name := await window.tab()):
        names.append(name)
    return names


@pytest.mark.parametrize("view", ["standard", "elder"])
async def test_the_focus_is_seen_at_every_stop_of_every_view(phone: Any, view: str) -> None:
    window = await (await phone()).open()
    if view == "elder":
        await window.elder()
    welcome = await stops(window)
    assert any("身份证丢了" in name for name in welcome)
    assert "say" in welcome
    await window.ask("身份证掉了咋个补嘛")
    assert set(await window.chips.all_inner_texts()) <= set(await stops(window))
    await window.page.get_by_role("button", name="更多").click()
    assert any("位置" in name for name in await stops(window))
    await window.ask("我要申请高龄津贴")
    assert "先不办了" in await stops(window)
    for field in fields_of(APPLICATION):
        await window.ask(answer_to(field, 311))
    assert "没错，提交" in await stops(window)
    await window.ask("确认提交")
    assert "查看回执" in await stops(window)
    await window.page.get_by_role("link", name="查看回执").click()
    await expect(window.page.get_by_text("这张回执是真的")).to_be_visible()
    assert "去首页问一问" in await stops(window)


async def test_escape_closes_what_can_be_sent_besides_words(phone: Any) -> None:
    page = (await (await phone()).open()).page
    more = page.get_by_role("button", name="更多")
    await more.click()
    leaving = page.get_by_role("button", name="清空并退出")
    await leaving.focus()
    await page.keyboard.press("Escape")
    await expect(leaving).to_be_hidden()
    await expect(more).to_be_focused()
