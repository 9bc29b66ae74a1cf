"""A WeChat message, from the follower's thumb to the answer, against an emulated platform.

STANDARDS, Platforms, WeChat Official Account: "answer within 5 s or the callback is retried,
three times; deduplicate by MsgId, events by FromUserName + CreateTime; answer `success` or empty
when late, then use customer-service messages".
"""

from __future__ import annotations

import asyncio

import pytest
from aiohttp import web
from conftest import REPLIES_WECHAT, Running, wechat_settings
from eventually import eventually
from followers import conversation_of, nothing_waits, rows
from servers import free_port

from bot.app import DOOR, create_app


def vias(platform, openid="oA"):
    """Return how each message reached the follower."""
    return [one.via for one in platform.follower(openid).shown]


def hold(platform, dialogue, openid="oA"):
    """Let the follower's turns take as long as the test wants."""
    dialogue.held.add(conversation_of(platform, openid))
    dialogue.gate.clear()


async def test_a_text_is_answered_in_the_callback_itself(wechat, office):
    callback = await wechat.say("oA", "身份证掉了咋个补嘛")
    assert callback.statuses == [200]
    assert callback.answer == "答:身份证掉了咋个补嘛"
    assert vias(wechat) == ["passive"]
    assert office.texts(conversation_of(wechat, "oA")) == [
        "身份证掉了咋个补嘛",
        "答:身份证掉了咋个补嘛",
    ]


async def test_a_message_is_stored_before_the_platform_is_answered(start_wechat, dialogue):
    platform = await start_wechat(passive_seconds=0.2)
    hold(platform, dialogue)
    assert (await platform.say("oA", "慢")).answer is None
    (row,) = await rows(platform, "inbox")
    assert row["state"] == "received"
    assert "慢".encode() not in row["body"]


async def test_a_slow_turn_is_acknowledged_in_time_and_answered_by_customer_message(
    start_wechat, dialogue
):
    platform = await start_wechat(passive_seconds=0.3)
    hold(platform, dialogue)
    callback = await platform.say("oA", "慢")
    assert callback.answer is None
    assert callback.tries[0] < 5
    assert len(callback.tries) == 1
    dialogue.gate.set()
    await eventually(lambda: platform.follower("oA").texts == ["答:慢"])
    assert vias(platform) == ["customer"]


async def test_the_default_wait_leaves_the_platform_its_five_seconds(wechat, dialogue):
    hold(wechat, dialogue)
    callback = await wechat.say("oA", "慢")
    assert 4 < callback.tries[0] < 5
    dialogue.gate.set()
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.follower("oA").texts == ["答:慢"]


async def test_a_retry_of_the_same_message_waits_for_the_same_turn_and_gets_its_answer(
    wechat, dialogue
):
    hold(wechat, dialogue)
    wechat.timeout = 0.4
    sending = asyncio.create_task(wechat.say("oA", "同一条"))
    await eventually(lambda: wechat.callbacks and len(wechat.callbacks[0].tries) == 2)
    dialogue.gate.set()
    callback = await sending
    assert callback.answer == "答:同一条"
    assert len(dialogue.turns) == 1
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.follower("oA").texts == ["答:同一条"]


async def test_an_answer_lost_on_the_way_is_given_to_the_retry_word_for_word(wechat, dialogue):
    wechat.drop_answers = 2
    callback = await wechat.say("oA", "您好")
    assert callback.statuses == [200, 200, 200]
    assert callback.answer == "答:您好"
    assert len(dialogue.calls) == 1
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.follower("oA").texts == ["答:您好"]


async def test_an_answer_says_when_it_was_written_by_the_clock_of_the_door(wechat, clock):
    clock.stop()
    clock.forward(24 * 3600)
    callback = await wechat.say("oA", "您好")
    assert callback.answer == "答:您好"
    assert callback.created == int(clock().timestamp())


