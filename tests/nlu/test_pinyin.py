"""拼音 Pinyin is read as the Chinese it stands for; other letters are left alone."""

from __future__ import annotations

import pytest
from components.normaliser import known_phrases
from components.pinyin import PinyinReader


@pytest.fixture(scope="module")
def read() -> PinyinReader:
    return PinyinReader.trained(known_phrases())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("shen fen zheng", "身份证"),
        ("shenfenzheng", "身份证"),
        ("shenfenzheng diu le zenme ban", "身份证丢了怎么办"),
        ("我的shen fen zheng丢了", "我的身份证丢了"),
        ("DI BAO ZEN ME SHEN QING", "低保怎么申请"),
        ("nv er shang hu kou", "女儿上户口"),
    ],
)
def test_pinyin_is_read_with_or_without_spaces(read: PinyinReader, typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["", "hello", "KTV太吵", "wifi连不上", "www.shenfen.gov.cn", "ban", "a@shenfen.cn", "xq123"],
)
def test_letters_that_are_no_pinyin_stay(read: PinyinReader, text: str) -> None:
    assert read(text) == text


def test_many_letters_are_read_in_bounded_time(read: PinyinReader) -> None:
    typed = "shenfenzheng" * 5000
    assert read(typed) == typed
