"""Camera, place, voice and a bad line: what a phone adds to a conversation."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import pytest
from PIL import Image
from playwright.async_api import Locator, Route, expect

PLACE = {"latitude": 30.66, "longitude": 104.08, "accuracy": 12}


def photo(width: int = 64) -> bytes:
    """Return a real picture."""
    content = io.BytesIO()
    Image.new("RGB", (width, 48), "#3b7a57").save(content, "JPEG")
    return content.getvalue()


def chosen(content: bytes, name: str = "photo.jpg", mime: str = "image/jpeg") -> dict[str, Any]:
    """Return a file as a citizen would choose it."""
    return {"name": name, "mimeType": mime, "buffer": content}


async def test_a_photo_is_sent_and_shown(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.locator("input[data-use=camera]").set_input_files(chosen(photo()))
    await expect(window.log.get_by_alt_text("您发的照片")).to_be_visible()
    await expect(window.answers.first).to_be_visible()
    assert [m["body"]["kind"] for m in await window.logged() if m["direction"] == "in"] == ["photo"]


async def test_a_file_too_large_is_refused_kindly_and_never_uploaded(phone: Any) -> None:
    window = await (await phone()).open()
    huge = chosen(photo() + b"\0" * (10 * 1024 * 1024))
    await window.page.locator("input[data-use=album]").set_input_files(huge)
    await expect(window.page.get_by_text("最大 10 MB")).to_be_visible()
    assert not [url for url in window.requested if url.endswith("/media")]


async def test_a_file_that_is_no_photo_is_refused_in_the_offices_words(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.locator("input[data-use=album]").set_input_files(chosen(b"MZ" + b"\0" * 99))
    await expect(window.page.locator(".remark")).to_contain_text("照片")
    await expect(window.log.locator("article")).to_have_count(0)


async def test_a_broken_upload_keeps_the_photo_for_another_try(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.route("**/channels/web/media", lambda route: route.abort())
    await window.page.locator("input[data-use=camera]").set_input_files(chosen(photo()))
    again = window.page.get_by_role("button", name="没传上去")
    await expect(again).to_be_visible()
    await window.page.unroute("**/channels/web/media")
    await again.click()
    await expect(window.log.get_by_alt_text("您发的照片")).to_be_visible()


async def test_a_place_is_sent_only_after_a_yes(phone: Any) -> None:
    window = await phone(geolocation=PLACE, permissions=["geolocation"])
    await window.open()
    await window.page.get_by_role("button", name="更多").click()
    await window.page.get_by_role("button", name="位置").click()
    dialog = window.page.get_by_role("dialog")
    await expect(dialog).to_contain_text("12 米")
    await dialog.get_by_role("button", name="不发了").click()
    await expect(dialog).to_have_count(0)
    await expect(window.log.locator("article")).to_have_count(0)
    await window.page.get_by_role("button", name="位置").click()
    await dialog.get_by_role("button", name="发送位置").click()
    await expect(window.answers.first).to_be_visible()
    [sent] = [m["body"] for m in await window.logged() if m["direction"] == "in"]
    assert sent["location"]["system"] == "wgs84"
    assert (sent["location"]["lat"], sent["location"]["lon"]) == (30.66, 104.08)


async def kept_in(window: Any, dialog: Locator) -> None:
    """Tab forwards and back: the focus is seen, and never leaves the dialog."""
    for key in ("Tab",) * 4 + ("Shift+Tab",) * 4:
        assert await window.tab(key)
        assert await dialog.evaluate("dialog => dialog.contains(document.activeElement)")


async def test_a_photo_is_looked_at_whole_and_left_in_every_usual_way(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.locator("input[data-use=camera]").set_input_files(chosen(photo(640)))
    # From here on it stands in the log, and no longer among what is on its way.
    await expect(window.answers.first).to_be_visible()
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


async def test_without_a_place_there_is_a_way_in_words(phone: Any) -> None:
    window = await (await phone()).open()
    await window.page.get_by_role("button", name="更多").click()
    await window.page.get_by_role("button", name="位置").click()
    await expect(window.page.get_by_text("打字告诉我在哪儿就行")).to_be_visible()


async def test_a_browser_that_cannot_listen_says_so_plainly(phone: Any) -> None:
    window = await phone()
    await window.page.add_init_script(
        "delete window.SpeechRecognition; delete window.webkitSpeechRecognition;"
    )
    await window.open()
    await window.page.get_by_role("button", name="说话").click()
    await expect(window.page.get_by_text("这个浏览器听不了语音")).to_be_visible()


async def test_what_was_said_becomes_text_to_be_sent(phone: Any) -> None:
    window = await phone()
    await window.page.add_init_script(
        """window.SpeechRecognition = window.webkitSpeechRecognition = class {
            start() { this.onresult({ results: [[{ transcript: '路灯坏了' }]] }); this.onend(); }
            stop() {}
        };"""
    )
    await window.open()
    await window.page.get_by_role("button", name="说话").click()
    await expect(window.composer).to_have_value("路灯坏了")


async def test_what_is_written_without_a_network_arrives_once_when_it_is_back(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    await window.page.context.set_offline(True)
    await window.write("没有网的时候写的话")
    await expect(window.log.get_by_text("等网络，连上就发")).to_be_visible()
    await expect(window.page.get_by_text("网断了")).to_be_visible()
    assert await window.violations() == []
    await window.page.context.set_offline(False)
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    await expect(window.log.locator("article.own", has_text="没有网的时候写的话")).to_have_count(1)
    assert await window.times_said("没有网的时候写的话") == 1
    await expect(window.page.get_by_text("网断了")).to_have_count(0)


async def test_what_is_written_without_a_network_survives_a_closed_page(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    await window.page.route("**/channels/web/messages", lambda route: route.abort())
    await window.write("关掉页面之前写的话")
    await expect(window.log.get_by_text("等网络，连上就发")).to_be_visible()
    again = await window.page.context.new_page()
    await window.page.close()
    await again.goto(window.origin)
    window.page = again
    await expect(window.log.locator("article.own", has_text="关掉页面之前写的话")).to_have_count(1)
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    assert await window.times_said("关掉页面之前写的话") == 1


async def test_a_lost_answer_of_the_office_doubles_nothing(phone: Any) -> None:
    """The office took the message, the page never heard so and sends it again."""
    window = await (await phone()).open()
    await window.ask("你好")
    tries: list[str] = []

    async def lose_the_first_answer(route: Route) -> None:
        if route.request.method != "POST":
            await route.continue_()
            return
        tries.append(route.request.post_data_json["client_msg_id"])
        if len(tries) == 1:
            await route.fetch()
            await route.abort()
        else:
            await route.continue_()

    await window.page.route("**/channels/web/messages", lose_the_first_answer)
    await window.write("这句话只说一遍")
    await expect(window.log.locator("article.own", has_text="这句话只说一遍")).to_have_count(1)
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    assert len(set(tries)) == 1
    assert await window.times_said("这句话只说一遍") == 1


async def test_an_answer_that_overtakes_its_acceptance_ends_the_thinking(phone: Any) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    answer = window.answers.nth(await window.answers.count())
    accepted = asyncio.Event()

    async def accept_after_the_answer(route: Route) -> None:
        if route.request.method != "POST":
            await route.continue_()
            return
        response = await route.fetch()
        await expect(answer).to_be_visible()
        await route.fulfill(response=response)
        accepted.set()

    await window.page.route("**/channels/web/messages", accept_after_the_answer)
    async with window.page.expect_response("**/channels/web/messages"):
        await window.write("身份证丢了怎么办")
    await asyncio.wait_for(accepted.wait(), 15)
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    assert await window.log.locator(".thinking").count() == 0


@pytest.mark.parametrize("status", [500, 503])
async def test_an_office_in_trouble_is_tried_again_by_itself(phone: Any, status: int) -> None:
    window = await (await phone()).open()
    await window.ask("你好")
    answers = [status]

    async def in_trouble_once(route: Route) -> None:
        if route.request.method == "POST" and answers:
            await route.fulfill(status=answers.pop(), body="<html>bad gateway</html>")
        else:
            await route.continue_()

    await window.page.route("**/channels/web/messages", in_trouble_once)
    await window.write("再试一次的话")
    await expect(window.log.locator("[data-state]")).to_have_count(0)
    assert await window.times_said("再试一次的话") == 1


async def test_a_photo_stays_open_when_its_message_is_confirmed(phone: Any) -> None:
    window = await (await phone()).open()
    confirmed = asyncio.Event()

    async def hold(route: Route) -> None:
        await confirmed.wait()
        await route.continue_()

    await window.page.route("**/channels/web/messages", hold)
    await window.page.locator("input[data-use=camera]").set_input_files(chosen(photo(640)))
    opener = window.log.get_by_role("button", name="点开看大图")
    await opener.click()
    dialog = window.page.get_by_role("dialog", name="您发的照片")
    await expect(dialog.get_by_alt_text("您发的照片")).to_be_visible()
    confirmed.set()
    await expect(window.log.locator("article.own")).to_have_count(1)
    await expect(window.answers.first).to_be_attached()
    await expect(dialog.get_by_alt_text("您发的照片")).to_be_visible()
    await window.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(opener).to_be_focused()
