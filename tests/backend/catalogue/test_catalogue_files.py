"""The catalogue's files: all 312 items exist, and nothing contradicts the contract's list."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from backend.catalogue.files import check, digest_of, read_catalogue, read_list
from backend.catalogue.model import ELEMENTS, CatalogueError, Listed, combine

DATA = Path(__file__).resolve().parents[3] / "data"
LIST = [
    Listed("GA004", "居民身份证丢失补领", "公安局", "pre", 20),
    Listed("GA005", "临时居民身份证申领", "公安局", "guide", 0),
]


AGE = {"line": "conditions.0", "kind": "age", "min": 16}
WRONGLY_TYPED: tuple[dict[str, Any], ...] = (
    {"kind": "age", "min": 16},
    {**AGE, "line": "conditions"},
    {**AGE, "line": "conditions.first"},
    {**AGE, "line": "basis.0"},
    {**AGE, "surprise": 1},
    {**AGE, "min": "16"},
    {**AGE, "sex": "男"},
    {"line": "conditions.0", "kind": "age"},
    {"line": "conditions.0", "kind": "colour", "min": 1},
    {"line": "conditions.0", "kind": "duration", "of": "other", "min": 6, "unit": "months"},
    {"line": "conditions.0", "kind": "duration", "of": "residence", "min": 6},
    {"line": "conditions.0", "kind": "season", "from": "7", "to": "09"},
    {"line": "conditions.0", "kind": "level", "of": "残疾等级"},
    {"line": "conditions.0", "kind": "hukou", "local": True},
    {"line": "fee", "kind": "amount", "of": "工本费", "unit": "元"},
)
RIGHTLY_TYPED: tuple[dict[str, Any], ...] = (
    AGE,
    {**AGE, "sex": "male", "who": "男方", "when": "代办", "unsure": True},
    {"line": "conditions.0", "kind": "duration", "of": "residence", "min": 6, "unit": "months"},
    {"line": "procedure.0", "kind": "deadline", "after": "丢失", "within": 3, "unit": "days"},
    {"line": "conditions.0", "kind": "before_expiry", "from": 90, "to": 15, "unit": "days"},
    {"line": "summary", "kind": "validity", "of": "证件", "lasts": "forever"},
    {"line": "conditions.0", "kind": "season", "from": "07-01", "to": "09"},
    {"line": "materials.0", "kind": "presence", "who": ["本人"]},
    {"line": "fee", "kind": "amount", "of": "工本费", "is": 40, "unit": "元"},
    {"line": "place", "kind": "online", "possible": False},
)  # fmt: skip


def content() -> dict[str, Any]:
    return {
        "department": "公安局",
        "code": "GA",
        "phone": "000-12340110",
        "place": "二楼",
        "hours": "周一至周五",
        "items": [
            {
                "code": "GA004",
                "name": "居民身份证丢失补领",
                "mode": "pre",
                "promised_working_days": 20,
                "statutory_working_days": 60,
                "aliases": ["一", "二", "三", "四", "五"],
                "questions": ["甲", "乙", "丙", "丁"],
                "elements": {
                    "basis": [{"name": "《中华人民共和国居民身份证法》", "article": "第十一条"}],
                    "conditions": ["丢失"],
                    "materials": [{"name": "户口簿", "original": 1, "copies": 0}],
                    "forms": [],
                    "procedure": [{"step": "申请", "who": "本人", "takes": "当场"}],
                    "time": {"promised": "20 个工作日", "statutory": "60 日", "note": ""},
                    "place": {"address": None, "hours": None, "note": "带原件"},
                    "fee": {"amount": 40, "unit": "元/证", "text": "40 元", "basis": ""},
                },
                "unsure": [],
                "application": {
                    "fields": [{"name": "phone", "label": "手机号", "kind": "phone", "ask": "？"}]
                },
            }
        ],
    }


def changed(**changes: object) -> dict[str, Any]:
    document = copy.deepcopy(content())
    document["items"][0] |= changes
    return document


def test_the_catalogue_in_this_repository_is_valid_and_has_all_items() -> None:
    items = read_catalogue(DATA, digest_of(DATA))
    assert len(items) == 312
    assert [item["code"] for item in items] == [line.code for line in read_list(DATA / "items.csv")]


def test_at_least_eighty_items_have_all_eight_elements() -> None:
    items = read_catalogue(DATA, digest_of(DATA))
    assert sum(item["status"] == "complete" for item in items) >= 80


def test_every_element_nobody_wrote_is_null_and_says_so() -> None:
    for item in read_catalogue(DATA, digest_of(DATA)):
        assert list(item["elements"]) == list(ELEMENTS)
        for name, element in item["elements"].items():
            assert element is not None or name in item["unsure"], (item["code"], name)


def test_the_format_of_the_contract_is_accepted() -> None:
    assert list(check(DATA, "GA.yaml", content())) == []
    assert combine(LIST, {"GA.yaml": content()})[0]["status"] == "complete"


def test_an_item_not_written_out_yet_exists_with_null_elements() -> None:
    _, partial = combine(LIST, {"GA.yaml": content()})
    assert partial["status"] == "partial"
    assert set(partial["elements"].values()) == {None}
    assert partial["department_phone"] == "000-12340110"


def test_a_place_left_open_is_the_department_s() -> None:
    item, _ = combine(LIST, {"GA.yaml": content()})
    assert item["elements"]["place"] == {"address": "二楼", "hours": "周一至周五", "note": "带原件"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"mode": "online"}, "mode"),
        ({"aliases": ["一"]}, "aliases"),
        ({"questions": []}, "questions"),
        ({"application": None}, "application"),
        ({"elements": {}}, "elements"),
        ({"application": {"fields": [{"name": "a", "label": "b", "kind": "colour", "ask": "?"}]}},
         "kind"),
        ({"application": {"fields": [{"name": "a", "label": "b", "kind": "choice", "ask": "?"}]}},
         "choices"),
        ({"promised_working_days": "20"}, "promised_working_days"),
        ({"surprise": 1}, "surprise"),
        *(({"typed": [wrong]}, "typed") for wrong in WRONGLY_TYPED),
    ],
)  # fmt: skip
def test_the_schema_finds_what_is_wrong_and_where(change: dict[str, Any], said: str) -> None:
    problems = list(check(DATA, "GA.yaml", changed(**change)))
    assert problems
    assert any(said in problem and problem.startswith("GA.yaml: ") for problem in problems)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"code": "GA999"}, "not in the list"),
        ({"name": "补身份证"}, "the list says"),
        ({"mode": "direct"}, "the list says"),
        ({"promised_working_days": 5}, "the list says"),
        ({"elements": {**content()["items"][0]["elements"], "fee": None}}, "not in unsure"),
    ],
)
def test_a_file_that_contradicts_the_list_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(CatalogueError, match=said):
        combine(LIST, {"GA.yaml": changed(**change)})


def test_conditions_may_be_typed_on_the_lines_that_state_them() -> None:
    document = changed(typed=list(RIGHTLY_TYPED), summary="身份证丢了，补一张。")
    assert list(check(DATA, "GA.yaml", document)) == []
    typed, untyped = combine(LIST, {"GA.yaml": document})
    assert typed["typed"] == list(RIGHTLY_TYPED)
    assert untyped["typed"] == []


@pytest.mark.parametrize(
    "line", ["conditions.1", "materials.7", "situations.0", "procedure.1", "summary"]
)
def test_a_condition_typed_on_a_line_that_is_not_there_is_refused(line: str) -> None:
    with pytest.raises(CatalogueError, match=f"{line}, which is not there"):
        combine(LIST, {"GA.yaml": changed(typed=[{**AGE, "line": line}])})


def test_an_item_that_stands_twice_is_refused() -> None:
    with pytest.raises(CatalogueError, match="twice"):
        combine(LIST, {"A.yaml": content(), "B.yaml": content()})
