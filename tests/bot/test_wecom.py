"""WeCom customer service: announced, read page by page, answered within the quota.

STANDARDS, Platforms, WeCom customer service: "callback → `sync_msg` with a cursor (3 days,
≤ 1000 a page); 5 messages in 48 h".
"""

from __future__ import annotations

import json

import pytest
from aiohttp.test_utils import TestServer
from conftest import REPLIES_WECHAT
from emulators import sealing
from emulators.wecom_platform import WeComPlatform
from eventually import eventually

from bot.channels.wecom.settings import WeComSettings

JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64


@pytest.fixture
async def wecom_platform(clock):
    """The emulated WeCom platform, listening."""
    emulated = WeComPlatform(clock)
    async with TestServer(emulated.app()) as server:
        emulated.url = str(server.make_url("")).rstrip("/")
        yield emulated


@pytest.fixture
async def wecom(start_door, wecom_platform):
    """The platform, with a door behind its callback."""
    platform = wecom_platform
    running = await start_door(
        public_url="https://office.invalid",
        wecom=WeComSettings(
            corp_id=platform.corp_id,
            secret=platform.secret,
            token=platform.token,
            aes_keys=platform.aes_key,
            api_url=platform.url,
        ),
    )
    platform.callback_url = f"{running.url}/channels/wecom"
    platform.door = running
    return platform


async def reads(platform, *texts, customer="wmA"):
    """Wait until the customer has read exactly these texts."""
    await eventually(lambda: len(platform.customer(customer).texts) >= len(texts))
    assert platform.customer(customer).texts == list(texts)


async def outbox(platform, **query):
    """Return what became of replies."""
    return [row async for row in platform.door.door.database["outbox"].find(query)]


def the_conversation(office):
    """Return the only conversation there is."""
    (conversation,) = office.log
    return conversation


def staff_say(office, text, customer="wmA"):
    """Let staff say something."""
    identity = f"{customer}@wkEmulated"
    office.say(the_conversation(office), text, channel="wecom", identity=identity)


async def test_two_citizens_with_one_msgid_are_both_heard(wecom, office):
    await wecom.send("wmA", "text", {"content": "低保怎么办"}, tell=False)
    await wecom.send("wmB", "text", {"content": "救命"}, tell=False)
    for row, _ in wecom.messages:
        row["msgid"] = "7001"
    await wecom.announce()
    await reads(wecom, "答:低保怎么办")
    await reads(wecom, "答:救命", customer="wmB")
    assert sorted(len(log) for log in office.log.values()) == [2, 2]


async def test_a_text_is_read_and_answered(wecom, office):
    await wecom.say("wmA", "身份证掉了咋个补嘛")
    await reads(wecom, "答:身份证掉了咋个补嘛")
    assert office.texts(the_conversation(office)) == [
        "身份证掉了咋个补嘛",
        "答:身份证掉了咋个补嘛",
    ]
    assert wecom.statuses == [200]


async def test_the_console_verifies_the_address(wecom, http):
    sealed = sealing.encrypt(wecom.aes_key, "5418", wecom.corp_id)
    query = wecom.query(sealed) | {"echostr": sealed}
    async with http.get(wecom.callback_url, params=query) as answer:
        assert (answer.status, await answer.text()) == (200, "5418")
    async with http.get(wecom.callback_url, params=query | {"nonce": "other"}) as answer:
        assert answer.status == 400


async def test_pages_are_read_to_the_end_in_order_and_each_message_once(wecom, dialogue):
    wecom.page = 2
    for number in range(5):
        await wecom.send("wmA", "text", {"content": f"第{number}句"}, tell=False)
    await wecom.announce()
    await eventually(lambda: len(dialogue.turns) == 5)
    ((_, said),) = dialogue.order.items()
    assert said == [f"第{number}句" for number in range(5)]
    assert wecom.sync_calls == ["", "2", "4"]
    await wecom.say("wmA", "再来")
    await eventually(lambda: len(dialogue.turns) == 6)
    assert wecom.sync_calls[-1] == "5"


async def test_an_announcement_is_kept_when_the_platform_cannot_be_read_now(wecom, dialogue):
    wecom.sync_faults = [-1, -1]
    await wecom.say("wmA", "您好")
    await reads(wecom, "答:您好")
    assert len(dialogue.turns) == 1


async def test_an_announcement_survives_the_process_that_took_it(start_door, wecom, dialogue):
    door = wecom.door.door
    await door.channels["wecom"].at_work().__aexit__(None, None, None)
    await wecom.say("wmA", "还在吗")
    assert dialogue.calls == []
    second = await start_door(
        public_url="https://office.invalid",
        wecom=WeComSettings(
            corp_id=wecom.corp_id,
            secret=wecom.secret,
            token=wecom.token,
            aes_keys=wecom.aes_key,
            api_url=wecom.url,
        ),
    )
    assert second
    await reads(wecom, "答:还在吗")


async def test_a_page_read_twice_changes_nothing(wecom, dialogue):
    await wecom.say("wmA", "您好")
    await reads(wecom, "答:您好")
    cursors = wecom.door.door.database["wecom_cursors"]
    await cursors.update_one({"_id": wecom.desk}, {"$set": {"cursor": ""}})
    await wecom.say("wmA", "第二句")
    await reads(wecom, "答:您好", "答:第二句")
    assert len(dialogue.turns) == 2


