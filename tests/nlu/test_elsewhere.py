"""What other bodies do is told apart from the items, and nobody's business from both."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml
from components.catalogue import read_catalogue
from components.elsewhere import read_elsewhere
from components.normalisation import Dictionaries, Normaliser
from components.project_files import data_folder, dictionary_folder, elsewhere_file
from scoring import is_outside, read_questions
from understand import Ear

ENTRIES: dict[str, dict[str, Any]] = yaml.safe_load(elsewhere_file().read_text(encoding="utf-8"))
LEAST_ENTRIES = 60


def test_the_file_keeps_its_schema() -> None:
    path = data_folder() / "schemas" / "elsewhere.schema.json"
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(ENTRIES, json.loads(path.read_text(encoding="utf-8")))
    assert len(ENTRIES) >= LEAST_ENTRIES


def test_what_an_entry_points_at_exists() -> None:
    codes = {item.code for item in read_catalogue(data_folder())}
    lines = yaml.safe_load((data_folder() / "hotlines.yml").read_text(encoding="utf-8"))
    assert {code for entry in ENTRIES.values() for code in entry.get("near", ())} <= codes
    assert {entry["hotline"] for entry in ENTRIES.values() if "hotline" in entry} <= set(lines)


def test_no_phrase_belongs_to_two_entries_or_to_an_item_too() -> None:
    normalise = Normaliser(Dictionaries.read(dictionary_folder()))
    owners = defaultdict(set)
    for one in (*read_catalogue(data_folder()), *read_elsewhere(elsewhere_file())):
        for phrase in (one.name, *one.aliases, *one.questions):
            owners[normalise(phrase)].add(one.code)
    shared = {
        phrase: codes
        for phrase, codes in owners.items()
        if len(codes) > 1 and any(code.startswith("elsewhere.") for code in codes)
    }
    assert shared == {}


def test_an_office_without_the_file_knows_nothing_of_others(tmp_path: Path) -> None:
    assert read_elsewhere(tmp_path / "elsewhere.yml") == []


STRANGERS = {
    "驾照一年的分全扣完了，上哪儿上课去": "driving_points",
    "我们村水井要抽地下水，这个许可找哪家": "water_permit",
    "老公死活不离，我想去法院离，家产咋分": "divorce_court",
    "便利店想卖几条烟，那个证找谁发": "tobacco",
    "去法国旅游的签证你们给办不": "visas",
    "银行要看我的征信，在哪能打一份": "credit_report",
    "去考个焊工的操作证，在哪儿报": "safety_cards",
    "高铁票买错了日子咋个退": "train_tickets",
    "这个月电费怎么涨了一倍": "electricity",
    "判决书下来半年了他一分钱不给，怎么强制执行": "court_enforcement",
}
"""Said in other words than any that were learnt."""


async def test_matters_of_other_bodies_are_heard_as_theirs(ear: Ear) -> None:
    parses = [await ear.parse(text) for text in STRANGERS]
    heard = [parse for parse in parses if parse.get("elsewhere")]
    assert all(parse["elsewhere"]["code"] == STRANGERS[parse["text"]] for parse in heard)
    assert all(parse["intent"]["name"] == "ask_guide" for parse in heard)
    assert all(parse["item_outcome"] == "none" for parse in heard)
    # Nine were when this was written; none may be answered with an item.
    assert len(heard) >= 0.9 * len(STRANGERS)
    assert not any(parse["item_outcome"] == "confident" for parse in parses)


async def test_an_item_called_by_its_name_is_not_lost_behind_another_bodys_matter(ear: Ear) -> None:
    parse = await ear.parse("银行说我的考的士证要先弄好才给贷款")
    assert parse["item_outcome"] != "none"
    assert parse["items"][0]["code"] == "JT002"


@pytest.mark.parametrize(
    "text",
    ["今天要不要带伞", "附近哪家酒店评分高", "这道数学题怎么做", "推荐几个好玩的景点"],
)
async def test_nobodys_business_is_no_other_bodys(ear: Ear, text: str) -> None:
    parse = await ear.parse(text)
    assert parse.get("elsewhere") is None
    assert parse["item_outcome"] != "confident"


@pytest.mark.parametrize("split", ["dev", "strangers_dev"])
async def test_what_is_in_the_catalogue_is_hardly_ever_sent_away(ear: Ear, split: str) -> None:
    inside = [question for question in read_questions(split) if not is_outside(question)]
    parses = await ear.parse_all([question["text"] for question in inside])
    sent = [parse["text"] for parse in parses if parse.get("elsewhere")]
    assert len(sent) / len(inside) <= 0.01, sent
