"""《个人信息保护法》第十五、四十四至五十条: what a citizen may ask about their own data."""

from __future__ import annotations

import re

from stage import Citizen
from test_application import ID, PHONE, fill
from test_consent import agreed

NUMBER = re.compile(r"GX\d{13}")


async def test_who_withdraws_is_believed_at_once_and_the_open_form_rests(citizen: Citizen) -> None:
    await fill(citizen)
    assert await agreed(citizen)
    said = await citizen.say("我不同意你们用我的资料")
    assert "您不同意，以后不再用" in said
    assert await agreed(citizen) is None
    assert await citizen.form() is None
    # Further use asks anew.
    assert "先问您同不同意" in await citizen.say("接着填")


async def test_an_erasure_is_explained_confirmed_and_filed_with_its_day(citizen: Citizen) -> None:
    said = await citizen.say("删除我的个人信息")
    assert "按档案规定" in said
    assert citizen.chips == ["核对身份再删", "只删这个对话", "不删了"]
    filed = await citizen.press("只删这个对话")
    assert NUMBER.search(filed)
    assert re.search(r"最迟 20\d\d-\d\d-\d\d 前删完", filed)


async def test_who_thinks_better_of_it_keeps_everything(citizen: Citizen) -> None:
    await citizen.say("帮我把我的信息都删了")
    assert "都还在" in await citizen.press("不删了")


async def test_identity_is_proven_before_all_of_it_is_asked_for(citizen: Citizen) -> None:
    await fill(citizen)
    await citizen.say("莫得错")
    said = await citizen.say("我的信息有哪些")
    assert "1 个办件" in said
    assert "身份证号" in await citizen.press("核对身份再要")
    await citizen.say(ID)
    filed = await citizen.say(PHONE)
    assert "对上了" in filed
    assert NUMBER.search(filed)
    # Proven once, the next wish is filed without another proof.
    await citizen.say("删除我的个人信息")
    assert citizen.chips == ["确定删除", "不删了"]
    assert NUMBER.search(await citizen.press("确定删除"))


async def test_a_proof_that_is_dropped_files_nothing_later(citizen: Citizen) -> None:
    await fill(citizen)
    await citizen.say("莫得错")
    await citizen.say("下载我的数据")
    await citizen.press("核对身份再要")
    await citizen.say("取消")
    await citizen.say("核对身份")
    await citizen.say(ID)
    assert NUMBER.search(await citizen.say(PHONE)) is None


async def test_the_notice_is_linked_and_says_what_may_be_asked_for(citizen: Citizen) -> None:
    said = await citizen.say("隐私政策")
    assert "谁在用" in said
    assert citizen.replies[0]["link_url"] == "/privacy"
    assert citizen.chips == ["看我的信息", "改正我的信息", "删除我的信息", "不同意再用"]


async def test_what_only_the_ear_understands_gets_the_choices(citizen: Citizen) -> None:
    said = await citizen.say("我的信息给过哪些单位", intent="ask_personal_data")
    assert "您要哪一样" in said
    assert "先核对身份" in await citizen.press("改正我的信息")
