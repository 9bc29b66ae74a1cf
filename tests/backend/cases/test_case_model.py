"""The state machine of a case and its clock, as docs/design.md and 《行政许可法》 want them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.cases.model import (
    FINAL,
    STEPS_WITH_REASON,
    TRANSITIONS,
    Case,
    State,
    Step,
    advance,
    possible_steps,
    submit,
)
from backend.clock import SHANGHAI
from backend.errors import ConflictError, InvalidError
from backend.workdays import working_days_within

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
walks = st.lists(
    st.tuples(st.sampled_from(list(Step)), st.integers(0, 4), st.integers(0, 23)), max_size=12
)


def step(case: Case, name: Step, at: datetime = MONDAY, missing: tuple[str, ...] = ()) -> Case:
    why = "理由" if name in STEPS_WITH_REASON else ""
    return advance(case, name, at, why=why, missing=missing)


def at_state(state: State) -> Case:
    paths = {
        State.SUBMITTED: [],
        State.PRE_ACCEPTED: [Step.PRE_ACCEPT],
        State.RETURNED: [Step.RETURN],
        State.ACCEPTED: [Step.PRE_ACCEPT, Step.ACCEPT],
        State.APPROVED: [Step.PRE_ACCEPT, Step.ACCEPT, Step.APPROVE],
        State.DECLINED: [Step.PRE_ACCEPT, Step.ACCEPT, Step.DECLINE],
        State.CONCLUDED: [Step.PRE_ACCEPT, Step.ACCEPT, Step.APPROVE, Step.CONCLUDE],
        State.WITHDRAWN: [Step.WITHDRAW],
    }
    case = submit(20, MONDAY)
    for name in paths[state]:
        case = step(case, name, missing=("户口簿",))
    return case


# The contract's own words (docs/design.md, "Case states"), written down a second time.
ALLOWED = {
    State.SUBMITTED: {State.PRE_ACCEPTED, State.RETURNED, State.WITHDRAWN},
    State.RETURNED: {State.SUBMITTED, State.WITHDRAWN},
    State.PRE_ACCEPTED: {State.ACCEPTED, State.RETURNED, State.WITHDRAWN},
    State.ACCEPTED: {State.APPROVED, State.DECLINED},
    State.APPROVED: {State.CONCLUDED},
    State.DECLINED: {State.CONCLUDED},
    State.CONCLUDED: set(),
    State.WITHDRAWN: set(),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("name", list(Step))
def test_a_state_allows_the_steps_of_the_contract_and_no_other(state: State, name: Step) -> None:
    case = at_state(state)
    assert case.state is state
    if name in possible_steps(state):
        assert step(case, name, missing=("户口簿",)).state in ALLOWED[state]
        return
    with pytest.raises(ConflictError) as refused:
        step(case, name, missing=("户口簿",))
    assert refused.value.key == "case.step_not_possible"


def test_every_transition_of_the_contract_can_be_reached() -> None:
    found: dict[State, set[State]] = {state: set() for state in State}
    for (state, _), target in TRANSITIONS.items():
        found[state].add(target)
    assert found == ALLOWED


@given(walks)
@settings(max_examples=200)
def test_no_walk_breaks_a_case(walk: list[tuple[Step, int, int]]) -> None:
    case, now = submit(20, MONDAY), MONDAY
    for name, days, hours in walk:
        now += timedelta(days=days, hours=hours)
        before = case
        try:
            case = step(case, name, now, missing=("户口簿",))
        except (ConflictError, InvalidError):
            assert case is before
            continue
        assert case.history[:-1] == before.history
        assert case.history[-1].state is case.state
        assert set(case.missing) <= set(case.told)
        assert (case.deadline is None) == (case.state in FINAL or case.state is State.RETURNED)
        running = case.spans[-1].stop is None
        assert running == (case.state not in FINAL and case.state is not State.RETURNED)


@given(walks)
def test_a_returned_case_stops_its_clock(walk: list[tuple[Step, int, int]]) -> None:
    case, now, returned_at, used = submit(20, MONDAY), MONDAY, None, 0
    for name, days, hours in walk:
        now += timedelta(days=days, hours=hours)
        try:
            case = step(case, name, now, missing=("户口簿",))
        except (ConflictError, InvalidError):
            continue
        if case.state is State.RETURNED:
            returned_at = now
            used = working_days_within(case.spans, now.date())
        elif returned_at is not None and case.history[-1].step is Step.SUPPLEMENT:
            assert working_days_within(case.spans, now.date()) == used


def test_the_promised_clock_starts_at_submission_and_counts_working_days() -> None:
    deadline = submit(20, MONDAY).deadline
    assert deadline is not None
    assert deadline.at == datetime(2026, 12, 21, 17, tzinfo=SHANGHAI)


def test_a_deadline_beyond_the_published_calendar_is_provisional() -> None:
    deadline = submit(30, MONDAY).deadline
    assert deadline is not None
    assert deadline.provisional


def test_three_working_days_returned_move_the_deadline_by_three_working_days() -> None:
    case = step(submit(20, MONDAY), Step.RETURN, MONDAY, missing=("户口簿",))
    assert case.deadline is None
    again = step(case, Step.SUPPLEMENT, MONDAY + timedelta(days=3))
    assert again.deadline is not None
    assert again.deadline.at == datetime(2026, 12, 24, 17, tzinfo=SHANGHAI)


def test_a_return_names_what_is_missing_and_why() -> None:
    with pytest.raises(InvalidError) as nothing_named:
        step(submit(20, MONDAY), Step.RETURN, missing=("  ",))
    assert nothing_named.value.key == "case.missing_not_named"
    with pytest.raises(InvalidError) as no_reason:
        advance(submit(20, MONDAY), Step.RETURN, MONDAY, missing=("户口簿",))
    assert no_reason.value.key == "case.reason_missing"


def test_missing_papers_are_told_once_and_all_together() -> None:
    # 《行政许可法》第三十二条第一款第四项
    told = step(submit(20, MONDAY), Step.RETURN, missing=("户口簿", "照片"))
    again = step(told, Step.SUPPLEMENT)
    with pytest.raises(ConflictError) as refused:
        step(again, Step.RETURN, missing=("户口簿", "银行卡"))
    assert refused.value.key == "case.supplement_told_once"
    assert step(again, Step.RETURN, missing=("照片",)).missing == ("照片",)


def test_after_five_working_days_an_application_counts_as_accepted_and_is_not_returned() -> None:
    case = submit(20, MONDAY)
    fifth_day, sixth_day = MONDAY + timedelta(days=7), MONDAY + timedelta(days=8)
    assert step(case, Step.RETURN, fifth_day, missing=("户口簿",)).state is State.RETURNED
    with pytest.raises(ConflictError) as refused:
        step(case, Step.RETURN, sixth_day, missing=("户口簿",))
    assert refused.value.key == "case.return_too_late"


def test_a_refusal_has_a_reason() -> None:
    accepted = at_state(State.ACCEPTED)
    with pytest.raises(InvalidError):
        advance(accepted, Step.DECLINE, MONDAY, why=" ")


def test_the_outcome_stays_after_the_conclusion() -> None:
    declined = step(at_state(State.DECLINED), Step.CONCLUDE)
    assert declined.outcome is State.DECLINED
    assert at_state(State.ACCEPTED).outcome is None
