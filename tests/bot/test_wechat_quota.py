"""How much may be said unasked, and what happens when the platform refuses.

STANDARDS, Platforms, WeChat Official Account: "customer-service messages: at most 5 within 48 h
of the user's last message (menu, follow or scan: 3 within 1 minute) … Subscribe messages: one
send a consent".
"""

from __future__ import annotations

import pytest
from eventually import eventually
from followers import conversation_of, nothing_waits, rows

TEMPLATE = "template-progress"


def staff_say(office, platform, *texts, kind="text", openid="oA"):
    """Let the office say something unasked."""
    for text in texts:
        office.say(
            conversation_of(platform, openid),
            {"kind": kind, "text": text},
            channel="wechat",
            identity=openid,
        )


async def outbox(platform, **query):
    """Return what became of the office's words."""
    return await rows(platform, "outbox", logged=True, **query)


async def all_parked(platform, number):
    """Say whether exactly so many words of the office wait for the citizen."""
    return [row["state"] for row in await outbox(platform)] == ["parked"] * number


async def said(platform, number, openid="oA"):
    """Wait for a number of messages the follower sees."""
    await eventually(lambda: len(platform.follower(openid).shown) >= number)


async def one_after_the_other(office, platform, texts, **more):
    """Let the office speak slowly enough that nothing is merged."""
    for number, text in enumerate(texts):
        staff_say(office, platform, text, **more)
        await eventually(lambda wanted=number: outbox_tried(platform, wanted + 1))


async def outbox_tried(platform, number):
    """Say whether so many of the office's words have been tried."""
    return len([row for row in await outbox(platform) if row["attempts"]]) >= number


async def test_five_messages_after_the_citizens_last_word_and_never_a_sixth(wechat, office):
    await wechat.say("oA", "您好")
    await one_after_the_other(office, wechat, [f"第{n}句" for n in range(7)])
    customer = [one.text for one in wechat.follower("oA").shown if one.via == "customer"]
    assert len(customer) == 5
    assert wechat.refused == []
    waiting = await outbox(wechat, state="parked")
    assert [row["last_error"] for row in waiting] == ["quota.waiting_for_citizen"] * 2


async def test_the_last_message_says_how_the_rest_is_reached(wechat, office):
    await wechat.say("oA", "您好")
    await one_after_the_other(office, wechat, [f"第{n}句" for n in range(5)])
    customer = [one.text for one in wechat.follower("oA").shown if one.via == "customer"]
    assert all("https://office.invalid/channels/wechat/h5" not in text for text in customer[:4])
    assert customer[4].startswith("第4句\n")
    assert "https://office.invalid/channels/wechat/h5" in customer[4]


async def test_what_waited_for_the_citizen_comes_with_the_next_answer(wechat, office):
    await wechat.say("oA", "您好")
    await one_after_the_other(office, wechat, [f"第{n}句" for n in range(7)])
    callback = await wechat.say("oA", "我回来了")
    assert callback.answer == "第5句\n\n第6句\n\n答:我回来了"
    await eventually(lambda: nothing_waits(wechat, "oA"))
    assert wechat.over_quota == 0


async def test_words_that_wait_together_are_one_message(wechat, office):
    await wechat.say("oA", "您好")
    wechat.send_faults = [-1]
    staff_say(office, wechat, "一", "二", "三")
    await said(wechat, 2)
    await eventually(lambda: nothing_waits(wechat, "oA"))
    texts = wechat.follower("oA").texts[1:]
    assert "\n\n".join(texts).split("\n\n") == ["一", "二", "三"]
    assert len(texts) < 3


async def test_after_48_hours_nothing_is_sent_and_the_reason_is_on_the_record(
    wechat, office, clock
):
    await wechat.say("oA", "您好")
    clock.forward(48 * 3600 + 1)
    staff_say(office, wechat, "太晚了")
    await eventually(lambda: outbox(wechat, last_error="quota.waiting_for_citizen"))
    assert wechat.follower("oA").texts == ["答:您好"]
    assert wechat.refused == []


async def test_after_a_menu_click_three_messages_within_a_minute(wechat, office, clock):
    await wechat.event("oA", "CLICK", EventKey="/greet")
    await one_after_the_other(office, wechat, ["一", "二", "三", "四"])
    assert [one.via for one in wechat.follower("oA").shown].count("customer") == 3
    assert wechat.over_quota == 0


async def test_a_minute_after_a_menu_click_nothing_is_sent(wechat, office, clock):
    await wechat.event("oA", "CLICK", EventKey="/greet")
    clock.forward(61)
    staff_say(office, wechat, "一")
    await eventually(lambda: outbox(wechat, last_error="quota.waiting_for_citizen"))
    assert wechat.over_quota == 0


