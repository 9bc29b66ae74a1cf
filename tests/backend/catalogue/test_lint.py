"""The linter finds what makes answers wrong, and keeps quiet about what does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from backend.catalogue.linting.findings import Finding, Written, plain
from backend.catalogue.linting.gaps import dead_links, missing
from backend.catalogue.linting.nearness import near_items
from backend.catalogue.linting.phrases import double_phrases, repeated_phrases, shadows
from backend.catalogue.linting.service import lint
from backend.catalogue.model import ELEMENTS, Listed
from backend.replies import load_replies

ROOT = Path(__file__).resolve().parents[3]


def item(
    code: str, name: str, *aliases: str, questions: tuple[str, ...] = (), **entry: Any
) -> Written:
    elements: dict[str, Any] = {name: [] for name in ELEMENTS} | entry.pop("elements", {})
    return Written(code, name, aliases, questions, {"elements": elements, **entry})


def told(findings: Any) -> list[tuple[str, tuple[str, ...]]]:
    return [(finding.rule, finding.where) for finding in findings]


def listed(*codes: str) -> list[Listed]:
    return [Listed(code, code, "局", "guide", 1) for code in codes]


def test_a_phrase_under_two_items_is_found_however_it_is_written() -> None:
    items = [
        item("A001", "低保申请", "吃低保"),
        item("A002", "特困供养", questions=("吃 低保？",)),
    ]
    assert told(double_phrases(items, {})) == [("phrase_two_items", ("A001", "A002"))]


def test_a_phrase_under_two_intents_is_found() -> None:
    intents = {"greet": ["你好"], "thank": ["你好！"], "deny": ["不"]}
    assert told(double_phrases([], intents)) == [("phrase_two_intents", ("greet", "thank"))]


def test_an_item_s_phrase_may_ask_for_a_guide_and_nothing_else() -> None:
    items = [item("A001", "低保申请", "低保", "预约")]
    intents = {"ask_guide": ["低保"], "book_appointment": ["预约"]}
    assert told(double_phrases(items, intents)) == [
        ("phrase_item_and_intent", ("A001", "book_appointment"))
    ]


def test_a_phrase_twice_in_one_place_is_a_warning() -> None:
    items = [item("A001", "低保申请", "低保申请", "低保")]
    findings = list(repeated_phrases(items, {"greet": ["你好", "您好", "你好"]}))
    assert told(findings) == [("phrase_twice", ("A001",)), ("phrase_twice", ("greet",))]
    assert not any(finding.is_error for finding in findings)


def test_an_alias_that_is_another_item_s_name_shadows_it() -> None:
    items = [
        item("A001", "身份证补领", "临时身份证", "办临时身份证急用"),
        item("A002", "临时身份证"),
    ]
    found = {finding.values["alias"]: finding for finding in shadows(items)}
    assert (found["临时身份证"].rule, found["临时身份证"].is_error) == ("alias_is_name", True)
    held = found["办临时身份证急用"]
    assert (held.rule, held.is_error) == ("alias_holds_name", False)


def test_an_alias_that_holds_a_name_which_its_own_name_holds_too_is_no_shadow() -> None:
    items = [item("A001", "临时身份证挂失", "临时身份证丢了"), item("A002", "临时身份证")]
    assert list(shadows(items)) == []


def test_items_are_near_by_their_words_and_a_threshold_decides() -> None:
    items = [
        item("A001", "老年人优待证办理", "老年证", "老人证"),
        item("A002", "老年人优待证办理指引", "老年证", "老人证"),
        item("A003", "机动车抵押登记", "车抵押"),
    ]
    assert told(near_items(items, 0.7)) == [("items_near", ("A001", "A002"))]
    assert list(near_items(items, 1.0)) == []


def test_the_same_words_are_as_near_as_can_be() -> None:
    twins = [item("A001", "低保", "吃低保"), item("A002", "低保", "吃低保")]
    (finding,) = near_items(twins, 0.99)
    assert finding.values["nearness"] == "1.00"


def test_what_nobody_wrote_and_what_nobody_is_sure_of_is_told() -> None:
    items = [item("A001", "低保", elements={"basis": None, "fee": None})]
    findings = list(missing(items, listed("A001", "A002")))
    assert told(findings) == [("not_written", ("A002",)), ("elements_missing", ("A001",))]
    assert findings[1].values["elements"] == "basis、fee"


def test_a_reference_to_an_item_that_does_not_exist_is_dead() -> None:
    note = "也可以办 GA004 或 GA999，用 A4 纸，看 GB11643、HTTP404"
    items = [item("GA001", "身份证", elements={"conditions": [note]})]
    (finding,) = dead_links(items, listed("GA001", "GA004"))
    assert (finding.rule, finding.values["code"]) == ("dead_link", "GA999")


def test_a_situation_s_material_stands_in_the_materials() -> None:
    items = [
        item(
            "A001",
            "低保",
            elements={"materials": [{"name": "户口簿"}]},
            situations=[{"name": "代办", "materials": ["户口簿", "委托书"]}],
        )
    ]
    (finding,) = dead_links(items, listed("A001"))
    assert (finding.rule, finding.values["material"]) == ("dead_material", "委托书")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A tiny catalogue that a test may spoil."""
    for folder in ("catalogue", "schemas", "training/intents"):
        (tmp_path / folder).mkdir(parents=True)
    schema = (ROOT / "data" / "schemas" / "catalogue.schema.json").read_bytes()
    (tmp_path / "schemas" / "catalogue.schema.json").write_bytes(schema)
    (tmp_path / "items.csv").write_text(
        "code,name,department,online_mode,promised_working_days\nMZ001,低保,民政局,guide,5\n",
        encoding="utf-8",
    )
    (tmp_path / "training" / "intents" / "a.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 在吗\n',
        encoding="utf-8",
    )
    return tmp_path


