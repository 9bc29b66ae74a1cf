"""补正 A case that staff send back, from their desk to the citizen's photo and back, whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from people import apply
from phone_files import photo


async def test_a_photo_sent_after_the_notice_reaches_the_case_whatever_was_asked_between(
    talk: Any, clerk: Any, tmp_path: Path
) -> None:
    speaker, approver = await talk(), await clerk("approver")
    picture = tmp_path / "photo.jpg"
    picture.write_bytes(photo())
    number = await apply(speaker, 31)
    before = await approver.get(f"/desk/cases/{number}")
    await approver.post(
        f"/desk/cases/{number}/return", {"why": "差一样", "missing": ["户口簿本人页"]}
    )
    assert "户口簿本人页" in await speaker.read()
    assert "补材料" in speaker.choices
    await speaker.say("身份证掉了咋个补嘛")
    assert [source["item_code"] for source in speaker.sources] == ["GA004"]
    said = speaker._hear(await speaker.citizen.photograph(picture))
    assert "高龄津贴申领" in said
    assert "1 张" in said
    assert number in await speaker.say("对")
    after = await approver.get(f"/desk/cases/{number}")
    assert (after["state"], after["missing"]) == ("submitted", [])
    assert len(after["media"]) == len(before["media"]) + 1
    said = speaker._hear(await speaker.citizen.photograph(picture))
    assert number not in said, "it expects no more"


async def test_words_sent_after_the_notice_are_the_supplement_and_a_question_is_not(
    talk: Any, clerk: Any
) -> None:
    speaker, approver = await talk(), await clerk("approver")
    number = await apply(speaker, 32)
    await approver.post(
        f"/desk/cases/{number}/return", {"why": "差一样", "missing": ["孩子就读学校名称"]}
    )
    await speaker.read()
    await speaker.say("高龄津贴怎么领")
    assert [source["item_code"] for source in speaker.sources] == ["MZ008"]
    assert "是青石小学" in await speaker.say("是青石小学")
    assert number in await speaker.say("对")
    case = await approver.get(f"/desk/cases/{number}")
    assert case["state"] == "submitted"
