"""The citizen page on a phone: what it shows, in both views, by finger, keyboard and reader."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import expect

QUESTION = "身份证掉了咋个补嘛"


async def test_the_first_screen_offers_starters_the_elder_view_and_a_person(phone: Any) -> None:
    window = await (await phone()).open()
    starters = window.page.locator(".welcome li button")
    assert 4 <= await starters.count() <= 6
    await expect(window.page.get_by_role("button", name="长辈版")).to_be_in_viewport()
    await expect(starters.filter(has_text="找人工")).to_be_in_viewport()
    await window.keep_screenshot("citizen-welcome")


async def test_a_starter_begins_the_conversation(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.locator(".welcome li button").first.click()
    await expect(window.answers.first).to_be_visible()
    await expect(window.page.locator(".welcome")).to_have_count(0)


async def test_an_answer_names_its_ground_and_offers_next_steps(phone: Any) -> None:
    window = await (await phone()).open()
    answer = await window.ask(QUESTION)
    await expect(window.log.get_by_text("事项编码 GA004").first).to_be_visible()
    assert await answer.inner_text()
    assert 1 <= await window.chips.count() <= 4
    await window.keep_screenshot("citizen")


async def test_a_chip_speaks_for_the_citizen(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask(QUESTION)
    title = await window.chips.first.inner_text()
    before = await window.answers.count()
    await window.chips.first.click()
    await expect(window.log.locator("article.own").last).to_contain_text(title)
    await expect(window.answers.nth(before)).to_be_visible()
    pressed = [m["body"] for m in await window.logged() if m["body"]["kind"] == "button"]
    assert [body["text"] for body in pressed] == [title]
    assert pressed[0]["payload"].startswith("/")


async def test_history_is_there_after_a_reload(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask(QUESTION)
    before = await window.log.locator("article").all_inner_texts()
    await window.page.reload()
    await expect(window.log.locator("article")).to_have_count(len(before))
    assert await window.log.locator("article").all_inner_texts() == before


@pytest.mark.parametrize("width", [375, 320])
async def test_nothing_scrolls_sideways_in_either_view(phone: Any, width: int) -> None:
    window = await (await phone(width, 640)).open()
    assert await window.overflow() <= 0
    await window.ask(QUESTION)
    assert await window.overflow() <= 0
    await window.elder()
    for _ in range(3):
        assert await window.overflow() <= 0
        await window.page.get_by_role("button", name="字号").click()


async def test_text_may_be_doubled(phone: Any) -> None:
    """WCAG 2.1, 1.4.4: everything stays there and reachable at 200 % text size."""
    window = await (await phone()).open()
    await window.ask(QUESTION)
    await window.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert await window.overflow() <= 0
    await expect(window.composer).to_be_in_viewport()
    await expect(window.page.get_by_role("button", name="长辈版")).to_be_in_viewport()


async def test_targets_are_large_enough_for_a_thumb(phone: Any) -> None:
    """适老化: 44×44 pixels, 60×60 in the elder view."""
    window = await (await phone()).open()
    assert await window.small_targets(44) == []
    await window.ask(QUESTION)
    await window.page.get_by_role("button", name="更多").click()
    assert await window.small_targets(44) == []
    await window.elder()
    assert await window.small_targets(60) == []


async def test_the_elder_view_is_large_spaced_and_kept(phone: Any) -> None:
    window = await (await phone()).open()
    await window.elder()
    await window.ask(QUESTION)
    sizes = []
    for _ in range(3):
        size, leading = await window.page.evaluate(
            """() => {
                const style = getComputedStyle(document.querySelector('article.theirs p.text'));
                return [parseFloat(style.fontSize), parseFloat(style.lineHeight)];
            }"""
        )
        sizes.append(size)
        assert leading / size >= 1.5
        await window.page.get_by_role("button", name="字号").click()
    assert min(sizes) >= 24
    assert max(sizes) >= 30
    await window.keep_screenshot("citizen-elder")
    await window.page.reload()
    await expect(window.page.get_by_role("button", name="标准版")).to_be_visible()


async def test_the_chip_for_large_print_changes_the_page_and_says_nothing(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("字太小了看不清，能不能放大点")
    switch = window.chips.filter(has_text="打开大字版")
    await switch.click()
    await expect(window.page.get_by_role("button", name="标准版")).to_be_visible()
    await expect(switch).to_have_count(0)
    assert [m["body"]["kind"] for m in await window.logged() if m["direction"] == "in"] == ["text"]


async def test_the_elder_view_reads_replies_aloud(phone: Any) -> None:
    window = await phone()
    await window.page.add_init_script(
        """window.spoken = [];
        speechSynthesis.speak = words => window.spoken.push([words.lang, words.text]);"""
    )
    await window.open()
    await window.elder()
    await window.ask(QUESTION)
    await window.page.get_by_role("button", name="读给我听").first.click()
    [[language, text]] = await window.page.evaluate("window.spoken")
    assert language == "zh-CN"
    assert "身份证" in text


@pytest.mark.parametrize("view", ["standard", "elder"])
async def test_no_barrier_that_axe_can_find(phone: Any, view: str) -> None:
    window = await (await phone()).open()
    if view == "elder":
        await window.elder()
    assert await window.violations() == []
    await window.ask(QUESTION)
    assert await window.violations() == []


async def test_everything_is_reached_by_keyboard(phone: Any) -> None:
    window = await (await phone()).open()
    reached: list[str] = []
    for _ in range(14):
        await window.page.keyboard.press("Tab")
        reached.append(
            await window.page.evaluate(
                "(document.activeElement.getAttribute('aria-label') || '') + "
                "document.activeElement.innerText + document.activeElement.id"
            )
        )
    together = "\n".join(reached)
    for name in ("跳到输入框", "长辈版", "身份证丢了", "找人工", "说话", "say", "更多"):
        assert name in together, name
    await window.page.keyboard.press("Escape")
    await window.composer.focus()
    await window.page.keyboard.type("你好")
    await window.page.keyboard.press("Enter")
    await expect(window.answers.first).to_be_visible()


async def test_screen_readers_hear_new_replies(phone: Any) -> None:
    window = await (await phone()).open()
    await expect(window.log).to_have_attribute("aria-live", "polite")
    answer = await window.ask(QUESTION)
    await expect(answer.locator(".visually-hidden").first).to_have_text("跑一次说：")


async def test_the_page_asks_nobody_but_its_own_office(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask(QUESTION)
    foreign = [url for url in window.requested if not url.startswith((window.origin, "blob:"))]
    assert foreign == []
    assert window.complaints == []


async def test_an_empty_and_an_endless_message_are_answered_by_the_page(phone: Any) -> None:
    window = await (await phone()).open()
    await window.write("   ")
    await expect(window.page.get_by_role("status").filter(has_text="还没写字")).to_be_visible()
    await window.write("长" * 4001)
    await expect(window.page.get_by_text("一次最多 4000 个字")).to_be_visible()
    await expect(window.composer).to_have_value("长" * 4001)


async def test_a_forged_receipt_is_told_from_a_genuine_one(phone: Any) -> None:
    window = await (await phone()).open("/#/receipt/forged")
    await expect(window.page.get_by_text("查不到这张回执")).to_be_visible()
    assert await window.violations() == []
    assert await window.overflow() <= 0


async def test_a_receipt_that_cannot_be_looked_up_is_called_neither_genuine_nor_forged(
    phone: Any,
) -> None:
    window = await phone()
    await window.page.route("**/api/v1/receipts/**", lambda route: route.abort())
    await window.open("/#/receipt/made-up")
    verdict = window.page.get_by_role("status")
    await expect(verdict).to_contain_text("暂时没法核对")
    assert "没有问题" not in await verdict.inner_text()
    await window.page.unroute("**/api/v1/receipts/**")
    await window.page.get_by_role("button", name="再核对一次").click()
    await expect(verdict).to_contain_text("查不到这张回执")
