"""The state machine of a report: one accountable owner at every moment, two bounces at most."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.clock import SHANGHAI
from backend.errors import ConflictError, InvalidError
from backend.reports.model import (
    DESK_STEPS,
    ENDED,
    MAX_BOUNCES,
    OPEN,
    Report,
    State,
    Step,
    advance,
    possible_steps,
    register,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
CENTRE = "区中心"
UNITS = ("城市管理局", "水务局", "公安局", CENTRE)
walks = st.lists(st.tuples(st.sampled_from(list(Step)), st.sampled_from(UNITS)), max_size=20)


def step(report: Report, name: Step, unit: str | None = "城市管理局") -> Report:
    return advance(report, name, NOW, why="理由", unit=unit)


def bounced(times: int) -> Report:
    report = register(CENTRE, NOW)
    for _ in range(times):
        report = step(step(report, Step.DISPATCH), Step.REJECT)
    return report


@given(walks)
@settings(max_examples=300)
def test_a_report_has_exactly_one_accountable_owner_at_every_moment(
    walk: list[tuple[Step, str]],
) -> None:
    report, last = register(CENTRE, NOW), CENTRE
    for name, unit in walk:
        try:
            report = step(report, name, unit)
        except ConflictError:
            assert name not in possible_steps(report)
        else:
            last = unit if name is Step.DISPATCH else last
        assert report.owner == last
        assert report.owner


@given(walks)
def test_every_state_is_either_open_or_ended_and_nothing_is_left_once_it_is_over(
    walk: list[tuple[Step, str]],
) -> None:
    report = register(CENTRE, NOW)
    for name, unit in walk:
        over = report.state in (State.CLOSED, State.WITHDRAWN)
        assert over == (possible_steps(report) == frozenset())
        assert (report.state in OPEN) == (Step.WITHDRAW in possible_steps(report))
        if name in possible_steps(report):
            report = step(report, name, unit)
    assert set(State) == OPEN | ENDED
    assert not OPEN & ENDED


@given(walks)
def test_a_report_bounces_at_most_twice(walk: list[tuple[Step, str]]) -> None:
    report = register(CENTRE, NOW)
    for name, unit in walk:
        try:
            report = step(report, name, unit)
        except ConflictError:
            continue
        rejections = [entry for entry in report.history if entry.step is Step.REJECT]
        assert report.bounces == len(rejections) <= MAX_BOUNCES


def test_a_report_goes_the_way_of_the_contract() -> None:
    report = register(CENTRE, NOW)
    states = [report.state]
    for name in (Step.DISPATCH, Step.SIGN, Step.RESOLVE, Step.CLOSE):
        report = step(report, name)
        states.append(report.state)
    assert [state.value for state in states] == [
        "registered", "dispatched", "signed", "resolved", "closed",
    ]  # fmt: skip


@pytest.mark.parametrize("name", list(Step))
def test_nothing_happens_to_a_closed_report(name: Step) -> None:
    report = register(CENTRE, NOW)
    for way in (Step.DISPATCH, Step.SIGN, Step.RESOLVE, Step.CLOSE):
        report = step(report, way)
    with pytest.raises(ConflictError):
        step(report, name)


@pytest.mark.parametrize("done", [(), (Step.DISPATCH,), (Step.DISPATCH, Step.SIGN)])
def test_a_citizen_takes_back_what_nobody_has_finished_and_its_owner_stays_accountable(
    done: tuple[Step, ...],
) -> None:
    report = register(CENTRE, NOW)
    for name in done:
        report = step(report, name)
    taken_back = step(report, Step.WITHDRAW)
    assert taken_back.state is State.WITHDRAWN
    assert taken_back.owner == report.owner
    assert Step.WITHDRAW not in DESK_STEPS


def test_what_is_done_cannot_be_taken_back() -> None:
    report = register(CENTRE, NOW)
    for name in (Step.DISPATCH, Step.SIGN, Step.RESOLVE):
        report = step(report, name)
    with pytest.raises(ConflictError):
        step(report, Step.WITHDRAW)


@pytest.mark.parametrize("signed", [False, True])
def test_the_centre_sends_on_what_was_sent_to_itself_and_no_other_unit_does(signed: bool) -> None:
    for unit, may in ((CENTRE, True), ("水务局", False)):
        report = step(register(CENTRE, NOW), Step.DISPATCH, unit)
        report = step(report, Step.SIGN) if signed else report
        assert (Step.DISPATCH in possible_steps(report)) is may
        if may:
            sent = step(report, Step.DISPATCH, "消防救援大队")
            assert (sent.state, sent.owner) == (State.DISPATCHED, "消防救援大队")


def test_after_two_rejections_the_dispatcher_s_decision_is_final() -> None:
    report = step(bounced(2), Step.DISPATCH)
    with pytest.raises(ConflictError) as refused:
        step(report, Step.REJECT)
    assert refused.value.key == "report.bounce_cap"
    assert step(report, Step.SIGN).state is State.SIGNED


def test_whoever_received_it_last_stays_accountable_after_a_rejection() -> None:
    assert register(CENTRE, NOW).owner == CENTRE
    assert bounced(1).state is State.REGISTERED
    assert bounced(1).owner == "城市管理局"


def test_a_rejection_says_why_and_a_dispatch_says_to_whom() -> None:
    sent = step(register(CENTRE, NOW), Step.DISPATCH)
    with pytest.raises(InvalidError):
        advance(sent, Step.REJECT, NOW + timedelta(hours=1), why="")
    with pytest.raises(InvalidError):
        step(register(CENTRE, NOW), Step.DISPATCH, unit=None)
