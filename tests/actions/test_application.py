"""预受理: filling in the item's own form in conversation."""

from __future__ import annotations

import re

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
    return await citizen.say("没得照片")


async def test_an_application_is_filed_after_a_yes_and_gives_a_receipt(citizen: Citizen) -> None:
    confirmation = await fill(citizen)
    assert "张*" in confirmation
    assert ID not in confirmation
    assert PHONE not in confirmation
    assert "家人代办" in confirmation
    filed = await citizen.say("莫得错")
    assert re.search(r"BJ\d{13}", filed)
    assert any(reply["kind"] == "image" and reply["image_url"] for reply in citizen.replies)
    assert await citizen.form() is None
