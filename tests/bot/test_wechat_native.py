"""Cards and pictures in the platform's own form, and text with a link wherever that fails."""

from __future__ import annotations

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from eventually import eventually
from followers import conversation_of, nothing_waits

from bot.channels.wechat.articles import article_of, picture_of

ORIGIN = "https://office.invalid"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 64
CARD = {"kind": "text", "text": "进度在这里看。", "title": "查进度", "link_url": "/#/cases"}
RECEIPT = {
    "kind": "image",
    "text": "这是回执的二维码。",
    "image_url": "/api/v1/receipts/t/qr.svg",
    "chips": [{"title": "查进度", "payload": "/query_progress"}],
}


@pytest.fixture
async def public():
    """What the public origin serves: a receipt's code, and something that is no picture."""
    served = {"/api/v1/receipts/t/qr.png": PNG, "/api/v1/receipts/no/qr.png": b"<html>"}

    async def serve(request):
        content = served.get(request.path)
        return web.Response(body=content) if content else web.Response(status=404)

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def wechat(start_wechat, public):
    """The platform, with a door whose public origin is really there."""
    return await start_wechat(door={"public_url": public})


def shown(platform):
    """Return what the follower saw, and how it came."""
    return [(one.via, one.text) for one in platform.follower("oA").shown]


async def test_a_reply_with_a_link_and_nothing_to_press_is_a_card_in_the_callback(
    wechat, dialogue, public
):
    dialogue.scripts["进度"] = [CARD]
    callback = await wechat.say("oA", "进度")
    assert callback.answer == f"[查进度]({public}/#/cases)"
    assert len(shown(wechat)) == 1


async def test_what_staff_send_with_a_link_is_a_card_too(wechat, office, public):
    await wechat.say("oA", "您好")
    office.say(conversation_of(wechat, "oA"), CARD, channel="wechat", identity="oA")
    await eventually(lambda: len(shown(wechat)) == 2)
    assert shown(wechat)[1] == ("customer", f"[查进度]({public}/#/cases)")


async def test_a_card_that_is_refused_is_said_as_text(wechat, office, public):
    await wechat.say("oA", "您好")
    wechat.send_faults = [45008]
    office.say(conversation_of(wechat, "oA"), CARD, channel="wechat", identity="oA")
    await eventually(lambda: len(shown(wechat)) == 2)
    _, text = shown(wechat)[1]
    assert text.splitlines()[0] == "进度在这里看。"
    assert f'<a href="{public}/#/cases">' in text
    assert wechat.follower("oA").sent_since == 1


async def test_a_picture_follows_the_text_that_has_a_link_to_it(wechat, dialogue, public):
    dialogue.scripts["回执"] = [RECEIPT]
    callback = await wechat.say("oA", "回执")
    assert callback.answer.startswith("这是回执的二维码。")
    assert f"{public}/api/v1/receipts/t/qr.svg" in callback.answer
    await eventually(lambda: len(shown(wechat)) == 2)
    via, text = shown(wechat)[1]
    assert via == "customer"
    assert wechat.media[text.strip("<>")][:2] == (PNG, "image/png")


async def test_the_quota_is_kept_for_answers_and_not_spent_on_pictures(wechat, dialogue, office):
    await wechat.say("oA", "您好")
    for number in range(3):
        office.say(conversation_of(wechat, "oA"), f"第{number}句", channel="wechat", identity="oA")
        await eventually(lambda wanted=number: len(shown(wechat)) == wanted + 2)
    office.say(conversation_of(wechat, "oA"), RECEIPT, channel="wechat", identity="oA")
    await eventually(lambda: len(shown(wechat)) == 5)
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.media == {}
    assert wechat.over_quota == 0


@pytest.mark.parametrize("url", ["/api/v1/receipts/no/qr.svg", "/nowhere.png"])
async def test_what_is_no_picture_is_left_to_the_link(wechat, dialogue, url):
    dialogue.scripts["回执"] = [RECEIPT | {"image_url": url}]
    dialogue.scripts["再来"] = [RECEIPT]
    await wechat.say("oA", "回执")
    await wechat.say("oA", "再来")
    await eventually(lambda: len(shown(wechat)) == 3)
    assert [content for content, *_ in wechat.media.values()] == [PNG]
    assert [via for via, _ in shown(wechat)] == ["passive", "passive", "customer"]


@pytest.mark.parametrize(
    "more",
    [
        {"link_url": ""},
        {"chips": RECEIPT["chips"]},
        {"items": [{"title": "一", "payload": "/a"}]},
        {"fields": [{"label": "编号", "value": "1"}]},
        {"title": "题" * 40},
        {"text": "长" * 300},
    ],
)
def test_what_a_card_cannot_say_is_no_card(more):
    assert article_of(CARD | more, ORIGIN) is None
    assert article_of(CARD, ORIGIN) is not None


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("/a/qr.svg", f"{ORIGIN}/a/qr.png"),
        ("/a/photo.jpg", f"{ORIGIN}/a/photo.jpg"),
        ("http://169.254.169.254/x.png", None),
        ("https://office.invalid.example/x.png", None),
        ("", None),
    ],
)
def test_only_pictures_of_our_own_are_fetched(url, fetched):
    assert picture_of({"image_url": url}, ORIGIN) == fetched
