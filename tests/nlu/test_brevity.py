"""A word that several items share names none of them."""

from __future__ import annotations

import pytest
from components.brevity import SHORT, ShortWords
from components.catalogue import read_catalogue
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder


@pytest.fixture(scope="module")
def words() -> ShortWords:
    normalise = Normaliser(Dictionaries.read(dictionary_folder()))
    return ShortWords(
        (item.code, [normalise(phrase) for phrase in (item.name, *item.aliases)])
        for item in read_catalogue(data_folder())
    )


@pytest.mark.parametrize(
    "text", ["养老保险", "迁户口", "户口", "残疾证", "社保", "营业执照", "公租房", "取公积金"]
)
def test_a_word_that_several_items_share_fits_several(words: ShortWords, text: str) -> None:
    assert words.fits_several(text)


@pytest.mark.parametrize(
    "text", ["高龄津贴", "低保", "失业金", "老年证", "临时身份证", "你好", "", "证"]
)
def test_a_word_of_one_item_or_of_none_does_not(words: ShortWords, text: str) -> None:
    assert not words.fits_several(text)


def test_a_longer_text_says_what_is_to_be_done(words: ShortWords) -> None:
    text = "养老保险怎么交"
    assert len(text) > SHORT
    assert not words.fits_several(text)


def test_an_item_called_so_has_rivals_only_where_they_use_the_word_as_much() -> None:
    shared = ShortWords([("A", ["甲乙证", "甲乙丙证"]), ("B", ["办甲乙证", "甲乙丁证"])])
    aside = ShortWords([("A", ["甲乙证", "甲乙丙证"]), ("B", ["办甲乙证", "丁", "戊", "己"])])
    assert shared.fits_several("甲乙证")
    assert not aside.fits_several("甲乙证")
