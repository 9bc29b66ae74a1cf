"""The company's own WeCom app: its callbacks are stored, acknowledged, and answered by message."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from conftest import REPLIES_WECHAT
from emulators import sealing
from emulators.wecom_platform import WeComPlatform
from eventually import eventually
from pydantic import ValidationError

from bot.channels.wecom.settings import WeComSettings

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64


def settings_of(platform, **changes):
    """Return what an office enters for customer service and its own app."""
    values = {
        "corp_id": platform.corp_id,
        "secret": platform.secret,
        "token": platform.token,
        "aes_keys": platform.aes_key,
        "api_url": platform.url,
        "app_agent_id": platform.app_agent,
        "app_secret": platform.app_secret,
        "app_token": platform.app_token,
        "app_aes_keys": platform.app_aes_key,
    }
    return WeComSettings(**(values | changes))


@pytest.fixture
async def wecom(start_door, clock):
    """The platform, with a door behind both callbacks."""
    platform = WeComPlatform(clock)
    async with TestServer(platform.app()) as server:
        platform.url = str(server.make_url("")).rstrip("/")
        running = await start_door(public_url="https://office.invalid", wecom=settings_of(platform))
        platform.callback_url = f"{running.url}/channels/wecom"
        platform.door = running
        yield platform


async def reads(platform, *texts, user="zhang"):
    """Wait until the user has read exactly these texts."""
    await eventually(lambda: len(platform.customer(user).texts) >= len(texts))
    assert platform.customer(user).texts == list(texts)


async def test_a_text_is_stored_acknowledged_and_answered_by_an_application_message(wecom, office):
    assert await wecom.app_say("zhang", "身份证掉了咋个补嘛") == [200]
    await reads(wecom, "答:身份证掉了咋个补嘛")
    assert [one.via for one in wecom.customer("zhang").shown] == ["app"]
    ((conversation, rows),) = office.log.items()
    assert "zhang" not in conversation
    assert rows[0]["body"]["text"] == "身份证掉了咋个补嘛"


async def test_the_console_verifies_the_apps_address(wecom, http):
    sealed = sealing.encrypt(wecom.app_aes_key, "5418", wecom.corp_id)
    query = wecom.query(sealed, wecom.app_token) | {"echostr": sealed}
    async with http.get(f"{wecom.callback_url}/app", params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "5418")
    async with http.get(f"{wecom.callback_url}/app", params=wecom.query(sealed)) as answer:
        assert answer.status == 400


async def test_the_same_message_again_is_one_message(wecom, dialogue):
    for _ in range(2):
        await wecom.app_say("zhang", "您好", MsgId="7")
    await reads(wecom, "答:您好")
    assert len(dialogue.turns) == 1


async def test_two_people_with_one_msgid_are_both_heard(wecom):
    await wecom.app_say("zhang", "低保怎么办", MsgId="7001")
    await wecom.app_say("li", "救命", MsgId="7001")
    await reads(wecom, "答:低保怎么办")
    await reads(wecom, "答:救命", user="li")


async def test_photos_places_and_recordings_are_what_they_are(wecom, dialogue, office):
    photo = wecom.upload(JPEG)
    await wecom.app_push("zhang", {"MsgType": "image", "PicUrl": "http://x", "MediaId": photo})
    place = {"Location_X": "30.6", "Location_Y": "104.1", "Label": "云溪路 1 号"}
    await wecom.app_push("zhang", {"MsgType": "location", **place})
    voice = {"MsgType": "voice", "MediaId": wecom.upload(JPEG), "Format": "amr"}
    await wecom.app_push("zhang", voice)
    await eventually(lambda: len(wecom.customer("zhang").texts) == 3)
    assert [request["message"]["kind"] for request in dialogue.requests] == ["photo", "location"]
    assert dialogue.requests[1]["message"]["location"]["system"] == "gcj02"
    last = wecom.customer("zhang").texts[-1]
    assert last.startswith(REPLIES_WECHAT["voice_unheard"]["text"])
    assert len(office.media) == 2


async def test_a_menu_click_is_a_button_and_other_keys_are_words(wecom, dialogue):
    await wecom.app_push("zhang", {"MsgType": "event", "Event": "click", "EventKey": "/ask_human"})
    await wecom.app_push("zhang", {"MsgType": "event", "Event": "click", "EventKey": "查进度"})
    await reads(wecom, "答:/ask_human", "答:查进度")
    heard = [request["message"] for request in dialogue.requests]
    assert heard == [
        {"kind": "button", "payload": "/ask_human"},
        {"kind": "text", "text": "查进度"},
    ]


async def test_opening_the_app_is_greeted_once_a_day(wecom, dialogue, clock):
    dialogue.scripts[""] = [{"kind": "text", "text": "您好，要办什么？"}]
    entering = {"MsgType": "event", "Event": "enter_agent", "EventKey": ""}
    await wecom.app_push("zhang", entering)
    await wecom.app_push("zhang", entering)
    await wecom.app_push("li", entering)
    await reads(wecom, "您好，要办什么？")
    await reads(wecom, "您好，要办什么？", user="li")
    clock.forward(24 * 3600)
    await wecom.app_push("zhang", entering)
    await reads(wecom, "您好，要办什么？", "您好，要办什么？")


async def test_the_apps_messages_are_not_counted(wecom, office):
    await wecom.app_say("zhang", "您好")
    await reads(wecom, "答:您好")
    (conversation,) = office.log
    for number in range(8):
        office.say(
            conversation, f"第{number}句", channel="wecom",
            identity=f"zhang@app:{wecom.app_agent}",
        )  # fmt: skip
        wanted = f"第{number}句"
        await eventually(lambda text=wanted: text in "".join(wecom.customer("zhang").texts))
    assert wecom.refused == []


async def test_customers_and_users_of_the_app_are_answered_each_their_own_way(wecom):
    await asyncio.gather(wecom.say("zhang", "客服"), wecom.app_say("zhang", "应用"))
    await eventually(lambda: len(wecom.customer("zhang").shown) == 2)
    ways = {one.text: one.via for one in wecom.customer("zhang").shown}
    assert ways == {"答:客服": "customer", "答:应用": "app"}


async def test_a_link_is_a_card_and_a_customer_reads_it_as_text(wecom, dialogue):
    card = {"kind": "text", "text": "进度在这里看。", "title": "查进度", "link_url": "/#/cases"}
    dialogue.scripts["进度"] = [card]
    await wecom.app_say("zhang", "进度")
    await reads(wecom, "[查进度](https://office.invalid/#/cases)")
    await wecom.say("wmA", "进度")
    await eventually(lambda: wecom.customer("wmA").texts)
    assert wecom.customer("wmA").texts[0].startswith("进度在这里看。\n")


async def test_a_picture_follows_for_customers_and_for_users_of_the_app(
    start_door, wecom, dialogue
):
    async def serve(_):
        return web.Response(body=PNG)

    origin = web.Application()
    origin.router.add_get("/qr.png", serve)
    async with TestServer(origin) as server:
        public = str(server.make_url("")).rstrip("/")
        running = await start_door(public_url=public, wecom=settings_of(wecom))
        wecom.callback_url = f"{running.url}/channels/wecom"
        # The first door would take the conversations, and it knows another origin.
        await wecom.door.server.close()
        dialogue.scripts["回执"] = [{"kind": "image", "text": "二维码", "image_url": "/qr.svg"}]
        await wecom.app_say("zhang", "回执")
        await wecom.say("wmA", "回执")
        for user in ("zhang", "wmA"):
            await eventually(lambda who=user: len(wecom.customer(who).texts) == 2)
            assert wecom.customer(user).texts[0].startswith("二维码\n")
            assert wecom.media[wecom.customer(user).texts[1].strip("<>")] == PNG


async def test_a_callback_of_another_app_is_refused(wecom, dialogue):
    wecom.app_agent += 1
    assert await wecom.app_say("zhang", "您好") == [400, 400, 400]
    assert dialogue.calls == []


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"<xml><Encrypt>x</Encrypt></xml>", b"\xff"])
async def test_garbage_is_refused(wecom, http, body):
    query = wecom.query("x", wecom.app_token)
    async with http.post(f"{wecom.callback_url}/app", params=query, data=body) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("agent", ["", "x", {"a": "b"}])
async def test_a_sealed_callback_without_a_right_agent_is_refused(wecom, agent):
    assert await wecom.app_say("zhang", "您好", AgentID=agent) == [400, 400, 400]


async def test_half_an_app_is_refused_at_start(wecom):
    with pytest.raises(ValidationError, match="WECOM_APP_AGENT_ID"):
        settings_of(wecom, app_secret="")
    with pytest.raises(ValidationError, match="43 characters"):
        settings_of(wecom, app_aes_keys="short")


async def test_without_an_app_there_is_no_such_door(start_door, wecom, http):
    running = await start_door(
        public_url="https://office.invalid", wecom=settings_of(wecom, app_agent_id=0)
    )
    async with http.post(f"{running.url}/channels/wecom/app", data=b"") as answer:
        assert answer.status in {404, 405}


def test_what_an_office_leaves_empty_is_left_as_it_is(monkeypatch):
    for name in ("WECOM_CORP_ID", "WECOM_APP_AGENT_ID", "WECOM_APP_SECRET", "WECOM_APP_AES_KEYS"):
        monkeypatch.setenv(name, "")
    assert not WeComSettings().on
