"""The plain written form of what citizens type."""

from __future__ import annotations

import re
import unicodedata

import jieba
import pytest
from components.catalogue import read_catalogue
from components.normalisation import KEPT_LIMIT, Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

normalise = Normaliser(Dictionaries.read(dictionary_folder()))
simplified = OpenCC("t2s").convert
FREQUENT = 200
"""Occurrences in jieba's dictionary."""


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


@pytest.mark.parametrize(
    "text",
    [
        "契税按几个点算",
        "由哪个点办",
        "能晚点办吗",
        "在原地点办理",
        "喇叭太吵",
        "阿拉伯语",
        "养老公寓",
        "敬老公园",
        "旁边个体户",
        "哪个人民法庭",
        "在哪搭车",
        "什么事",
        "什么子女",
        "老豆腐",
        "洋娃娃",
        "咯血",
        "环境嘈杂",
        "建筑物事故",
        "采伐",
        "渣土抛撒",
        "在干嘛",
        "开个网吧",
        "有没有加急",
        "广电体育局",
        "报消防验收",
    ],
)
def test_characters_that_belong_to_other_words_are_left_alone(text: str) -> None:
    assert normalise(text) == text


@pytest.mark.parametrize(
    ("said", "plain"),
    [
        ("点算", "怎么办"),
        ("超咗点算", "超了怎么办"),
        ("我老公养老", "我丈夫养老"),
        ("边个证书", "谁证书"),
        ("有么事", "有什么"),
        ("得不得行", "可不可以"),
        ("我问一下哈我屋头老汉", "我家里爸爸"),
        ("快点啊", "快点"),
        ("能加急啊", "能加急"),
        ("好久来", "多久来"),
        ("要等好久", "要等多久"),
    ],
)
def test_the_same_characters_are_dialect_where_they_stand_alone(said: str, plain: str) -> None:
    assert normalise(said) == plain


@pytest.mark.parametrize("text", ["等了好久才批", "坏了好久来人看过", "好久不见"])
def test_a_long_wait_is_told_and_not_asked_about(text: str) -> None:
    assert normalise(text) == text


def test_no_official_name_is_changed_by_words_of_dialect() -> None:
    names = [item.name for item in read_catalogue(data_folder())]
    # 老年人 is as short as 老人 everywhere alike; width and case are no words.
    plain = [
        unicodedata.normalize("NFKC", name).lower().replace("老年人", "老人") for name in names
    ]
    assert [normalise(name) for name in names] == plain


def test_no_frequent_word_is_changed_unless_it_is_listed() -> None:
    words = Dictionaries.read(dictionary_folder())
    listed = {*words.dialect, *words.typos, *words.openings, *words.fillers, *words.endings}
    # 咋样 → 怎么样 and the like are the point; 赶明儿 and the like lose nothing.
    meant = re.compile("[咋啥俺]|儿$|^[啊哎天吱哇]|[娃]子$|姑娘家|哈$")
    general = jieba.Tokenizer()
    general.initialize()
    changed = [
        word
        for word, seen in general.FREQ.items()
        if seen >= FREQUENT and len(word) > 1 and word not in listed and not meant.search(word)
        if re.fullmatch("[一-龥]+", plain := simplified(word)) and normalise(word) != plain
    ]
    assert changed == []


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
