"""How a question is put: two things are compared, both are asked about, a list is wanted."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from components.pairs import named_pair
from components.project_files import dictionary_folder
from components.yaml_files import read_yaml
from scoring import read_questions
from understand import Ear

KNOWN = {"护照": "M1", "签注": "M2", "社保卡挂失": "G7", "社保卡补领": "G4", "临时社保卡": "G5"}
LEAST_EXAMPLES = 80


def rank(texts: Sequence[str]) -> list[tuple[str, float]]:
    return [(KNOWN[text], 1.0) if text in KNOWN else ("?", 0.1) for text in texts]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("护照和签注差在哪", ("M1", "M2")),
        ("我该申请护照还是签注", ("M1", "M2")),
        ("社保卡挂失跟补领是一个事吗", ("G7", "G4")),
        ("护照、签注，先问哪个", ("M1", "M2")),
    ],
)
def test_both_things_are_found_beside_what_joins_them(text: str, labels: tuple[str, str]) -> None:
    pair = named_pair(text, rank)
    assert pair is not None
    assert (pair[0].label, pair[1].label) == labels


def test_what_stands_alone_before_the_join_is_taken_whole() -> None:
    likeness = {"大学生证": ("Z1", 0.7), "学生证": ("Z2", 0.9), "校园证": ("Z1", 1.0)}
    pair = named_pair(
        "大学生证跟校园证是一个吗", lambda texts: [likeness.get(t, ("?", 0)) for t in texts]
    )
    assert pair is not None
    assert {part.label for part in pair} == {"Z1"}


@pytest.mark.parametrize("text", ["护照和我妈有关系吗", "签注怎么办", "和", "我和他还是算了"])
def test_one_thing_is_no_pair(text: str) -> None:
    assert named_pair(text, rank) is None


def test_there_are_enough_examples_on_both_sides() -> None:
    examples = read_yaml(dictionary_folder() / "question_forms.yml")
    compared = [text for form in ("same", "difference", "order") for text in examples[form]]
    lists = [text for form, texts in examples.items() if form.startswith("list") for text in texts]
    assert min(len(compared), len(lists)) >= LEAST_EXAMPLES
    every = [text for texts in examples.values() for text in texts]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("失业登记和就业困难认定有什么区别", {"RS017", "RS022"}),
        ("临时救助跟医疗救助是一回事不", {"MZ003", "YB012"}),
        ("办居住证好还是直接办居住登记", {"GA021", "GA023"}),
        ("小作坊备案和小摊贩备案差别大不", {"SJ010", "SJ011"}),
    ],
)
async def test_two_items_that_are_compared_are_a_pair(ear: Ear, text: str, codes: set[str]) -> None:
    parse = await ear.parse(text)
    assert {part["code"] for part in parse["pair"] or ()} == codes


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("哪些证是当场就能拿的", "list_instant"),
        ("关于残疾人的事你们都能办哪些", "list_about"),
    ],
)
async def test_a_list_is_heard_as_a_list(ear: Ear, text: str, form: str) -> None:
    assert (await ear.parse(text))["form"] == form


@pytest.mark.parametrize("split", ["dev", "strangers_dev"])
async def test_an_ordinary_question_compares_nothing(ear: Ear, split: str) -> None:
    questions = read_questions(split)
    parses = await ear.parse_all([question["text"] for question in questions])
    taken = [p["text"] for p in parses if p.get("pair") or str(p.get("form")).startswith("list")]
    assert len(taken) / len(questions) <= 0.01, taken
