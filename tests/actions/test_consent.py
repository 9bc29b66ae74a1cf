"""《个人信息保护法》第十七、二十九条: asked once, in plain words, before the first ID number."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from stage import Citizen, Clerk
from test_application import ID, PHONE, begin

from actions import office

ASKED = "先问您同不同意"


@pytest.fixture
async def newcomer(office_server: str, clerk: Clerk) -> AsyncIterator[Citizen]:
    """A citizen who has not been asked yet."""
    somebody = Citizen(clerk)
    await somebody.arrive(agrees=False)
    yield somebody
    await office.close()


async def agreed(citizen: Citizen) -> str | None:
    """Return what the office knows of a citizen's consent."""
    who = {"identity": dict(citizen.identity)}
    consent: str | None = (await office.ask("personal", "standing", body=who))["consent"]
    return consent


async def test_before_the_first_id_number_a_consent_is_asked_for_once(newcomer: Citizen) -> None:
    assert ASKED not in await begin(newcomer)
    question = await newcomer.say("张三")
    assert ASKED in question
    assert newcomer.chips[:3] == ["同意", "不同意", "看说明"]
    assert "身份证号" in await newcomer.press("同意")
    assert await agreed(newcomer)
    said = await newcomer.say(ID)
    assert ASKED not in said
    assert "手机号" in said
    # A second form of the same citizen does not ask again.
    await newcomer.say("取消")
    await newcomer.say("不办了")
    await newcomer.say("核对身份")
    assert await newcomer.form() == "verify_form"
    assert ASKED not in "".join(reply["text"] for reply in newcomer.replies)


async def test_who_sends_the_number_after_the_question_has_agreed(newcomer: Citizen) -> None:
    """GB/T 35273-2020, 3.6: to fill in of one's own accord is an explicit consent."""
    await begin(newcomer)
    assert "往下填就是同意" in await newcomer.say("张三")
    assert await agreed(newcomer) is None
    said = await newcomer.say(f"身份证{ID}")
    assert ASKED not in said
    assert "手机号" in said
    assert await agreed(newcomer)


async def test_a_mistyped_number_is_a_consent_and_asked_for_again(newcomer: Citizen) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    said = await newcomer.say(ID[:-1])
    assert ASKED not in said
    assert "身份证号" in said
    assert await newcomer.say(ID)
    assert await agreed(newcomer)


async def test_who_goes_on_filling_in_after_the_question_has_agreed(newcomer: Citizen) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    said = await newcomer.say(PHONE)
    assert ASKED not in said
    assert "身份证号" in said
    assert await agreed(newcomer)


async def test_what_answers_nothing_is_no_consent(newcomer: Citizen) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    assert ASKED in await newcomer.say("啥子意思哦")
    assert await agreed(newcomer) is None


async def test_who_agreed_in_an_earlier_conversation_is_not_asked_again(citizen: Citizen) -> None:
    await begin(citizen)
    assert ASKED not in await citizen.say("张三")


async def test_without_a_consent_the_form_rests_and_a_person_or_the_hall_is_offered(
    newcomer: Citizen,
) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    refused = await newcomer.say("不同意")
    assert "给您放着" in refused
    assert newcomer.chips == ["找人工", "大厅在哪里", "接着填"]
    assert await newcomer.form() is None
    assert await agreed(newcomer) is None
    # Taken up again, it asks again, and what was said is still there.
    assert ASKED in await newcomer.say("接着填")
    assert "身份证号" in await newcomer.say("我同意")


async def test_the_notice_can_be_read_before_answering(newcomer: Citizen) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    notice = await newcomer.press("看说明")
    assert "谁在用" in notice
    assert ASKED in notice
    assert await newcomer.form() == "application_form"
    assert "单独点头" in await newcomer.say("为什么要问这个嘛")


async def test_who_proves_who_they_are_is_asked_too(newcomer: Citizen) -> None:
    assert ASKED in await newcomer.say("核对身份")
    await newcomer.say(f"身份证{ID} 手机{PHONE}")
    assert await newcomer.form() is None
    assert await agreed(newcomer)


async def test_an_answer_to_something_else_with_an_id_number_in_it_is_held_too(
    newcomer: Citizen,
) -> None:
    await begin(newcomer)
    assert ASKED in await newcomer.say(f"张三 身份证{ID}")
    # The number was read, so that nobody has to say it twice.
    assert "手机号" in await newcomer.press("同意")


async def test_a_report_of_a_broken_lamp_asks_for_none(newcomer: Citizen) -> None:
    said = await newcomer.say("青石路8号路灯坏了", intent="report_problem", category="P101")
    assert ASKED not in said
    assert ASKED not in await newcomer.photograph()


async def test_a_consent_that_could_not_be_kept_is_asked_for_again(
    newcomer: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(newcomer)
    await newcomer.say("张三")
    with monkeypatch.context() as away:
        away.setenv("BACKEND_URL", "http://127.0.0.1:9/api/v1")
        said = await newcomer.say("同意")
        assert "没记成" in said
        assert ASKED in said
    assert "身份证号" in await newcomer.say("同意")
    assert await agreed(newcomer)


async def test_who_never_agreed_is_told_so_and_not_that_it_is_noted(newcomer: Citizen) -> None:
    said = await newcomer.say("撤回同意")
    assert "还没点过同意" in said
    assert "记下了" not in said
