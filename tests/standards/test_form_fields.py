"""Which fields of a form are asked for after which answers."""

from __future__ import annotations

from typing import Any

from standards.form_fields import asked, contradictions

WAY = {"name": "way", "choices": ["上门", "窗口"]}
WHO = {"name": "who", "choices": ["本人", "代办"], "when": {"field": "way", "is": ["窗口"]}}
NAME = {"name": "proxy", "when": {"field": "who", "is": ["代办"]}}
FORM = [WAY, WHO, NAME]


def names(values: dict[str, str]) -> list[Any]:
    return [spec["name"] for spec in asked(FORM, values)]


def test_a_field_is_asked_once_its_condition_holds_and_not_before() -> None:
    assert names({}) == ["way"]
    assert names({"way": "窗口"}) == ["way", "who"]
    assert names({"way": "窗口", "who": "代办"}) == ["way", "who", "proxy"]


def test_what_hangs_on_a_field_that_is_not_asked_is_not_asked_either() -> None:
    assert names({"way": "上门", "who": "代办"}) == ["way"]


def test_a_condition_names_an_earlier_choice_and_its_answers() -> None:
    assert contradictions(FORM) == []
    assert contradictions([NAME, WHO]) != []
    assert contradictions([WAY, {"name": "x", "when": {"field": "way", "is": ["邮寄"]}}]) != []
