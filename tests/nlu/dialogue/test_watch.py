"""After a danger a message is about it until the person turns to something else."""

from __future__ import annotations

from typing import Any

import pytest
from dialogue.watch import turns_away


@pytest.mark.parametrize(
    ("name", "sure", "found", "away"),
    [("ask_guide", 0.5, {"item_outcome": "confident"}, True),
     ("ask_guide", 0.9, {"item_outcome": "ambiguous"}, False),
     ("ask_guide", 0.9, {"item_outcome": "none", "elsewhere": {"code": "credit_report"}}, True),
     ("ask_guide", 0.4, {"item_outcome": "none", "elsewhere": {"code": "bank"}}, False),
     ("out_of_scope", 0.9, {"item_outcome": "none", "elsewhere": {"code": "bank"}}, False),
     ("query_progress", 0.9, {}, True), ("nlu_fallback", 0.9, {}, False)],
)  # fmt: skip
def test_a_matter_that_is_surely_another_turns_away_whoever_does_it(
    name: str, sure: float, found: dict[str, Any], away: bool
) -> None:
    assert turns_away({"intent": {"name": name, "confidence": sure}, **found}) == away
