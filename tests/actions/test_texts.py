"""Every word the code says stands in data/replies, and every reply keeps the contract."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from servers import ROOT

from actions import reply
from actions.texts import entry, say

SOURCES = sorted((ROOT / "actions").glob("*.py"))
NAMED = re.compile(r"(?:\bsay|\btell|\.remark|\bentry|signpost)\(\s*(?:scene,\s*)?\"([a-z_.]+)\"")
CHIPS = re.compile(r"\bchip\(\s*\"([a-z_]+)\"")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_every_text_the_code_names_is_written(source: Path) -> None:
    code = source.read_text(encoding="utf-8")
    for name in NAMED.findall(code):
        assert entry(name), name
    for name in CHIPS.findall(code):
        assert say(f"chips.{name}")


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_no_sentence_for_the_citizen_stands_in_the_code(source: Path) -> None:
    for line in source.read_text(encoding="utf-8").splitlines():
        assert not re.search(r"\"[^\"]*[㐀-鿿][^\"]*[。？！]\"", line), line


def test_more_than_four_chips_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="at most 4"):
        reply.text("您好", [reply.person()] * 5)


def test_absent_parts_are_left_out() -> None:
    assert reply.text("您好") == {"kind": "text", "text": "您好"}
    card = reply.card("话", "题", fields=[("空", None), ("有", 1)])
    assert card["fields"] == [{"label": "有", "value": "1"}]
    assert "sections" not in card


def test_every_intent_has_a_rule_and_every_action_exists() -> None:
    domain = yaml.safe_load((ROOT / "nlu/domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data/training/rules.yml").read_text(encoding="utf-8"))["rules"]
    answered = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert answered == set(domain["intents"])
    code = "\n".join(source.read_text(encoding="utf-8") for source in SOURCES)
    assert [name for name in domain["actions"] if f'"{name}"' not in code] == []


def test_the_listed_intents_are_all_in_the_domain() -> None:
    listed = (ROOT / "data/intents.csv").read_text(encoding="utf-8").splitlines()[1:]
    domain = yaml.safe_load((ROOT / "nlu/domain.yml").read_text(encoding="utf-8"))
    assert {line.split(",")[0] for line in listed} <= set(domain["intents"])
