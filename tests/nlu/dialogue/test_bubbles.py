"""Fragments of a sentence are kept for a short time, and only while nothing whole was said."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from reading.bubbles import FRAGMENT, MOST, QUIET, goes_on, kept

AT = datetime(2026, 11, 30, 9, 0, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


def test_fragments_are_joined_one_after_the_other() -> None:
    first = kept("居住证", None, AT, intent="ask_guide", element=None)
    second = kept("要到期了", first, AT + SECOND, intent="ask_guide", element=None)
    assert goes_on(second, AT + 2 * SECOND) == "居住证要到期了"


def test_a_message_that_was_read_with_them_is_not_joined_twice() -> None:
    first = kept("居住证", None, AT, intent="ask_guide", element=None)
    second = kept("居住证要到期了", first, AT + SECOND, intent="ask_guide", element=None)
    assert second is not None
    assert second["said"] == "居住证要到期了"


def test_after_a_quiet_time_a_message_goes_on_with_nothing() -> None:
    first = kept("居住证", None, AT, intent="ask_guide", element=None)
    assert goes_on(first, AT + QUIET) == "居住证"
    assert goes_on(first, AT + QUIET + SECOND) == ""


@pytest.mark.parametrize(
    ("said", "intent", "element"),
    [("你好", "greet", None), ("要几天", "ask_guide", "time"), ("", "ask_guide", None),
     ("长" * (FRAGMENT + 1), "ask_guide", None), ("不活了", "danger", None)],
)  # fmt: skip
def test_what_is_whole_or_asks_is_no_fragment(said: str, intent: str, element: str | None) -> None:
    assert kept(said, None, AT, intent=intent, element=element) is None


def test_fragments_without_end_make_no_sentence() -> None:
    before = None
    for said in "东南西北"[: MOST // FRAGMENT]:
        before = kept(said * FRAGMENT, before, AT, intent="inform", element=None)
    assert before is not None
    assert kept("字", before, AT, intent="inform", element=None) is None
