"""What a conversation written elsewhere may ask of an answer, and when it is right."""

from __future__ import annotations

from typing import Any

import pytest

from tests.converse.checks import faults, words
from tests.converse.talks import UnreadableError, read_talks, read_turn

CARD = {
    "kind": "card",
    "text": "要带户口簿。\n原件一份。",
    "title": "身份证丢失补领",
    "fields": [{"label": "费用", "value": "40 元"}],
    "sections": [{"title": "要带的材料", "lines": ["户口簿 原件 1 份"]}],
    "timeline": [{"at": "2026-11-30", "label": "已提交", "note": "等窗口看"}],
    "items": [{"title": "到期换领", "note": "公安局", "payload": "/a"}],
    "chips": [{"title": "在线申请", "payload": "/b"}, {"title": "找人工", "payload": "/c"}],
    "source": {"item_code": "GA004", "element": "materials"},
}
PLAIN = {"kind": "text", "text": "您慢慢说。"}


def wrong(checks: dict[str, Any], *replies: dict[str, Any]) -> list[str]:
    """Return what is wrong with replies to a turn with these checks."""
    return faults(read_turn({"say": "身份证掉了", **checks}), replies)


@pytest.mark.parametrize(
    "seen",
    ["要带户口簿", "身份证丢失补领", "费用：40 元", "要带的材料", "原件 1 份", "等窗口看",
     "到期换领 公安局", r"\[在线申请\]"],
)  # fmt: skip
def test_everything_a_reader_sees_is_looked_through(seen: str) -> None:
    assert wrong({"must": [seen]}, CARD) == []
    assert wrong({"never": [seen]}, CARD) == [f"never {seen}"]


def test_what_no_reader_sees_is_not() -> None:
    assert "GA004" not in words(CARD)
    assert "/b" not in words(CARD)


def test_every_pattern_must_be_found_in_one_reply_or_another() -> None:
    assert wrong({"must": ["慢慢说", "户口簿"]}, PLAIN, CARD) == []
    assert wrong({"must": ["慢慢说", "驾驶证"]}, PLAIN, CARD) == ["must 驾驶证"]


def test_the_first_line_is_the_first_replys() -> None:
    assert wrong({"first": ["^要带户口簿。$"]}, CARD, PLAIN) == []
    assert wrong({"first": ["原件"]}, CARD) == ["first 原件"]
    assert wrong({"first": ["慢"]}, CARD, PLAIN) == ["first 慢"]
    assert wrong({"first": ["^身份证丢失补领$"]}, {**CARD, "text": ""}) == []


def test_a_chip_or_a_list_line_can_be_pressed() -> None:
    assert wrong({"chip": ["人工", "换领"]}, CARD, PLAIN) == []
    assert wrong({"chip": ["户口簿"]}, CARD) == ["chip 户口簿"]


@pytest.mark.parametrize("item", ["GA004", ["GA005", "GA004"], ["GA004", None]])
def test_an_item_is_right_if_one_of_those_wanted_was_told(item: Any) -> None:
    assert wrong({"item": item}, PLAIN, CARD) == []


def test_another_item_and_no_item_are_wrong_where_one_is_wanted() -> None:
    assert wrong({"item": "GA005"}, CARD) == ["item GA005, told ['GA004']"]
    assert wrong({"item": ["GA004"]}, PLAIN) == ["item GA004, told []"]


def test_none_wants_that_no_guide_was_told() -> None:
    assert wrong({"item": None}, PLAIN) == []
    assert wrong({"item": None}, CARD) == ["item None, told ['GA004']"]


def test_the_element_is_the_sources() -> None:
    assert wrong({"element": ["fee", "materials"]}, CARD) == []
    assert wrong({"element": "fee"}, CARD) == ["element fee, told ['materials']"]


def test_silence_has_no_first_line_and_says_nothing_forbidden() -> None:
    assert wrong({"must": ["好"], "first": ["好"], "never": ["好"]}) == ["must 好", "first 好"]


def test_a_turn_without_a_check_only_goes_on() -> None:
    assert not read_turn({"say": "嗯", "why": "for readers"}).checked
    assert read_turn({"say": "嗯", "item": None}).checked


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"id": "a", "group": "g", "turns": [{"must": ["x"]}]}', "nothing"),
        ('{"id": "a", "group": "g", "turns": [{"say": "x", "press": "y"}]}', "say"),
        ('{"id": "a", "group": "g", "turns": [{"say": "x", "must": ["("]}]}', "error"),
        ('{"id": "a", "turns": []}', "group"),
        ("{", "JSONDecodeError"),
    ],
)
def test_a_line_that_is_no_conversation_is_named(tmp_path: Any, line: str, why: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(UnreadableError, match=rf"a\.jsonl:2: .*{why}"):
        read_talks([file])


def test_conversations_are_chosen_by_id_or_group(tmp_path: Any) -> None:
    file = tmp_path / "a.jsonl"
    rows = [f'{{"id": "{name}-1", "group": "{name}s", "turns": []}}' for name in ("fee", "form")]
    file.write_text("\n".join(rows), encoding="utf-8")
    assert [talk.id for talk in read_talks([file])] == ["fee-1", "form-1"]
    assert [talk.id for talk in read_talks([file], "form-1|^nobody")] == ["form-1"]
    assert [talk.id for talk in read_talks([file], "fees$")] == ["fee-1"]
