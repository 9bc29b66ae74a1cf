"""The plain written form of what citizens type."""

from __future__ import annotations

import pytest
from components.normalisation import KEPT_LIMIT, Dictionaries, Normaliser
from components.project_files import dictionary_folder
from hypothesis import given, settings
from hypothesis import strategies as st

normalise = Normaliser(Dictionaries.read(dictionary_folder()))


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("身份證補辦要帶什麼", "身份证补办要带什么"),
        ("ＡＢＣ１２３", "abc123"),
        ("身 份 证 丢 失", "身份证丢失"),
        ("身份证怎么办啊啊啊啊", "身份证怎么办"),
        ("身份证😀怎么补🙏🙏", "身份证怎么补"),
        ("嗯，那个，就是说，低保怎么申请", "低保怎么申请"),
        ("请问一下身份证怎么补", "身份证怎么补"),
        ("补生份证", "补身份证"),
        ("低宝怎么申请", "低保怎么申请"),
        ("兜底保障是什么", "兜底保障是什么"),
        ("身份证掉了咋个补嘛", "身份证丢失了怎么补"),
        ("点样申请低保", "怎么申请低保"),
        ("莫得户口本得行不", "没有户口本得行不"),
        ("你好你好你好", "你好"),
    ],
)
def test_what_is_said_becomes_plain(said: str, plain: str) -> None:
    assert normalise(said) == plain


@pytest.mark.parametrize(
    "word", ["额度", "亲属关系证明", "老师体罚学生", "滴滴司机", "路灯掉了", "坏了好久了", "天然气"]
)
def test_a_word_that_only_looks_like_a_filler_or_dialect_stays(word: str) -> None:
    assert normalise(word) == word


@pytest.mark.parametrize("courtesy", ["你好", "在吗", "嗯", "谢谢"])
def test_courtesy_alone_is_kept(courtesy: str) -> None:
    assert normalise(courtesy) == courtesy


def test_repeated_digits_are_never_shortened() -> None:
    assert normalise("19900000001") == "19900000001"


def test_a_long_story_keeps_its_beginning_and_its_end() -> None:
    plain = normalise("甲乙" + "我跟邻居说了他不听又去找物业" * 9000 + "怎么办低保")
    assert len(plain) == KEPT_LIMIT
    assert plain.startswith("甲乙")


@given(st.text(max_size=300))
@settings(max_examples=200, deadline=None)
def test_any_text_is_taken_and_words_never_vanish(text: str) -> None:
    plain = normalise(text)
    assert len(plain) <= KEPT_LIMIT
    if any("一" <= sign <= "龥" for sign in text):
        assert plain