async def test_an_answer_lost_three_times_takes_the_way_that_is_acknowledged(wechat, dialogue):
    wechat.drop_answers = 3
    callback = await wechat.say("oA", "您好")
    assert callback.statuses == [200] * 4
    assert callback.answer is None
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert vias(wechat) == ["customer"]
    assert wechat.follower("oA").texts == ["答:您好"]
    assert len(dialogue.calls) == 1
    (row,) = await rows(wechat, "outbox")
    assert row["last_error"] == "callback.unanswered"


async def test_an_answer_nobody_is_known_to_have_written_is_sent_when_no_retry_can_come(
    start_wechat, clock, dialogue
):
    platform = await start_wechat(passive_seconds=0.2)
    hold(platform, dialogue)
    await platform.say("oA", "慢")
    windows = platform.door.door.database["passive_windows"]
    # As a process leaves it that dies between the decision and the writing.
    key = f"wechat:{conversation_of(platform, 'oA')}:{last_id(platform)}"
    given = {"state": "given", "reply_ids": [f"{key}:0"]}
    await windows.update_one({}, {"$set": given | {"given_at": clock()}})
    clock.forward(17)
    dialogue.gate.set()
    await eventually(lambda: nothing_waits(platform, "oA"))
    assert [one.text for one in platform.follower("oA").shown] == ["答:慢"]
    assert vias(platform) == ["customer"]


def last_id(platform):
    """Return the MsgId of the last callback."""
    return platform.callbacks[-1].fields["MsgId"]


async def test_after_the_customer_message_a_retry_is_only_acknowledged(start_wechat, dialogue):
    platform = await start_wechat(passive_seconds=0.2)
    hold(platform, dialogue)
    message = {"MsgType": "text", "Content": "慢"}
    await platform.send("oA", message, id="77")
    dialogue.gate.set()
    await eventually(lambda: vias(platform) == ["customer"])
    assert (await platform.send("oA", message, id="77")).answer is None
    assert platform.follower("oA").texts == ["答:慢"]


async def test_a_callback_that_dies_with_its_process_leaves_the_answer_to_a_customer_message(
    wechat, clock, dialogue
):
    hold(wechat, dialogue)
    wechat.timeout, wechat.retries = 0.3, 0
    await wechat.say("oA", "断了")
    dialogue.gate.set()
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.follower("oA").texts == ["答:断了"]


async def test_messages_of_one_follower_are_answered_in_order_each_in_its_own_callback(wechat):
    texts = [f"第{n}句" for n in range(4)]
    callbacks = await asyncio.gather(*(wechat.say("oA", text) for text in texts))
    assert sorted(one.answer for one in callbacks) == sorted(f"答:{text}" for text in texts)
    for text, callback in zip(texts, callbacks, strict=True):
        assert f"答:{text}" == callback.answer


async def test_a_turn_without_words_is_acknowledged_at_once(wechat, office):
    office.owners[conversation_of(wechat, "oA")] = "staff"
    callback = await wechat.say("oA", "在吗")
    assert callback.answer is None
    assert callback.tries[0] < 3


async def test_while_nobody_understands_the_apology_comes_in_the_callback(wechat, dialogue):
    dialogue.away = True
    callback = await wechat.say("oA", "办社保")
    assert callback.answer.startswith("这会儿处理得慢")
    assert callback.tries[0] < 5
    dialogue.away = False
    await eventually(lambda: len(wechat.follower("oA").shown) == 2)
    assert wechat.follower("oA").texts[1] == "答:办社保"
    assert vias(wechat) == ["passive", "customer"]


async def test_an_office_that_is_away_silences_nobody(wechat, office):
    await wechat.say("oA", "您好")
    office.away = True
    callback = await wechat.say("oA", "办社保")
    assert callback.answer.startswith("这会儿处理得慢")
    office.away = False
    await eventually(lambda: "答:办社保" in wechat.follower("oA").texts)


async def test_what_staff_say_reaches_the_follower_as_a_customer_message(wechat, office):
    await wechat.say("oA", "您好")
    cid = conversation_of(wechat, "oA")
    office.say(cid, "我是小李，马上看", channel="wechat", identity="oA")
    await eventually(lambda: vias(wechat) == ["passive", "customer"])
    assert wechat.follower("oA").texts[1] == "我是小李，马上看"


