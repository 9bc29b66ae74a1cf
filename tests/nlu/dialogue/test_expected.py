"""While the office waits for a supplement, what is no other wish is likely meant for it."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue.expected import as_supplement, hands_in, may_supplement
from dialogue.gate import load_words
from dialogue.state import DialogueState
from servers import ROOT

WORDS = load_words(ROOT / "data")
PHOTO = {"kind": "photo", "media_ids": ["m1"]}
QUIET = dict.fromkeys(("answer", "change", "question", "wish", "chat", "leave"), 0.0)


def parsed(name: str, sure: float = 0.9, **more: Any) -> dict[str, Any]:
    return {"intent": {"name": name, "confidence": sure}, "entities": [], **more}


def form_open(**awaiting: Any) -> DialogueState:
    waiting = {"form": "application_form", "kind": "name", **awaiting}
    return DialogueState("application_form", waiting, expects=True)


@pytest.mark.parametrize(
    ("text", "heard", "may"),
    [("是青石小学", parsed("ask_guide", item_outcome="ambiguous"), True),
     ("门牌号是18号", parsed("report_problem", 0.5, category=[{"score": 0.8}]), True),
     ("路灯坏了", parsed("report_problem", 1.0, category=[{"score": 0.9}]), False),
     ("在哪里补", parsed("ask_guide", item_outcome="ambiguous"), False),
     ("高龄津贴", parsed("ask_guide", item_outcome="confident"), False),
     ("我的件呢", parsed("query_progress"), False), ("好的", parsed("nlu_fallback"), False)],
)  # fmt: skip
def test_only_what_asks_and_wishes_for_nothing_else_may_be_the_supplement(
    text: str, heard: dict[str, Any], may: bool
) -> None:
    assert may_supplement(heard, text, WORDS) == may


@pytest.mark.parametrize(
    ("name", "acts", "read"),
    [("ask_guide", {"answer": 0.7}, "supplement"), ("ask_guide", {"change": 0.9}, "supplement"),
     ("ask_guide", {"wish": 0.7, "answer": 0.2}, "ask_guide"),
     ("out_of_scope", {"chat": 0.5, "answer": 0.3}, "supplement"),
     ("out_of_scope", {"chat": 0.9}, "out_of_scope"),
     ("nlu_fallback", {"leave": 0.9}, "nlu_fallback")],
)  # fmt: skip
def test_what_the_words_would_do_to_a_form_decides(
    name: str, acts: dict[str, float], read: str
) -> None:
    assert as_supplement(parsed(name), {**QUIET, **acts})["intent"]["name"] == read


def test_a_photo_leaves_an_application_only_where_that_asks_for_none() -> None:
    assert hands_in(PHOTO, form_open(), WORDS) is not None
    assert hands_in(PHOTO, form_open(photos=True), WORDS) is None


def test_the_wish_to_hand_in_papers_is_heard_in_an_application_while_they_are_waited_for() -> None:
    said = {"kind": "text", "text": "补材料"}
    assert hands_in(said, form_open(photos=True), WORDS) is not None
    waits_for_nothing = DialogueState("application_form", {"kind": "name"})
    assert hands_in(said, waits_for_nothing, WORDS) is None
    assert hands_in({"kind": "text", "text": "王桂兰"}, form_open(), WORDS) is None