async def test_a_notice_never_takes_the_last_message(wechat, office):
    await wechat.say("oA", "您好")
    await one_after_the_other(office, wechat, [f"第{n}句" for n in range(4)])
    staff_say(office, wechat, "您的件已受理", kind="notice")
    await eventually(lambda: outbox(wechat, last_error="quota.waiting_for_citizen"))
    staff_say(office, wechat, "要紧的话")
    await said(wechat, 6)
    assert wechat.follower("oA").texts[-1].startswith("要紧的话")


async def consent(platform, count=1):
    """Let the follower agree to subscription messages."""
    row = {"TemplateId": TEMPLATE, "SubscribeStatusString": "accept", "PopupScene": "2"}
    for _ in range(count):
        await platform.event(
            "oA", "subscribe_msg_popup_event", SubscribeMsgPopupEvent={"List": [row]}
        )
        platform.clock.forward(1)


async def test_a_notice_goes_out_on_a_consent_and_each_consent_is_good_once(
    start_wechat, office, clock
):
    platform = await start_wechat(progress_template=TEMPLATE)
    await consent(platform)
    clock.forward(72 * 3600)
    staff_say(office, platform, "您的件已受理", kind="notice")
    await said(platform, 1)
    (shown,) = platform.follower("oA").shown
    assert shown.via == "subscribed"
    assert shown.text.startswith("您的件已受理 ")
    staff_say(office, platform, "您的件已办结", kind="notice")
    await eventually(lambda: outbox(platform, last_error="quota.waiting_for_citizen"))
    assert platform.refused == []


async def test_a_consent_that_was_taken_back_is_not_used(start_wechat, office, clock):
    platform = await start_wechat(progress_template=TEMPLATE)
    await consent(platform)
    row = {"TemplateId": TEMPLATE, "SubscribeStatusString": "reject"}
    await platform.event(
        "oA", "subscribe_msg_change_event", SubscribeMsgChangeEvent={"List": [row]}
    )
    staff_say(office, platform, "您的件已受理", kind="notice")
    await eventually(lambda: outbox(platform, last_error="quota.waiting_for_citizen"))
    assert platform.refused == []


@pytest.mark.parametrize("code", [45015, 45047])
async def test_a_platform_that_says_the_quota_is_over_is_believed(wechat, office, code):
    await wechat.say("oA", "您好")
    wechat.send_faults = [code]
    staff_say(office, wechat, "一")
    await eventually(lambda: outbox(wechat, last_error=f"errcode.{code}"))
    staff_say(office, wechat, "二")
    await eventually(lambda: all_parked(wechat, 2))
    assert wechat.refused == [code]
    assert (await wechat.say("oA", "在吗")).answer == "一\n\n二\n\n答:在吗"


@pytest.mark.parametrize("code", [48001, 40003, 43004, 61451])
async def test_a_refusal_that_will_not_change_is_given_up_with_its_reason(wechat, office, code):
    await wechat.say("oA", "您好")
    wechat.send_faults = [code]
    staff_say(office, wechat, "一")
    (row,) = await eventually(lambda: outbox(wechat, state="failed"))
    assert (row["last_error"], row["attempts"]) == (f"errcode.{code}", 1)
    staff_say(office, wechat, "二")
    await said(wechat, 2)
    assert wechat.follower("oA").texts[-1] == "二"


async def test_a_busy_platform_is_tried_again_and_the_tries_are_on_the_record(wechat, office):
    await wechat.say("oA", "您好")
    wechat.send_faults = [-1, -1]
    staff_say(office, wechat, "一")
    await said(wechat, 2)
    (row,) = await eventually(lambda: outbox(wechat, state="sent"))
    assert (row["attempts"], row["last_error"]) == (3, "errcode.-1")
    assert wechat.follower("oA").sent_since == 1


async def test_a_platform_that_does_not_answer_is_tried_again(wechat, office):
    await wechat.say("oA", "您好")
    wechat.away = True
    staff_say(office, wechat, "一")
    await eventually(lambda: outbox(wechat, last_error="http.503"))
    wechat.away = False
    await said(wechat, 2)
    assert wechat.follower("oA").texts == ["答:您好", "一"]


async def test_a_refused_token_is_renewed_once_and_the_message_arrives(wechat, office):
    await wechat.say("oA", "您好")
    staff_say(office, wechat, "一")
    await said(wechat, 2)
    wechat.expire_tokens()
    staff_say(office, wechat, "二")
    await said(wechat, 3)
    (row,) = [one for one in await outbox(wechat) if one["attempts"] > 1] or [None]
    assert row is None
    assert wechat.tokens_issued == 2


async def test_long_replies_never_exceed_what_a_message_holds(wechat, dialogue):
    long = {"kind": "text", "text": "长" * 3000}
    dialogue.scripts["长"] = [long, {"kind": "text", "text": "短"}]
    callback = await wechat.say("oA", "长")
    assert len(callback.answer.encode()) <= 2048
    assert "https://office.invalid/channels/wechat/h5" in callback.answer
    await said(wechat, 2)
    assert wechat.follower("oA").texts[1] == "短"