async def test_two_processes_answer_one_message_once(start_wechat, start_door, dialogue):
    platform = await start_wechat()
    first = platform.callback_url
    await start_wechat()
    second = platform.callback_url
    message = {"MsgType": "text", "Content": "您好"}
    hold(platform, dialogue)
    platform.callback_url = first
    one = asyncio.create_task(platform.send("oA", message, id="5"))
    await eventually(lambda: dialogue.calls)
    platform.callback_url = second
    two = asyncio.create_task(platform.send("oA", message, id="5"))
    await eventually(lambda: len(platform.callbacks) == 2)
    dialogue.gate.set()
    answers = [callback.answer for callback in await asyncio.gather(one, two)]
    assert answers == ["答:您好", "答:您好"]
    assert len(dialogue.turns) == 1
    assert platform.refused == []
    assert "customer" not in vias(platform)


@pytest.mark.parametrize("event", ["VIEW", "unsubscribe", "TEMPLATESENDJOBFINISH"])
async def test_an_event_that_says_nothing_is_stored_and_acknowledged(
    wechat, dialogue, office, event
):
    callback = await wechat.event("oA", event, EventKey="https://example.invalid")
    assert callback.answer is None
    assert callback.statuses == [200]
    assert dialogue.calls == []
    assert office.log == {}
    assert [row["state"] for row in await rows(wechat, "inbox")] == ["done"]


async def test_an_event_repeated_within_its_second_is_one_event(wechat, dialogue):
    at = int(wechat.clock().timestamp())
    message = {"MsgType": "event", "Event": "CLICK", "EventKey": "/greet", "CreateTime": at}
    first = await wechat.push("oA", message)
    again = await wechat.push("oA", message)
    assert first.answer == again.answer == "答:/greet"
    assert len(dialogue.turns) == 1
    other = await wechat.push("oA", {**message, "CreateTime": at + 1})
    assert other.answer == "答:/greet"
    assert len(dialogue.turns) == 2


async def test_following_is_greeted_and_what_the_platform_cannot_show_is_answered_politely(
    wechat, dialogue
):
    await wechat.event("oA", "subscribe", EventKey="")
    assert dialogue.requests[0]["message"] == {"kind": "event"}
    callback = await wechat.send("oA", {"MsgType": "video", "MediaId": "m", "ThumbMediaId": "t"})
    assert callback.answer == REPLIES_WECHAT["unseen"]["text"]
    assert len(dialogue.calls) == 1


async def test_an_answer_that_finds_nobody_listening_goes_out_as_a_customer_message(
    settings, clock, platform, dialogue
):
    # As in production, and unlike aiohttp's test server, a handler outlives its connection.
    own = settings.model_copy(
        update={"wechat": wechat_settings(platform), "public_url": "https://office.invalid"}
    )
    app = await asyncio.to_thread(create_app, own, clock)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", free_port())
        await site.start()
        platform.callback_url = f"{site.name}/channels/wechat"
        platform.door = Running(site.name, app[DOOR], app, None)
        hold(platform, dialogue)
        platform.timeout, platform.retries = 0.5, 0
        callback = await platform.say("oA", "断了")
        assert callback.statuses == []
        dialogue.gate.set()
        await eventually(lambda: nothing_waits(platform, "oA"))
        assert vias(platform) == ["customer"]
        assert platform.follower("oA").texts == ["答:断了"]
    finally:
        await runner.cleanup()


async def test_two_followers_with_one_msgid_are_both_heard_and_answered_with_their_own(
    wechat, office
):
    message = {"MsgType": "text", "Content": "低保怎么办"}
    first = await wechat.send("oA", message, id="7001")
    second = await wechat.send("oB", message | {"Content": "救命"}, id="7001")
    assert (first.answer, second.answer) == ("答:低保怎么办", "答:救命")
    assert office.texts(conversation_of(wechat, "oB")) == ["救命", "答:救命"]
    again = await wechat.send("oA", message, id="7001")
    assert again.answer == "答:低保怎么办", "the answer handed out again is the sender's own"
