"""What people tell of themselves narrows what may concern them; nothing is promised."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
import yaml
from servers import ROOT

from actions import facts
from actions.eligibility import alone, deciding, matches, near, tells_enough
from actions.texts import replies

TODAY = date(2026, 11, 22)
RULES: dict[str, Any] = facts.rules()


@pytest.mark.parametrize(
    ("said", "told"),
    [("我七十岁独居有什么补贴", {"age": [70, 70], "who": "self"}),
     ("我妈82了，能领啥子钱", {"who": "妈"}), ("我爸今年八十多", {"age": [80, 89], "who": "爸"}),
     ("快八十岁的老人有啥补助", {"age": [79, 79]}),
     ("我是1950年生的", {"age": [75, 76], "who": "self"}),
     ("老年人有什么优待", {"age": [60, 120]}),
     ("我失业了，单位交过社保", {"unemployed": True, "insured": True}),
     ("不是低保户，也没有残疾", {"low_income": False, "disabled": False}),
     ("户口在外地", {"local": False}), ("我有工作", {"unemployed": False, "who": "self"}),
     ("一级残疾", {"disabled": True, "severe": True}),
     ("三级残疾", {"disabled": True, "severe": False}),
     ("补身份证多少钱", {}), ("一个月20块", {}), ("有点困难", {"low_income": True}),
     ("不是农村的", {"farmer": False}), ("家里不困难", {"low_income": False}),
     ("本区的", {"local": True}), ("户口是我们本区的", {"local": True}),
     ("我户口在河北老家", {"local": False}), ("我是农业户口", {"farmer": True}),
     ("我今年七十九，听人讲满八十国家发钱", {"age": [79, 79]}),
     ("我是70后，下岗了", {"age": [46, 56], "unemployed": True}),
     ("我爹1946年12月20号生的", {"age": [79, 79], "who": "爸"}),
     ("我九零后，被公司裁了，社保交了五年", {"unemployed": True, "insured": True}),
     ("屋里老爷子84、5岁", {"age": [84, 85]}), ("没有房子租房住", {"renting": True}),
     ("社保断了半年", {}), ("养老保险断交两年了", {}), ("社保停了三个月", {}),
     ("半年没交社保了", {"insured": False}), ("社保没交半年了", {"insured": False}),
     ("公积金交了三年", {}), ("社保只交了半年", {"insured": True}),
     ("社保还没交满一年", {"insured": True}), ("交了五年社保又断了半年", {"insured": True}),
     ("失业保险断缴了半年", {}), ("不交社保了", {}), ("失业保险怎么领", {})],
)  # fmt: skip
def test_what_somebody_tells_is_heard(said: str, told: dict[str, Any]) -> None:
    assert told.items() <= facts.heard(said, TODAY).items()
    assert bool(facts.heard(said, TODAY)) == bool(told)


@pytest.mark.parametrize(
    ("said", "age"), [("82", [82, 82]), ("七十三了", [73, 73]), ("六十几", [61, 69])]
)
def test_a_bare_number_is_an_age_only_where_the_age_was_asked(said: str, age: list[int]) -> None:
    assert facts.heard(said, TODAY, asked=True)["age"] == age
    assert "age" not in facts.heard(said, TODAY)


def test_who_speaks_of_somebody_else_starts_anew() -> None:
    mother = facts.heard("我妈八十二岁，户口在本区", TODAY)
    mine = facts.merged(mother, facts.heard("那我自己呢，我失业了", TODAY))
    assert mine == {"unemployed": True, "who": "self"}


def test_the_other_of_two_is_remembered_and_can_be_turned_to() -> None:
    both = facts.heard("我爷爷88，我奶奶79，能领什么", TODAY)
    assert (both["who"], both["age"], both["others"]) == ("爷爷", [88, 88], {"奶奶": [79, 79]})
    turned = facts.turned_to(both, "那我奶奶呢")
    assert facts.merged(both, turned) == {"age": [79, 79], "who": "奶奶"}
    assert facts.turned_to(both, "那我姐呢") == {}
    assert facts.turned_to(None, "那我奶奶呢") == {}


def codes(**known: Any) -> list[str]:
    return [match.code for match in matches(known)]


def test_an_age_below_the_line_leaves_the_benefit_out() -> None:
    assert "MZ008" in codes(age=[82, 82])
    assert "MZ008" not in codes(age=[70, 70])
    assert "MZ009" in codes(age=[70, 70])
    assert "MZ009" not in codes(age=[70, 70], low_income=False)


def test_a_benefit_of_residents_is_left_out_for_others() -> None:
    assert "MZ008" not in codes(age=[82, 82], local=False)
    assert "MZ003" in codes(hardship=True, local=False)


def test_the_question_is_the_one_most_of_the_benefits_depend_on() -> None:
    found = matches({"disabled": True})
    counts = {
        fact: sum(fact in match.open for match in found) for match in found for fact in match.open
    }
    asked = deciding(found)
    assert asked is not None
    assert counts[asked] == max(counts.values())


def test_every_answer_narrows_and_no_question_comes_twice() -> None:
    for told in (
        {"age": [60, 120]},
        {"disabled": True},
        {"unemployed": True},
        {"low_income": True},
    ):
        known: dict[str, Any] = dict(told)
        before = set(codes(**known))
        while (fact := deciding(matches(known))) is not None:
            assert fact not in known or known[fact] == [60, 120]
            known[fact] = [60, 79] if fact == "age" else facts.UNKNOWN if len(known) % 2 else False
            now = set(codes(**known))
            assert now <= before
            before = now


def test_what_may_yet_concern_somebody_is_asked_for_before_nothing_is_said() -> None:
    assert matches({"care": True}) == []
    found = near({"care": True})
    assert {match.code for match in found} == {"MZ002", "MZ010"}
    assert deciding(found) == "age"
    assert [match.code for match in near({"care": True, "age": [40, 40]})] == ["MZ002"]
    assert near({"care": True, "age": [40, 40], "low_income": False}) == []
    assert near({"care": True, "age": facts.UNKNOWN, "low_income": facts.UNKNOWN}) == []
    assert near({"local": True}) == []


def test_two_facts_of_somebody_are_a_situation_and_one_is_not() -> None:
    assert tells_enough(facts.heard("我弟二级残疾，躺在床上要人喂", TODAY))
    assert tells_enough(facts.heard("我爷爷四三年的，户口在本区", TODAY))
    assert not tells_enough(facts.heard("我妈82了", TODAY))
    assert not tells_enough(facts.heard("户口在外地，今年二十", TODAY))


def test_an_age_alone_is_not_answered_with_nothing() -> None:
    assert alone({"age": [36, 46], "who": "self"})
    assert not alone({"age": [36, 46], "unemployed": True})


def test_the_nearest_age_line_comes_first() -> None:
    assert codes(age=[81, 81])[0] == "MZ008"
    assert codes(age=[66, 66])[0] != "MZ008"


def test_nothing_told_concerns_nobody() -> None:
    assert matches({}) == []
    assert matches({"local": True}) == []


def test_every_fact_can_be_asked_for_and_every_benefit_is_in_the_catalogue() -> None:
    words = replies()["eligibility"]["facts"]
    assert set(words) == set(RULES["facts"])
    items = {
        item["code"]: item
        for path in (ROOT / "data" / "catalogue").glob("*.yaml")
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
    }
    for benefit in RULES["benefits"]:
        assert benefit["code"] in items
        assert set(benefit["needs"]) | set(benefit.get("core", ())) <= set(RULES["facts"])
        assert set(benefit.get("core", ())) <= set(benefit["needs"])


def test_an_age_line_is_one_the_guide_itself_names() -> None:
    items = {
        item["code"]: " ".join(item["elements"]["conditions"] or ())
        for path in (ROOT / "data" / "catalogue").glob("*.yaml")
        for item in yaml.safe_load(path.read_text(encoding="utf-8"))["items"]
    }
    for benefit in RULES["benefits"]:
        least = benefit["needs"].get("age", {}).get("least", 0)
        if least >= 45:
            assert re.search(rf"(?<!\d){least}(?!\d)", items[benefit["code"]]), benefit["code"]


def test_the_file_keeps_its_schema() -> None:
    schema = json.loads((ROOT / "data/schemas/eligibility.schema.json").read_text(encoding="utf-8"))
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(RULES, schema)
