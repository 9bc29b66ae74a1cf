"""Corrections, picks and second wishes are read for what they mean."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogue.corrections import corrected
from dialogue.gate import decide, load_words
from dialogue.offers import picked
from form_ear import form_ear

WORDS = load_words(Path(__file__).resolve().parents[3] / "data")
OFFER = {
    "form": "", "field": "item", "kind": "choice",
    "choices": ["居民身份证有效期满换领", "居民身份证损坏换领", "居民身份证丢失补领"],
    "codes": ["GA002", "GA003", "GA004"],
    "hints": [["身份证过期", "身份证快到期了"], ["身份证坏了换"], ["身份证掉了"]],
}  # fmt: skip


@pytest.mark.parametrize(
    ("said", "new"),
    [("改一下内容，她还骂人", "她还骂人"), ("改一下内容她还骂人", "她还骂人"),
     ("不是井盖，是水管爆了", "水管爆了"), ("不是井盖是水管爆了", "水管爆了"),
     ("什么事不对，是路灯不亮了", "路灯不亮了"), ("内容要改，还有垃圾也没人收", "还有垃圾也没人收"),
     ("不对不对，不是我家，是隔壁", "隔壁"), ("名字写错了，应该是李四", "李四"),
     ("手机号改成 199-0000-0002", "199-0000-0002"), ("改手机号", ""), ("上一个填错了", ""),
     ("我要改地址", ""), ("等哈 手机号不对", "")],
)  # fmt: skip
def test_a_correction_is_read_with_the_new_words_it_brings(said: str, new: str) -> None:
    assert corrected(said, WORDS) == new


@pytest.mark.parametrize(
    ("said", "place"),
    [("掉了", 2), ("我的掉了嘛", 2), ("第一个", 0), ("1", 0), ("上面那个", 0), ("最后一个", 2),
     ("中间那个", 1), ("快到期了", 0), ("烂了", 1), ("丢失补领", 2), ("身份证掉了", 2),
     ("社保卡掉了", None), ("第五个", None), ("换领", None), ("要好多钱", None), ("都不是", None)],
)  # fmt: skip
def test_a_short_text_after_buttons_is_looked_for_among_them(said: str, place: int | None) -> None:
    assert picked(said, OFFER, WORDS) == place


async def read(
    text: str, awaiting: dict[str, Any] | None, form: str | None, **by_text: dict[str, Any]
) -> dict[str, Any]:
    async def parse(said: str) -> dict[str, Any]:
        guess = {"intent": {"name": "nlu_fallback", "confidence": 0.1}, "entities": []}
        return {"text": said, **guess, **by_text.get(said, {})}

    return await decide({"kind": "text", "text": text}, form, awaiting, parse, WORDS, form_ear())


@pytest.mark.parametrize(
    ("kind", "said", "intent"),
    [("name", "第二个", "pick"), ("confirm", "最后一个", "pick"), ("number", "2", "inform"),
     ("name", "张三", "inform")],
)  # fmt: skip
async def test_inside_a_form_a_pick_is_told_from_an_answer(
    kind: str, said: str, intent: str
) -> None:
    awaiting = {"form": "application_form", "field": "f", "kind": kind, "offered": OFFER}
    assert (await read(said, awaiting, "application_form"))["intent"]["name"] == intent


@pytest.mark.parametrize(
    ("fact", "said", "intent"),
    [("local", "是的", "pick"), ("local", "不是", "pick"), ("local", "不晓得", "pick"),
     ("age", "82", "ask_eligibility"), ("local", "我是外地的", "ask_eligibility"),
     ("local", "转人工", "ask_human"), ("local", "要带什么材料？", "nlu_fallback")],
)  # fmt: skip
async def test_a_question_about_somebody_is_answered_in_ones_own_words(
    fact: str, said: str, intent: str
) -> None:
    awaiting = {"form": "", "field": "fact", "kind": "choice", "fact": fact,
                "topic": "benefits",
                "choices": ["甲", "乙", "不清楚"], "codes": [True, False, "unknown"]}  # fmt: skip
    assert (await read(said, awaiting, None))["intent"]["name"] == intent


def wish(name: str, code: str = "") -> dict[str, Any]:
    return {"intent": {"name": name, "confidence": 0.9}, "items": [{"code": code}] if code else [],
            "item_outcome": "confident" if code else "none"}  # fmt: skip


async def test_a_second_wish_is_kept_beside_the_first() -> None:
    first, second = "我社保卡丢了咋补", "楼下路灯坏了没人修"
    heard = {first: wish("ask_guide", "RS014"), second: wish("report_problem")}
    parsed = await read(f"{first}，还有就是{second}", None, None, **heard)
    assert parsed["intent"]["name"] == "ask_guide"
    assert [also["intent"] for also in parsed["also"]] == ["report_problem"]
    assert parsed["also"][0]["text"] == second


async def test_two_sentences_about_one_thing_are_one_wish() -> None:
    first, second = "我身份证掉了咋办", "要带户口本去补吗"
    heard = {part: wish("ask_guide", "GA004") for part in (first, second)}
    parsed = await read(f"{first}？{second}？", None, None, **heard)
    assert "also" not in parsed