CONTENT = """
department: 民政局
code: MZ
items:
  - code: MZ001
    name: {name}
    mode: guide
    promised_working_days: {days}
    aliases: [吃低保, 低保户, 最低生活保障, 困难补助, {alias}]
    questions: [低保咋办, 低保要啥, 低保多少钱, 低保找谁]
    elements: {{basis: [], conditions: [], materials: [], forms: [], procedure: [], time: {{}},
      place: {{}}, fee: {{text: 不收费}}}}
"""


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        ({}, []),
        ({"name": "最低生活保障金"}, ["contradiction"]),
        ({"days": 9}, ["contradiction"]),
        ({"days": "soon"}, ["file_wrong", "not_written"]),
        ({"alias": "你好"}, ["phrase_item_and_intent"]),
    ],
)
def test_the_files_are_looked_over_as_a_whole(
    data: Path, changes: dict[str, Any], rules: list[str]
) -> None:
    values = {"name": "低保", "days": 5, "alias": "低保金"} | changes
    (data / "catalogue" / "MZ.yaml").write_text(CONTENT.format(**values), encoding="utf-8")
    assert [finding.rule for finding in lint(data, 0.9)] == rules


def test_errors_stand_before_warnings() -> None:
    findings = lint(ROOT / "data", 0.9)
    errors = [finding.is_error for finding in findings]
    assert errors == sorted(errors, reverse=True)


def test_every_rule_has_its_sentence() -> None:
    replies = load_replies(ROOT / "data" / "replies", "catalogue.yml")
    folder = ROOT / "backend" / "catalogue" / "linting"
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.py")))
    rules = set(re.findall(r"\"((?:phrase|alias|items|not|elements|dead|file)_\w+)\"", code))
    assert len(rules) >= 11
    for rule in rules - {"items_csv"}:
        assert f"rule.{rule}" in replies, rule


@pytest.mark.parametrize(
    ("one", "other"), [("吃 低保？", "吃低保"), ("ＡＢＣ", "abc"), ("“老人证”", "老人证。")]
)
def test_phrases_that_sound_alike_are_alike(one: str, other: str) -> None:
    assert plain(one) == plain(other)


def test_a_finding_can_be_read_by_programs() -> None:
    finding = Finding("dead_link", True, ("A001",), {"code": "A999"})
    assert finding.as_json() == {
        "level": "error", "rule": "dead_link", "where": ["A001"], "code": "A999",
    }  # fmt: skip
