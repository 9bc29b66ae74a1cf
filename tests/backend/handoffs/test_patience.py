"""What is due in a talk, as a pure rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from backend.clock import SHANGHAI
from backend.handoffs.hours import read_hours
from backend.handoffs.model import Reason, claim, open_handoff
from backend.handoffs.patience import Verdict, judge, unanswered_since

NINE = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
HOURS = read_hours("9:00-12:00,13:30-17:00")
LIMIT = timedelta(minutes=3)
TALK = claim(open_handoff("h", "c", Reason.ASKED, "", NINE), "a", "坐席小林", NINE)


@pytest.mark.parametrize(
    ("seconds", "verdict"),
    [
        (0, Verdict.NOTHING),
        (119, Verdict.NOTHING),
        (120, Verdict.WARN),
        (179, Verdict.WARN),
        (180, Verdict.SILENT),
    ],
)
def test_a_clerk_is_warned_after_two_minutes_and_relieved_after_three(seconds, verdict):
    now = NINE + timedelta(seconds=seconds)
    assert judge(TALK, NINE, now, HOURS, LIMIT, present=True) is verdict


def test_nobody_is_warned_twice():
    warned = replace(TALK, release_at=NINE + LIMIT)
    now = NINE + timedelta(seconds=150)
    assert judge(warned, NINE, now, HOURS, LIMIT, present=True) is Verdict.NOTHING


def test_an_absent_clerk_keeps_no_talk_at_any_time():
    night = NINE.replace(hour=23)
    assert judge(TALK, None, NINE, HOURS, LIMIT, present=False) is Verdict.ABSENT
    assert judge(TALK, NINE, night, HOURS, LIMIT, present=False) is Verdict.ABSENT


def test_the_wait_begins_with_the_claim_or_with_the_oldest_unanswered_message():
    asked_at = NINE + timedelta(minutes=5)
    assert unanswered_since(TALK, None) == NINE
    answered = replace(TALK, answered_seq=4)
    assert unanswered_since(answered, None) is None
    assert unanswered_since(answered, asked_at) == asked_at
    assert unanswered_since(answered, NINE - LIMIT) == NINE, "not before the claim"