async def test_five_messages_in_48_hours_and_never_a_sixth(wecom, office):
    await wecom.say("wmA", "您好")
    await reads(wecom, "答:您好")
    for number in range(6):
        staff_say(office, f"第{number}句")
        await eventually(
            lambda wanted=number: _tried(wecom, wanted + 1),
        )
    assert len(wecom.customer("wmA").texts) == 5
    assert wecom.customer("wmA").texts[-1].startswith("第3句\n")
    assert wecom.over_quota == 0
    assert {row["last_error"] for row in await outbox(wecom, state="parked")} == {
        "quota.waiting_for_citizen"
    }


async def _tried(platform, number):
    """Say whether so many of the office's words have been tried."""
    rows = await outbox(platform, logged=True)
    return len([row for row in rows if row["attempts"]]) >= number


async def test_a_message_whose_answer_was_lost_is_shown_once(wecom, office):
    wecom.send_faults = ["lost"]
    await wecom.say("wmA", "您好")
    (row,) = await eventually(lambda: outbox(wecom, state="sent"))
    assert row["attempts"] == 2
    assert wecom.customer("wmA").texts == ["答:您好"]


async def test_what_joins_a_message_whose_answer_was_lost_is_not_lost_with_it(wecom, office):
    await wecom.say("wmA", "您好")
    await reads(wecom, "答:您好")
    wecom.send_faults = ["lost"]
    staff_say(office, "一")
    staff_say(office, "二")
    await eventually(lambda: "二" in "\n".join(wecom.customer("wmA").texts))
    assert "一" in "\n".join(wecom.customer("wmA").texts)


async def test_a_refused_token_is_renewed(wecom):
    await wecom.say("wmA", "一")
    await reads(wecom, "答:一")
    wecom.tokens.clear()
    await wecom.say("wmA", "二")
    await reads(wecom, "答:一", "答:二")
    assert wecom.tokens_issued == 2


async def test_who_enters_is_greeted_on_the_platforms_own_offer(wecom, dialogue):
    await wecom.enter("wmA")
    await eventually(lambda: wecom.customer("wmA").shown)
    assert [one.via for one in wecom.customer("wmA").shown] == ["welcome"]
    assert dialogue.requests[0]["message"] == {"kind": "event"}
    assert wecom.refused == []


async def test_a_receipts_code_opens_its_case(wecom, dialogue):
    await wecom.enter("wmA", scene="BJ2026112200001")
    await eventually(lambda: dialogue.requests)
    assert dialogue.requests[0]["message"]["payload"] == (
        '/query_progress{"case_number": "BJ2026112200001"}'
    )


async def test_photos_places_and_recordings_are_what_they_are(wecom, dialogue, office):
    await wecom.send("wmA", "image", {"media_id": wecom.upload(JPEG)})
    place = {"latitude": 30.6, "longitude": 104.1, "name": "大厅", "address": "云溪路 1 号"}
    await wecom.send("wmA", "location", place)
    await wecom.send("wmA", "voice", {"media_id": wecom.upload(JPEG)})
    await wecom.send("wmA", "video", {"media_id": "v"})
    await eventually(lambda: len(wecom.customer("wmA").texts) == 4)
    assert [request["message"]["kind"] for request in dialogue.requests] == ["photo", "location"]
    assert dialogue.requests[1]["message"]["location"] == {
        "lat": 30.6,
        "lon": 104.1,
        "system": "gcj02",
        "label": "大厅 云溪路 1 号",
    }
    texts = wecom.customer("wmA").texts
    assert texts[2].startswith(REPLIES_WECHAT["voice_unheard"]["text"])
    assert texts[3] == REPLIES_WECHAT["unseen"]["text"]
    assert len(office.media) == 2


async def test_what_is_offered_can_be_said(wecom, dialogue):
    chip = {"title": "要什么材料", "payload": "/ask_guide"}
    dialogue.scripts["身份证"] = [{"kind": "text", "text": "好", "chips": [chip]}]
    await wecom.say("wmA", "身份证")
    await reads(wecom, "好\n▸ 要什么材料")
    await wecom.say("wmA", "要什么材料")
    await eventually(lambda: len(dialogue.requests) == 2)
    assert dialogue.requests[1]["message"]["payload"] == "/ask_guide"


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"msgtype": "text"},
        {"msgtype": "text", "origin": 3, "text": {"content": "缺人"}},
        {"msgtype": "text", "origin": 5, "text": {"content": "接待人员"}},
        {"msgtype": "event", "origin": 4, "event": {"event_type": "msg_send_fail"}},
        {
            "msgtype": "text", "origin": 3, "msgid": "a", "open_kfid": "b", "send_time": "x",
            "external_userid": "c", "text": {"content": "坏时间"},
        },
        "nonsense",
    ],
)  # fmt: skip
async def test_what_is_no_citizens_message_is_passed_over(wecom, dialogue, row):
    wecom.messages.append((row, wecom.clock()))
    await wecom.say("wmA", "您好")
    await reads(wecom, "答:您好")
    assert len(dialogue.turns) == 1


@pytest.mark.parametrize("body", [b"", b"<xml/>", b"<xml><Encrypt>x</Encrypt></xml>", b"\xff"])
async def test_garbage_is_a_bad_request(wecom, http, body):
    async with http.post(wecom.callback_url, params=wecom.query("x"), data=body) as answer:
        assert answer.status == 400
        assert json.loads(await answer.text())["error"]["key"].startswith("callback.")
