"""A question about a hall is heard as one, also where it only goes on about the last answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from dialogue.halls import HallNames, about_hall, read_hall_names, situation_of

DATA = Path(__file__).resolve().parents[3] / "data"
FOLLOWS = {"form": "", "field": "hall", "kind": "hall"}


@pytest.fixture(scope="module")
def names() -> HallNames:
    return read_hall_names(DATA)


def parsed(name: str, outcome: str = "none") -> dict[str, Any]:
    """What the gate made of a text."""
    return {"intent": {"name": name, "confidence": 0.5}, "item_outcome": outcome}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("隔壁青羊区的政务中心几点上班", "青羊区"),
        ("双流区的大厅开不开", "双流区"),
        ("成都的政务中心在哪", "成都"),
        ("隔壁区的大厅周六开吗", "隔壁区"),
        ("云溪区政务中心几点上班", None),
        ("清河街道那个电话多少", None),
        ("我们小区门口的便民服务站", None),
        ("平安大厅在哪", None),
        ("你们几点上班", None),
        ("公交站旁边市民中心几点下班", None),
        ("其他市场监管的窗口在几楼", None),
        ("此外市政务大厅几点开", None),
        ("另外区大厅几点开", None),
        ("大厅旁边市场好停车不", None),
        ("隔壁区大厅几点开", "隔壁区"),
        ("外地的，外市的大厅在哪", "外市"),
        ("我住双流区，你们周六上班吗", None),
        ("我在高新区上班去哪个大厅", None),
        ("我住老城区，去哪个大厅", None),
        ("从双流区来政务中心坐几路车", None),
        ("户口在青羊区，能来你们大厅办不", None),
        ("我在双流区上班，那边的大厅几点开", "双流区"),
        ("我住双流区，双流区的大厅几点开", "双流区"),
        ("双流区哪个窗口办", "双流区"),
        ("双流区周六大厅开不开", "双流区"),
        ("你们和武侯区的大厅哪个近", "武侯区"),
        ("那武侯区呢", "武侯区"),
    ],
)
def test_the_hall_of_another_district_is_not_ours(
    names: HallNames, text: str, place: str | None
) -> None:
    assert names.districts.elsewhere(text) == place


@pytest.mark.parametrize(
    ("text", "name", "outcome", "topic"),
    [
        ("那元旦呢", "nlu_fallback", "ambiguous", ("hours", -0.6)),
        ("周日呢", "ask_guide", "none", ("hours", -0.6)),
        ("那下个月4号星期五呢", "book_appointment", "none", ("book", 0.4)),
        ("晚上七点呢", "out_of_scope", "none", ("hours", -0.6)),
        ("那书院呢", "nlu_fallback", "none", ("where", -0.6)),
        ("停车收费吗", "ask_guide", "confident", ("parking", 0.2)),
        ("有地方喂奶没", "report_problem", "none", ("nursing", 0.2)),
        ("在哪条路", "ask_guide", "ambiguous", ("where", -0.09)),
    ],
)
def test_what_follows_an_answer_about_a_hall_goes_on_about_it(
    names: HallNames, text: str, name: str, outcome: str, topic: tuple[str, float]
) -> None:
    asked = about_hall(text, parsed(name, outcome), topic, FOLLOWS, names)
    assert asked is not None
    assert asked["intent"]["name"] == "ask_office"


@pytest.mark.parametrize(
    ("text", "name", "outcome", "topic"),
    [
        ("高龄津贴怎么办", "ask_guide", "confident", ("window", 0.0)),
        ("我儿子周日出生的，上户口要什么", "ask_guide", "confident", ("hours", -0.4)),
        ("楼下的路灯坏了", "report_problem", "none", ("machine", -0.5)),
        ("厕所好脏", "report_problem", "none", ("comfort", 0.0)),
        ("望岭路口堵了", "report_problem", "none", ("route", -0.3)),
        ("那要多少钱", "ask_guide", "ambiguous", ("parking", -0.28)),
    ],
)
def test_other_matters_are_left_alone(
    names: HallNames, text: str, name: str, outcome: str, topic: tuple[str, float]
) -> None:
    for awaiting in (None, FOLLOWS):
        assert about_hall(text, parsed(name, outcome), topic, awaiting, names) is None


def test_without_an_answer_before_it_a_day_is_about_nothing(names: HallNames) -> None:
    assert about_hall("那元旦呢", parsed("nlu_fallback"), ("hours", 0.3), None, names) is None


def test_what_is_surely_about_a_hall_it_names_is_no_report(names: HallNames) -> None:
    asked = about_hall(
        "政务中心门口停车要钱不", parsed("report_problem"), ("parking", 0.3), None, names
    )
    assert asked is not None
    assert (asked["intent"]["name"], asked["follow"]) == ("ask_office", "parking")


def test_a_topic_hardly_heard_is_none(names: HallNames) -> None:
    asked = about_hall("你们那儿", parsed("ask_office"), ("parking", -0.5), None, names)
    assert asked is not None
    assert asked["follow"] == ""
    assert situation_of(parsed("thank"), FOLLOWS) is None
    assert situation_of(parsed("book_appointment"), None) == "appointment"
