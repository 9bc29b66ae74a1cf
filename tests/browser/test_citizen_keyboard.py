"""The citizen page by keyboard: the focus is seen at every stop, and overlays keep and return it."""

from __future__ import annotations

from typing import Any

import pytest
from forms import answer_to, fields_of
from playwright.async_api import Locator, expect
from test_citizen_devices import PLACE, chosen, photo

APPLICATION = "MZ008"
MOST_STOPS = 120

# The ring of the field stands around its text area; a shadow that is always there is no ring.
STOP = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const field = one.closest('.field');
    const style = getComputedStyle(field ?? one);
    const seen = field ? style.boxShadow !== 'none'
        : style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 1;
    return { seen, name: (one.getAttribute('aria-label') || one.innerText || one.id).slice(0, 40) };
}"""


async def stops(window: Any) -> list[str]:
    """Tab once through everything; return the stops' names, having seen the focus at each."""
    await window.page.evaluate("document.activeElement?.blur()")
    await window.page.locator("body").evaluate("body => getSelection().collapse(body, 0)")
    names: list[str] = []
    for _ in range(MOST_STOPS):
        await window.page.keyboard.press("Tab")
        stop = await window.page.evaluate(STOP)
        if stop is None:
            break
        assert stop["seen"], f"no focus to be seen at {stop['name']!r}"
        names.append(stop["name"])
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


async def kept_in(window: Any, dialog: Locator) -> None:
    """Tab forwards and back: the focus is seen, and never leaves the dialog."""
    for key in ("Tab",) * 4 + ("Shift+Tab",) * 4:
        await window.page.keyboard.press(key)
        assert (await window.page.evaluate(STOP))["seen"]
        assert await dialog.evaluate("dialog => dialog.contains(document.activeElement)")


async def test_a_photo_is_looked_at_whole_and_left_in_every_usual_way(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.locator("input[data-use=camera]").set_input_files(chosen(photo(640)))
    opener = window.log.get_by_role("button", name="点开看大图")
    dialog = window.page.get_by_role("dialog", name="您发的照片")
    address = window.page.url
    leave = {
        "Escape": lambda: window.page.keyboard.press("Escape"),
        "Back": window.page.go_back,
        "button": dialog.get_by_role("button", name="关上大图").click,
    }
    for way, left in leave.items():
        await opener.focus()
        await window.page.keyboard.press("Enter")
        await expect(dialog.get_by_alt_text("您发的照片")).to_be_visible()
        await kept_in(window, dialog)
        await left()
        await expect(dialog, way).to_have_count(0)
        await expect(opener, way).to_be_focused()
        assert window.page.url == address
    await opener.click()
    picture = dialog.get_by_alt_text("您发的照片")
    assert await picture.evaluate("one => getComputedStyle(one).objectFit") == "contain"
    box = await picture.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 375, "height": 812}
    assert await window.violations() == []
    assert await window.small_targets(44) == []


async def test_the_question_about_the_place_keeps_the_focus_and_gives_it_back(phone: Any) -> None:
    window = await phone(geolocation=PLACE, permissions=["geolocation"])
    await window.open()
    await window.page.get_by_role("button", name="更多").click()
    opener = window.page.get_by_role("button", name="位置")
    dialog = window.page.get_by_role("dialog", name="把现在的位置发过去吗？")
    for left in (lambda: window.page.keyboard.press("Escape"), window.page.go_back):
        await opener.click()
        await expect(dialog.get_by_role("button", name="不发了")).to_be_focused()
        await kept_in(window, dialog)
        assert await window.violations() == []
        await left()
        await expect(dialog).to_have_count(0)
        await expect(opener).to_be_focused()
    await expect(window.log.locator("article")).to_have_count(0)
    await opener.click()
    await dialog.get_by_role("button", name="发送位置").click()
    await expect(window.answers.first).to_be_visible()
    await expect(window.page.get_by_role("button", name="更多")).to_be_focused()
