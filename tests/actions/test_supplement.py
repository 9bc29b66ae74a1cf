"""补正: what is sent for a case that staff sent back."""

from __future__ import annotations

from typing import Any

import pytest
from desk import Desk
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from stage import Citizen
from test_transcripts import fill

from actions import office
from actions.scene import Scene
from actions.supplement import belongs_to_report

NOON, LATER = "2026-11-22T12:00:00+08:00", "2026-11-22T12:05:00+08:00"


def scene(last: dict[str, Any], since: str) -> Scene:
    """Return what an action has before it after a case was sent back."""
    metadata = {"expects": [{"number": "BJ2026112200001", "since": since}]}
    message = {"text": "", "intent": {"name": "send_media"}, "metadata": metadata}
    return Scene(CollectingDispatcher(),
                 Tracker("c", {"last_thing": last}, message, [], False, None, {}, ""))  # fmt: skip


@pytest.mark.parametrize(
    ("last", "since", "belongs"),
    [({"kind": "report", "at": LATER}, NOON, True), ({"kind": "report", "at": NOON}, LATER, False),
     ({"kind": "report"}, NOON, False), ({"kind": "case", "at": LATER}, NOON, False)],
)  # fmt: skip
def test_a_photo_belongs_to_the_report_or_the_returned_case_whichever_came_last(
    last: dict[str, Any], since: str, belongs: bool
) -> None:
    assert belongs_to_report(scene(last, since)) == belongs


async def returned_case(citizen: Citizen, desk: Desk) -> str:
    """Apply and have the case sent back; return its number."""
    await citizen.say("我要申请高龄津贴", intent="start_application", item="MZ008")
    await fill(citizen)
    await citizen.say("对")
    number = str((await citizen.slot("last_thing"))["number"])
    await desk.send_back(number, ["户口簿本人页照片"])
    return number


async def test_two_cases_of_one_item_are_told_apart_by_their_numbers(
    citizen: Citizen, desk: Desk
) -> None:
    first, second = await returned_case(citizen, desk), await returned_case(citizen, desk)
    await citizen.photograph()
    assert any(first in chip for chip in citizen.chips)
    await citizen.press(next(chip for chip in citizen.chips if first in chip))
    assert first in await citizen.say("对")
    mine = await office.ask("cases", "own", body={"identity": citizen.identity})
    states = {case["number"]: case["state"] for case in mine["cases"]}
    assert states == {first: "submitted", second: "returned"}


async def test_what_is_handed_in_for_a_case_that_went_on_meanwhile_ends_the_form_and_says_so(
    citizen: Citizen, desk: Desk
) -> None:
    number = await returned_case(citizen, desk)
    await citizen.photograph()
    body = {"identity": citizen.identity, "why": "不办了"}
    await office.post("cases", number, "withdraw", body=body, key="elsewhere")
    assert "没有交上去" in await citizen.say("对")
    assert await citizen.form() is None


async def test_a_supplement_that_was_put_aside_is_gone_on_with_by_the_next_photo(
    citizen: Citizen, desk: Desk
) -> None:
    await returned_case(citizen, desk)
    await citizen.photograph()
    await citizen.say("我要补身份证，申请补领", intent="start_application", item="GA004")
    assert await citizen.form() == "application_form"
    await citizen.say("不办了", intent="cancel")
    assert await citizen.form() is None
    assert "2 张" in await citizen.photograph()
