"""A WeChat message, from the follower's thumb to the answer, against an emulated platform."""

from __future__ import annotations


async def test_a_text_is_answered_in_the_callback_itself(wechat, office):
    callback = await wechat.say("oA", "身份证掉了咋个补嘛")
    assert callback.statuses == [200]
    assert callback.answer == "答:身份证掉了咋个补嘛"
    assert [one.via for one in wechat.follower("oA").shown] == ["passive"]
    (conversation,) = office.log
    assert office.texts(conversation) == ["身份证掉了咋个补嘛", "答:身份证掉了咋个补嘛"]
