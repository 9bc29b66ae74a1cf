"""The five journeys, whole, in conversation, on the running system."""

from __future__ import annotations

import asyncio
import re
from typing import Any

from forms import id_number
from people import CASE, TICKET, apply, fill

# ---- 办事指南


async def test_a_colloquial_question_finds_the_item_and_names_its_ground(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("身份证掉了咋个补嘛")
    assert [source["item_code"] for source in speaker.sources] == ["GA004"]
    assert speaker.sources[0]["version"]


async def test_a_follow_up_stays_on_the_item(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("身份证掉了咋个补嘛")
    said = await speaker.say("要多少钱")
    assert (speaker.sources[0]["item_code"], speaker.sources[0]["element"]) == ("GA004", "fee")
    assert "40" in said


async def test_a_question_between_two_items_is_asked_back_with_buttons(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("身份证")
    assert sum("身份证" in choice for choice in speaker.choices) >= 2
    assert not speaker.sources


async def test_a_question_outside_the_catalogue_offers_a_person_and_claims_nothing(
    talk: Any,
) -> None:
    speaker = await talk()
    await speaker.say("我家的猫为什么会后空翻")
    assert not speaker.sources
    assert any("人工" in choice for choice in speaker.choices)


async def test_two_questions_in_one_message_are_both_answered(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("请问残疾人证怎么办？另外高龄津贴要什么材料？")
    assert [source["item_code"] for source in speaker.sources] == ["CL001", "MZ008"]


async def test_a_second_wish_in_one_breath_is_not_lost(talk: Any) -> None:
    speaker = await talk()
    await speaker.say(
        "我社保卡丢了怎么补办还有就是我们小区楼下的路灯坏了好几天了晚上出门黑漆漆的老人都不敢下楼"
    )
    assert [source["item_code"] for source in speaker.sources] == ["RS014"]
    assert "路灯坏了好几天" in speaker.text
    assert "在哪里" in await speaker.say("接着办这件")


async def test_a_question_beside_a_report_waits_until_the_report_is_filed(talk: Any) -> None:
    speaker = await talk()
    said = await speaker.say(
        "垃圾桶满了好几天没人收臭得很在清水街道一号院门口顺便问一下老年公交卡怎么办理要带什么东西"
    )
    assert "老年公交卡" in said
    for answer in ("清水街道一号院门口", "跳过", "跳过", "对，提交"):
        if TICKET.search(said):
            break
        said = await speaker.say(answer)
    assert TICKET.search(said)
    assert "老年公交卡" in said
    await speaker.say("接着办这件")
    assert [source["item_code"] for source in speaker.sources] == ["JT008"]


async def test_a_yes_or_no_is_answered_with_the_guide_and_not_with_yes_or_no(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("身份证掉了咋个补嘛")
    said = await speaker.say("外地户口行不行")
    assert [source["item_code"] for source in speaker.sources] == ["GA004"]
    assert speaker.sources[0]["element"] == "conditions"
    assert "户口在云溪区" in said


async def test_benefits_are_named_as_possible_and_one_question_narrows_them(talk: Any) -> None:
    speaker = await talk()
    said = await speaker.say("我妈八十二岁，户口在本区，有什么补贴可以领")
    assert "可能符合" in said
    assert "高龄津贴" in said
    assert "民政局" in said
    younger = await talk()
    assert "高龄津贴" not in await younger.say("我今年七十岁，有什么补贴可以领")


# ---- 预受理


async def test_nothing_is_submitted_without_an_explicit_yes(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    card = await fill(speaker, "MZ008", 11)
    assert not CASE.search(card)
    assert id_number(11) in card, "its owner checks what they typed"
    said = await speaker.say("等一下 我想想")
    assert not CASE.search(said)


async def test_an_application_ends_in_a_receipt_with_number_and_qr_code(
    talk: Any, http: Any, house: Any
) -> None:
    speaker = await talk()
    await apply(speaker, 12)
    images = [reply["image_url"] for reply in speaker.heard if "image_url" in reply]
    assert images
    address = images[0] if images[0].startswith("http") else house.origin + images[0]
    async with http.get(address) as answer:
        assert answer.status == 200
        assert answer.content_type.startswith("image/")


async def test_a_wrong_id_number_is_explained_kindly_and_the_rest_stays(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    short = await speaker.say(id_number(13)[:-1])
    assert "17" in short or "少" in short
    wrong = id_number(13)[:-1] + ("0" if id_number(13)[-1] != "0" else "1")
    await speaker.say(wrong)
    assert wrong not in speaker.text
    assert "手机" in await speaker.say(id_number(13)) or "电话" in speaker.text


async def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    await speaker.say("这个要好久才办得下来？")
    assert any(source["item_code"] == "MZ008" for source in speaker.sources)
    assert "身份证" in speaker.text


async def test_however_many_questions_are_asked_the_form_asks_again_after_each(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    for question in ("这个要好久才办得下来？", "办这个收不收费？", "要带哪些材料？"):
        said = await speaker.say(question)
        assert "身份证" in said
        assert "先给您放着" not in said


async def test_cancelling_drops_the_form(talk: Any) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    await speaker.say("算了不办了")
    await speaker.say("对，不办了")
    await speaker.say("身份证掉了咋个补嘛")
    assert [source["item_code"] for source in speaker.sources] == ["GA004"]


# ---- 进度


async def test_the_owner_sees_a_timeline_and_a_stranger_what_anyone_sees(talk: Any) -> None:
    owner, stranger = await talk(), await talk()
    number = await apply(owner, 14)
    mine = await owner.say("我的件办到哪了")
    assert number in mine
    foreign = (await stranger.say(f"查一下 {number}")).replace(number, "N")
    absent_number = "BJ2026010199999"
    absent = (await stranger.say(f"查一下 {absent_number}")).replace(absent_number, "N")
    assert foreign == absent


# ---- 诉求


async def test_danger_to_life_names_the_emergency_numbers_first(talk: Any) -> None:
    speaker = await talk()
    said = await speaker.say("小区门口燃气漏了味道好大")
    assert re.search(r"110|119|120", said.splitlines()[0] + "".join(said.splitlines()[:2]))


async def test_a_report_becomes_a_ticket_with_category_and_grid(talk: Any, clerk: Any) -> None:
    speaker = await talk()
    said = await speaker.say("我们楼下路灯坏了好几天，晚上黑漆漆的")
    for answer in ("清水街道一号院门口", "跳过", "跳过", "对，提交"):
        if TICKET.search(said):
            break
        said = await speaker.say(answer)
    ticket = TICKET.search(said)
    assert ticket, said
    dispatcher = await clerk("dispatcher")
    report = await dispatcher.get(f"/desk/reports/{ticket[0]}")
    assert report["category"] == "P102"
    assert ticket[0] in await speaker.say("上次反映的路灯修了吗")


# ---- 转人工


async def test_staff_take_over_the_bot_is_silent_and_the_form_goes_on_after(
    talk: Any, clerk: Any
) -> None:
    speaker = await talk()
    await speaker.say("我要申请高龄津贴")
    await speaker.say("王桂兰")
    await speaker.say("转人工")
    agent = await clerk("agent")
    waiting = (await agent.get("/desk/handoffs?state=waiting"))["handoffs"]
    assert waiting
    handoff = waiting[-1]["handoff_id"]
    await agent.post(f"/desk/handoffs/{handoff}/claim", {})
    seen = str(await agent.get(f"/desk/handoffs/{handoff}/messages?after=0"))
    assert "转人工" in seen
    assert await heard_within(speaker, 10)
    secret = id_number(15)
    assert await speaker.say(f"我的身份证是{secret}") == ""
    masked = str(await agent.get(f"/desk/handoffs/{handoff}/messages?after=0"))
    assert secret not in masked
    await agent.post(f"/desk/handoffs/{handoff}/messages", {"text": "您好，我是小李，我来帮您"})
    assert "我是小李" in await heard_within(speaker, 10)
    await agent.post(f"/desk/handoffs/{handoff}/return", {"why": "继续填表"})
    await heard_within(speaker, 10)
    said = await speaker.say(secret)
    assert "手机" in said or "电话" in said


async def heard_within(speaker: Any, seconds: float) -> str:
    """Wait for something unasked; return it."""
    for _ in range(int(seconds * 10)):
        if said := await speaker.read():
            return str(said)
        await asyncio.sleep(0.1)
    return ""


async def test_two_misunderstandings_lead_to_a_person(talk: Any, clerk: Any) -> None:
    speaker = await talk()
    await speaker.say("叽里咕噜啪啪啪")
    await speaker.say("哇啦哇啦呜呜呜")
    assert "人工" in speaker.text
