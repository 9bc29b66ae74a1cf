"""预受理: filling in the item's own form in conversation."""

from __future__ import annotations

import re

from rasa.shared.core.events import SlotSet
from stage import Citizen


def valid_id(first17: str) -> str:
    """Return an ID number with its check character."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        first17 + "10X98765432"[sum(int(d) * w for d, w in zip(first17, weights, strict=True)) % 11]
    )


# A valid check character under a region that does not exist.
ID = valid_id("99999919460305200")
PHONE = "19900000001"
ANSWERS = {"name": "张三", "id_number": ID, "phone": PHONE, "address": "青石路8号", "date": "今天",
           "number": "2", "photo": "跳过", "text": "办急用", "choice": "第一个"}  # fmt: skip


async def begin(citizen: Citizen) -> str:
    return await citizen.say("我要申请高龄津贴", intent="start_application", item="MZ008")


async def fill(citizen: Citizen) -> str:
    """Fill in everything but the photo, as briefly as people do."""
    await begin(citizen)
    await citizen.say("张三")
    await citizen.say(ID)
    await citizen.say(PHONE)
    await citizen.say("青石路8号")
    await citizen.say("社保卡")
    await citizen.say("我妈的")
    await citizen.say("王小明")
    await citizen.say("子女")
    return await citizen.say("没得照片")


async def test_what_is_to_be_checked_stands_in_clear_and_says_of_what_kind_it_is(
    citizen: Citizen,
) -> None:
    await fill(citizen)
    checked = {field["value"]: field.get("kind") for field in citizen.card["fields"]}
    assert checked["张三"] == "name"
    assert checked[ID] == "id_number"
    assert checked[PHONE] == "phone"
    await citizen.say("不是")
    offered = {item["note"]: item.get("kind") for item in citizen.replies[-1]["items"]}
    assert (offered["张三"], offered[PHONE]) == ("name", "phone")


async def test_a_question_says_of_what_kind_its_answer_is(citizen: Citizen) -> None:
    await begin(citizen)
    assert citizen.replies[-1]["asks"] == "name"
    await citizen.say("张三")
    assert citizen.replies[-1]["asks"] == "id_number"


async def test_an_application_is_filed_after_a_yes_and_gives_a_receipt(citizen: Citizen) -> None:
    confirmation = await fill(citizen)
    assert "家人代办" in confirmation
    filed = await citizen.say("莫得错")
    assert re.search(r"BJ\d{13}", filed)
    assert re.search(r"/#/receipt/[\w.-]+$", citizen.card["link_url"])
    assert citizen.card["link_title"] == "查看回执"
    assert any(reply["kind"] == "image" and reply["image_url"] for reply in citizen.replies)
    assert await citizen.form() is None


async def test_a_form_opened_by_an_earlier_version_is_asked_on_for_what_it_lacks(
    citizen: Citizen,
) -> None:
    await citizen.say("我要申请居民身份证丢失补领", intent="start_application", item="GA004")
    tracker = await citizen.clerk.agent.processor.get_tracker(citizen.conversation)
    sheet = tracker.get_slot("sheet")
    earlier = [field for field in sheet["fields"] if "when" not in field]
    tracker.update(SlotSet("sheet", {**sheet, "fields": earlier}))
    await citizen.clerk.agent.tracker_store.save(tracker)
    words, chosen = "", {"deliver": "邮寄到家", "visit_date": "明天"}
    for _ in range(20):
        awaiting = await citizen.slot("awaiting")
        if awaiting["kind"] == "confirm":
            break
        words = await citizen.say(chosen.get(awaiting["field"]) or ANSWERS[awaiting["kind"]])
    assert "收件地址" not in words
    again = await citizen.say("对")
    assert "寄到哪里" in again
    await citizen.say("云溪区清水街道青石路8号")
    assert "张三" in await citizen.say("跳过")
    assert re.search(r"BJ\d{13}", await citizen.say("对"))
