"""What can be pressed stands above the composer, where it is seen without scrolling."""

from __future__ import annotations

from typing import Any

import pytest
from forms import answer_to, fields_of
from playwright.async_api import expect

QUESTION = "低保怎么办"
# Whole in the window, under nothing else, above the composer; and the log keeps some lines.
OUT_OF_REACH = """() => {
    const top = document.querySelector('footer.composer').getBoundingClientRect().top;
    return [...document.querySelectorAll('ul.chips button')].filter(chip => {
        const box = chip.getBoundingClientRect();
        const x = (box.left + box.right) / 2;
        const reached = [box.top + 2, (box.top + box.bottom) / 2, box.bottom - 2]
            .every(y => chip.contains(document.elementFromPoint(x, y)));
        return !reached || box.left < 0 || box.right > innerWidth || box.bottom > top;
    }).map(chip => chip.innerText);
}"""
LOG_HEIGHT = "document.querySelector('main.log').clientHeight"


@pytest.mark.parametrize(("width", "height"), [(375, 812), (320, 568), (812, 375)])
async def test_chips_are_in_reach_in_every_view(phone: Any, width: int, height: int) -> None:
    window = await (await phone(width, height)).open()
    await window.ask(QUESTION)
    assert await window.chips.count() >= 2
    assert await window.page.evaluate(OUT_OF_REACH) == []
    assert await window.page.evaluate(LOG_HEIGHT) >= height / 3
    await window.elder()
    for size in ("大", "更大", "最大"):
        await expect(window.page.get_by_role("button", name="字号")).to_have_text(f"字号{size}")
        assert await window.page.evaluate(OUT_OF_REACH) == []
        assert await window.page.evaluate(LOG_HEIGHT) >= 4 * 24
        assert await window.small_targets(60) == []
        await window.page.get_by_role("button", name="字号").click()


async def test_chips_go_with_the_next_answer(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask(QUESTION)
    before = await window.chips.all_inner_texts()
    await window.ask("我要申请高龄津贴")
    assert await window.chips.all_inner_texts() != before
    await expect(window.page.locator("ul.chips")).to_have_count(1)
    assert await window.log.locator("ul.chips").count() == 0


async def test_a_confirmation_is_confirmed_without_scrolling(phone: Any) -> None:
    window = await (await phone(320, 568)).open()
    await window.ask("我要申请高龄津贴")
    for field in fields_of("MZ008"):
        await window.ask(answer_to(field, 312))
    assert await window.page.evaluate(OUT_OF_REACH) == []
    await window.chips.filter(has_text="没错，提交").click()
    await expect(window.page.get_by_role("link", name="查看回执")).to_be_in_viewport()
