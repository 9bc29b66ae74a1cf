"""An address that is told as somebody's is masked; the place of a trouble stays readable."""

from __future__ import annotations

import pytest

from backend.privacy import mask_text


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("家住云溪区清水街道霜凛巷7号，想问低保", "家住云溪区清水街******，想问低保"),
        ("住址：霜凛巷7号2栋", "住址：霜凛巷*号**"),
        ("我的收件地址是云溪区霜凛巷7号。谢谢", "我的收件地址是云溪区霜凛巷**。谢谢"),
        ("户籍地址 云溪区霜凛巷7号", "户籍地址 云溪区霜凛巷**"),
    ],
)
def test_a_home_is_masked_where_it_is_told(said: str, shown: str) -> None:
    assert mask_text(said) == shown


@pytest.mark.parametrize(
    "said",
    ["荷塘街6号院门口的路灯坏了", "住址怎么改", "家住得远，能邮寄吗", "家庭住址要写哪个",
     "收件地址填错了怎么办", "松林路33号，路面塌了"],
)  # fmt: skip
def test_a_place_and_a_question_stay_readable(said: str) -> None:
    assert mask_text(said) == said
