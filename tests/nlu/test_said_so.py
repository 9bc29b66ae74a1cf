"""Texts that words alone decide: circumstances, events in life, bare names, not knowing."""

from __future__ import annotations

import pytest
import yaml
from components.catalogue import read_catalogue
from components.circumstances import Circumstances
from components.life_events import LifeEvents
from components.personal_names import bare_name
from components.project_files import data_folder, dictionary_folder, lexicon_file
from components.yaml_files import read_yaml
from understand import Ear

NOT_ABOUT_ITEMS = ("nlu_fallback", "out_of_scope")


@pytest.mark.parametrize(
    "text",
    ["外地户口行不行", "农村户口可以吗", "外地人能办吗", "没有房子行不行", "六十岁以下可不可以"],
)
async def test_circumstances_alone_pick_no_item(ear: Ear, text: str) -> None:
    parse = await ear.parse(text)
    assert parse["intent"]["name"] == "ask_guide"
    assert parse["item_outcome"] == "none"


async def test_circumstances_alone_still_ask_for_the_conditions(ear: Ear) -> None:
    assert (await ear.parse("外地户口行不行"))["element"] == "conditions"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("低保没有收入证明能办不", "MZ001"),
        ("没有收入证明低保能办不", "MZ001"),
        ("低保没有房子行不行", "MZ001"),
    ],
)
async def test_an_item_named_beside_circumstances_is_meant(ear: Ear, text: str, code: str) -> None:
    parse = await ear.parse(text)
    assert (parse["items"][0]["code"], parse["item_outcome"]) == (code, "confident")
    scores = [item["score"] for item in parse["items"]]
    assert scores == sorted(scores, reverse=True)


def test_a_question_that_says_more_than_circumstances_is_left_to_the_ranker() -> None:
    judge = Circumstances.trained(
        read_yaml(dictionary_folder() / "circumstances.yml"),
        [("A1", ["养狗登记"]), ("A2", ["低保"]), ("A3", ["低保"])],
    )
    assert judge("外地户口行不行") == ""
    assert judge("养狗登记外地户口行不行") == "A1"
    assert judge("低保外地户口行不行") is None
    assert judge("外地户口养两条狗行不行") is None
    assert judge("外地户口怎么迁") is None
    assert judge("行不行") is None


@pytest.mark.parametrize("text", ["娃儿刚生，要办哪些手续", "刚生了娃要办些啥", "二胎刚出生怎么办"])
async def test_a_birth_leads_to_the_items_of_a_newborn(ear: Ear, text: str) -> None:
    parse = await ear.parse(text)
    assert parse["item_outcome"] == "ambiguous"
    assert [item["code"] for item in parse["items"][:3]] == ["WJ003", "GA008", "YB001"]


async def test_a_death_leads_to_what_the_family_has_to_do(ear: Ear) -> None:
    parse = await ear.parse("老人过世了要办哪些手续")
    assert [item["code"] for item in parse["items"][:2]] == ["WJ017", "GA009"]


async def test_an_event_with_a_wish_of_its_own_is_that_wish(ear: Ear) -> None:
    parse = await ear.parse("孩子刚生，上户口要办什么手续")
    assert parse["items"][0]["code"] == "GA008"
    assert "MZ021" not in [item["code"] for item in (await ear.parse("车子刚买"))["items"][:3]]


def test_every_item_of_an_event_bears_it_in_the_catalogue() -> None:
    borne = {}
    for path in (data_folder() / "catalogue").glob("*.yaml"):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]:
            borne[entry["code"]] = entry.get("life_events") or []
    for event, told in read_yaml(dictionary_folder() / "life_events.yml")["events"].items():
        assert all(event in borne[code] for code in told["items"]), event


def test_no_name_alias_or_question_of_an_item_is_taken_for_an_event() -> None:
    events = LifeEvents.read(read_yaml(dictionary_folder() / "life_events.yml"))
    phrases = [
        (item.code, phrase)
        for item in read_catalogue(data_folder())
        for phrase in (item.name, *item.aliases, *item.questions)
    ]
    taken = [
        (code, phrase) for code, phrase in phrases if (of := events(phrase)) and code not in of
    ]
    assert taken == []


@pytest.mark.parametrize("name", ["张大山", "李秀英", "王建国", "欧阳建国", "曾志伟"])
async def test_a_name_alone_guesses_no_item(ear: Ear, name: str) -> None:
    parse = await ear.parse(name)
    assert parse["normalised"] == name
    assert parse["intent"]["name"] in NOT_ABOUT_ITEMS
    assert (parse["items"], parse["item_outcome"]) == ([], "none")


@pytest.mark.parametrize("text", ["高血压", "养老金", "公积金", "高龄津贴"])
async def test_a_word_that_begins_like_a_surname_keeps_its_items(ear: Ear, text: str) -> None:
    assert (await ear.parse(text))["items"]


def test_a_name_is_three_characters_or_four_with_a_double_surname() -> None:
    name = bare_name(lexicon_file())
    assert all(name.fullmatch(text) for text in ("张大山", "欧阳锋", "欧阳建国"))
    assert not any(name.fullmatch(text) for text in ("高龄", "的大山", "张大山你好", "张大山大"))


@pytest.mark.parametrize("text", ["不晓得", "不知道", "我也不清楚"])
async def test_not_knowing_is_no_denial(ear: Ear, text: str) -> None:
    assert (await ear.parse(text))["intent"]["name"] in NOT_ABOUT_ITEMS


async def test_when_are_you_coming_is_no_greeting(ear: Ear) -> None:
    parse = await ear.parse("好久来")
    assert (parse["normalised"], parse["intent"]["name"]) == ("多久来", "query_progress")
    assert parse["element"] == "time"
    assert (await ear.parse("好久不见"))["intent"]["name"] == "greet"


@pytest.mark.parametrize("text", ["得不得行", "可不可以", "有没有加急"])
async def test_the_shortest_questions_are_questions(ear: Ear, text: str) -> None:
    assert (await ear.parse(text))["intent"]["name"] == "ask_guide"
