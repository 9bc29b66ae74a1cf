"""Several wishes of one message, and a story that has no stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogue.gate import decide, load_words
from dialogue.stories import LONG, MOST_PIECES, pieces
from dialogue.wishes import with_fragments
from form_ear import form_ear

WORDS = load_words(Path(__file__).resolve().parents[3] / "data")
STORY = (
    "喂你好我是在镇上住的我家那口子去年摔了一跤现在天天躺起我自己也六十好几了儿子在外面打工一年回来一次"
    "村上的人跟我说像这种情况每个月有护理的钱可以领我就想问一下这个护理补贴是在哪里申请都要拿些什么去"
)


def item(code: str, score: float, element: str | None = None) -> dict[str, Any]:
    outcome = "confident" if score >= 0.6 else "ambiguous"
    items = [{"code": code, "name": code, "score": score}]
    return {"intent": {"name": "ask_guide", "confidence": 0.9}, "items": items,
            "item_outcome": outcome, "element": element}  # fmt: skip


async def read(
    text: str, heard: dict[str, dict[str, Any]], whole: str = "nlu_fallback", sure: float = 0.1
) -> dict[str, Any]:
    """Read a text whose parts, where they hold a key of `heard`, are heard so.

    Args:
        text: what is said.
        heard: what is heard of a part, by words that stand in it.
        whole: intent that is heard of all of a long text.
        sure: how surely.
    """

    async def parse(said: str) -> dict[str, Any]:
        nothing = {"intent": {"name": whole, "confidence": sure}, "items": [],
                   "item_outcome": "none", "element": None}  # fmt: skip
        if len(said) >= LONG:
            return {"text": said, **nothing}
        return {"text": said, **next((one for key, one in heard.items() if key in said), nothing)}

    return await decide({"kind": "text", "text": text}, None, None, parse, WORDS, form_ear())


async def test_three_questions_are_three_and_keep_their_order() -> None:
    heard = {"居住证": item("GA021", 0.9, "time"), "护照": item("GA027", 0.9, "fee"),
             "狗": item("GA031", 0.9, "materials")}  # fmt: skip
    parsed = await read("居住证要几天，护照多少钱，狗证要带啥", heard)
    assert parsed["items"][0]["code"] == "GA021"
    assert [wish["items"][0]["code"] for wish in parsed["also"]] == ["GA027", "GA031"]


async def test_a_pause_divides_what_was_dictated() -> None:
    heard = {"居住证": item("GA021", 0.9, "time"), "护照": item("GA027", 0.9, "fee")}
    parsed = await read("居住证要几天 护照多少钱", heard)
    assert [wish["items"][0]["code"] for wish in parsed["also"]] == ["GA027"]


async def test_a_clause_that_asks_for_nothing_is_no_second_wish() -> None:
    heard = {"居住证": item("GA021", 0.9, "time"), "户口本": item("GA016", 0.9)}
    parsed = await read("我户口本在老家，居住证要几天", heard)
    assert "also" not in parsed


async def test_an_idle_half_does_not_decide_for_the_whole() -> None:
    parsed = await read("外面太阳好大。居住证要几天？", {"居住证要": item("GA021", 0.9, "time")})
    assert parsed["items"][0]["code"] == "GA021"
    assert parsed["element"] == "time"


async def test_a_story_is_about_what_its_pieces_speak_for() -> None:
    heard = {"拿些什么": item("MZ010", 0.4, "materials"), "护理": item("MZ010", 0.5)}
    parsed = await read(STORY, heard)
    assert (parsed["items"][0]["code"], parsed["item_outcome"]) == ("MZ010", "confident")
    assert parsed["element"] == "materials"


@pytest.mark.parametrize(
    ("whole", "sure", "meant"),
    [("propose_topic", 0.95, "propose_topic"), ("rate_service", 0.9, "rate_service"),
     ("ask_personal_data", 0.9, "ask_personal_data"), ("complain", 0.6, "complain"),
     ("propose_topic", 0.4, "ask_guide"), ("ask_office", 0.3, "ask_guide"),
     ("start_application", 0.9, "ask_guide"), ("out_of_scope", 0.9, "ask_guide")],
)  # fmt: skip
async def test_a_long_text_that_surely_wishes_for_something_is_no_story(
    whole: str, sure: float, meant: str
) -> None:
    heard = {"拿些什么": item("MZ010", 0.4, "materials"), "护理": item("MZ010", 0.5)}
    assert (await read(STORY, heard, whole, sure))["intent"]["name"] == meant


async def test_a_story_whose_pieces_name_nothing_stays_what_it_was() -> None:
    parsed = await read(STORY, {})
    assert parsed["item_outcome"] == "none"


def test_pieces_cover_a_text_and_are_short() -> None:
    found = pieces(STORY)
    assert all(len(piece) <= LONG // 2 for piece in found)
    assert found[0] in STORY
    assert STORY.endswith(found[-1])


async def test_of_a_very_long_story_the_end_is_read_too() -> None:
    told = "，".join(["那年子我家的房子漏雨漏得厉害得很请人修了一回"] * 40)
    heard = {"拿些什么": item("MZ010", 0.4, "materials"), "护理": item("MZ010", 0.5)}
    assert len(pieces(told)) == MOST_PIECES
    parsed = await read(f"{told}，{STORY}", heard)
    assert (parsed["items"][0]["code"], parsed["element"]) == ("MZ010", "materials")


async def test_a_story_about_what_another_body_does_keeps_what_it_asks_for() -> None:
    lawsuit = {**item("MZ010", 0.1, "materials"), "items": [], "item_outcome": "none",
               "elsewhere": {"code": "lawsuit", "name": "打官司", "score": 0.9}}  # fmt: skip
    parsed = await read(STORY, {"拿些什么": lawsuit, "护理": lawsuit})
    assert (parsed["elsewhere"]["code"], parsed["element"]) == ("lawsuit", "materials")


async def test_two_items_that_are_surely_named_are_two_wishes_without_a_question() -> None:
    heard = {"身份证丢了": item("GA004", 0.99), "护照也到期了": item("GA028", 0.94)}
    parsed = await read("身份证丢了，护照也到期了", heard)
    assert [wish["items"][0]["code"] for wish in parsed["also"]] == ["GA028"]
    doubtful = {"身份证丢了": item("GA004", 0.99), "护照也到期了": item("GA028", 0.7)}
    assert not (await read("身份证丢了，护照也到期了", doubtful, "ask_guide")).get("also")


async def test_each_question_of_a_message_is_kept() -> None:
    heard = {"照片": {**item("GA027", 0.4, "materials"), "item_outcome": "ambiguous"}}
    parsed = await read("本人要去吗？照片要自己带吗", heard, "ask_guide", 0.9)
    assert [one["text"] for one in parsed["questions"]] == ["本人要去吗", "照片要自己带吗"]
    assert [one["element"] for one in parsed["questions"]] == [None, "materials"]


async def test_what_only_names_an_item_is_no_question_by_itself() -> None:
    heard = {"叉车证": item("SJ016", 0.9)}
    parsed = await read("那叉车证呢，我弟十七岁能考吗", heard, "ask_guide", 0.9)
    assert "questions" not in parsed


async def test_fragments_before_tell_which_item_a_message_is_about() -> None:
    found = {"居住证要到期了": item("GA022", 0.9, "procedure"), "居住证": item("GA021", 0.5)}

    async def parse(said: str) -> dict[str, Any]:
        nothing = {"intent": {"name": "ask_guide", "confidence": 0.5}, "items": [],
                   "item_outcome": "none", "element": None}  # fmt: skip
        return {"text": said, **next((one for key, one in found.items() if key in said), nothing)}

    alone = await parse("咋个续")
    read_on = await with_fragments(alone, "居住证要到期了", parse)
    assert (read_on["items"][0]["code"], read_on["text"]) == ("GA022", "咋个续")
    assert read_on["first"] == "居住证要到期了咋个续"
    applies = {**alone, "intent": {"name": "start_application", "confidence": 0.9}}
    assert await with_fragments(applies, "居住证要到期了", parse) is applies
    assert await with_fragments(alone, "", parse) is alone
