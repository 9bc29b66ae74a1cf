"""同音字 A character of the same sound is mended where the project's words say which was meant."""

from __future__ import annotations

import pytest
from components.homophones import HomophoneReader
from components.normaliser import known_phrases
from components.pinyin import PinyinReader


@pytest.fixture(scope="module")
def mend() -> HomophoneReader:
    return HomophoneReader(PinyinReader.trained(known_phrases()))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("想看看我设保一共交了多少年", "想看看我社保一共交了多少年"),
        ("车传税在哪交", "车船税在哪交"),
        ("自己想交养劳保险", "自己想交养老保险"),
        ("奶奶是裂士家属", "奶奶是烈士家属"),
        ("办护照要贷什么", "办护照要带什么"),
    ],
)
def test_a_slip_is_mended(mend: HomophoneReader, typed: str, meant: str) -> None:
    assert mend(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["", "补", "abc 123", "我腿截肢了国家能给点什么", "十字路口灯全黑了", "张三丰李四光王小二"],
)
def test_right_words_stay(mend: HomophoneReader, text: str) -> None:
    assert mend(text) == text


def test_what_the_ear_learned_from_is_never_changed(mend: HomophoneReader) -> None:
    changed = [phrase for phrase in known_phrases() if mend(phrase) != phrase]
    assert changed == []
