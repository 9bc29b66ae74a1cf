"""What a browser keeps of a citizen: one conversation for all its tabs, a draft, and no more."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from playwright.async_api import expect

HELD = "Object.keys(localStorage).concat(Object.keys(sessionStorage))"
WITHOUT_LOCKS = "Object.defineProperty(navigator, 'locks', { value: undefined })"


async def second_tab(window: Any) -> Any:
    """Open the page once more in the same browser."""
    tab = type(window)(await window.page.context.new_page(), window.origin)
    return await tab.open()


@pytest.mark.parametrize("locks", [True, False])
async def test_two_fresh_tabs_open_one_conversation(phone: Any, locks: bool) -> None:
    window = await phone()
    if not locks:
        await window.page.context.add_init_script(WITHOUT_LOCKS)
    await window.open()
    other = await second_tab(window)
    await asyncio.gather(window.write("低保怎么办"), other.write("社保卡掉了怎么补"))
    for tab in (window, other):
        for text in ("低保怎么办", "社保卡掉了怎么补"):
            await expect(tab.log.locator("article.own", has_text=text)).to_have_count(1)
    for tab in (window, other):
        await tab.page.reload()
        for text in ("低保怎么办", "社保卡掉了怎么补"):
            await expect(tab.log.locator("article.own", has_text=text)).to_have_count(1)


async def test_a_tabs_unsent_words_outlive_what_another_tab_sends(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    other = await second_tab(window)
    await window.page.route("**/channels/web/messages", lambda route: route.abort())
    await window.write("这句还没有发出去")
    await expect(window.log.get_by_text("等网络，连上就发")).to_be_visible()
    await other.ask("我是另一个窗口")
    await window.page.close()
    await other.page.reload()
    await expect(other.log.locator("article.own", has_text="这句还没有发出去")).to_have_count(1)
    await expect(other.log.locator("[data-state]")).to_have_count(0)
    assert await other.times_said("这句还没有发出去") == 1


async def test_a_draft_is_there_after_a_reload_and_gone_once_sent(phone: Any) -> None:
    window = await (await phone()).open()
    await window.composer.fill("99010119")
    await window.page.reload()
    await expect(window.composer).to_have_value("99010119")
    await window.write("你好")
    await window.page.reload()
    await expect(window.composer).to_have_value("")
    await expect(window.log.locator("article.own")).to_have_count(1)


async def leave(window: Any) -> None:
    """Press 清空并退出 and say yes."""
    await window.page.get_by_role("button", name="更多").click()
    await window.page.get_by_role("button", name="清空并退出").click()
    dialog = window.page.get_by_role("dialog", name="清空并退出吗？")
    await dialog.get_by_role("button", name="清空并退出").click()
    await expect(window.page.locator(".welcome")).to_be_visible()


async def test_whoever_leaves_leaves_nothing_behind_in_any_tab(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    other = await second_tab(window)
    await expect(other.log.locator("article.own", has_text="你好")).to_have_count(1)
    await other.composer.fill("99010119")
    token = await window.page.evaluate(
        "JSON.parse(localStorage.getItem('paoyici.conversation')).token"
    )
    ended = window.page.expect_request(
        lambda request: (
            request.method == "DELETE" and request.url.endswith("/channels/web/conversations")
        )
    )
    async with ended as told:
        await leave(window)
    assert (await told.value).headers["authorization"] == f"Bearer {token}"
    await expect(window.page.get_by_role("status").filter(has_text="都清空了")).to_be_visible()
    await expect(other.page.locator(".welcome")).to_be_visible()
    await expect(other.composer).to_have_value("")
    for tab in (window, other):
        assert await tab.page.evaluate(HELD) == ["paoyici.elder"]
        await tab.page.reload()
        await expect(tab.page.locator(".welcome")).to_be_visible()
    await window.ask("我是后面来的人")
    assert await window.times_said("你好") == 0


async def test_whoever_leaves_without_a_network_is_told_what_could_not_be_done(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    await window.page.context.set_offline(True)
    await window.write("没发出去的话")
    await leave(window)
    await expect(window.page.get_by_text("没能通知到服务器")).to_be_visible()
    assert await window.page.evaluate(HELD) == ["paoyici.elder"]
    await window.page.context.set_offline(False)
    await window.ask("我是后面来的人")
    assert await window.times_said("没发出去的话") == 0


async def test_whoever_thinks_better_of_leaving_keeps_everything(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    await window.page.get_by_role("button", name="更多").click()
    await window.page.get_by_role("button", name="清空并退出").click()
    await window.page.get_by_role("dialog").get_by_role("button", name="不退出").click()
    await window.page.reload()
    await expect(window.log.locator("article.own", has_text="你好")).to_have_count(1)
