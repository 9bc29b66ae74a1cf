"""The citizen page and the desk on a phone line like slow 3G: usable, and nothing sent twice."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from playwright.async_api import Page, expect

SLOW = {"latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 20_000}
# Seconds with an empty cache; on two cores it takes 3 to type, 8 to log in and read a list, and 2
# until an answer or a talk is there. No page can be loaded in less than two ways there and back.
TYPES_IN, LISTS_IN, ANSWERS_IN = 8, 20, 8
AT_LEAST = 2 * SLOW["latency"] / 1000
QUESTION = "身份证掉了咋个补嘛"
Line = Callable[[bool], Awaitable[None]]


async def slow(page: Page) -> Line:
    """Make the line of a page slow; call what is returned to cut it (True) or to mend it."""
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")

    async def cut(offline: bool) -> None:
        await session.send("Network.emulateNetworkConditions", {"offline": offline, **SLOW})

    await cut(False)
    return cut


async def test_a_citizen_on_a_slow_line_is_answered_and_what_a_cut_held_up_is_sent_once(
    phone: Any,
) -> None:
    window = await phone()
    cut = await slow(window.page)
    began = time.monotonic()
    await window.open()
    await expect(window.composer).to_be_editable()
    opened = time.monotonic()
    await window.ask(QUESTION)
    await expect(window.log.get_by_text("事项编码 GA004").first).to_be_visible()
    answered = time.monotonic()
    assert AT_LEAST < opened - began < TYPES_IN
    assert answered - opened < ANSWERS_IN

    await cut(True)
    before = await window.answers.count()
    await window.write("那要带什么材料")
    await expect(window.log.get_by_text("等网络，连上就发")).to_be_visible()
    await cut(False)
    await expect(window.answers.nth(before)).to_be_visible()
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    for text in (QUESTION, "那要带什么材料"):
        await expect(window.log.locator("article.own", has_text=text)).to_have_count(1)
        assert await window.times_said(text) == 1
    assert window.complaints == []


async def test_a_clerk_on_a_slow_line_logs_in_reads_the_list_and_opens_a_talk(
    phone: Any, desk: Any, staff_logins: dict[str, tuple[str, str]]
) -> None:
    citizen = await (await phone()).open()
    await citizen.ask("转人工")
    window = await desk(None)
    await slow(window.page)
    began = time.monotonic()
    await window.log_in(*staff_logins["agent"])
    await expect(window.page.get_by_role("navigation")).to_be_visible()
    entry = window.page.locator(".queue li button").first
    await expect(entry).to_be_visible()
    listed = time.monotonic()
    await entry.click()
    await expect(window.page.get_by_role("log").locator("article").first).to_be_visible()
    shown = time.monotonic()
    assert AT_LEAST < listed - began < LISTS_IN
    assert shown - listed < ANSWERS_IN
    assert window.complaints == []
