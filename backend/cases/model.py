"""办件 The state machine of a case and its promised clock: pure rules, no I/O.

`submitted → pre_accepted | returned`; `returned → submitted`; `pre_accepted → accepted | returned`;
`accepted → approved | declined`; `approved | declined → concluded`; withdrawn before acceptance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backend.clock import local
from backend.errors import ConflictError, InvalidError
from backend.workdays import Deadline, Span, deadline_after, working_days_within

# 《行政许可法》第三十二条第一款第四项: what is missing is told once, within five working days;
# an application about which nobody said anything by then counts as accepted.
NOTICE_WORKING_DAYS = 5


class State(StrEnum):
    """办件状态 Where a case stands."""

    SUBMITTED = "submitted"
    PRE_ACCEPTED = "pre_accepted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    APPROVED = "approved"
    DECLINED = "declined"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """办理环节 What somebody does with a case."""

    SUBMIT = "submit"
    PRE_ACCEPT = "pre-accept"
    RETURN = "return"
    SUPPLEMENT = "supplement"
    ACCEPT = "accept"
    APPROVE = "approve"
    DECLINE = "decline"
    CONCLUDE = "conclude"
    WITHDRAW = "withdraw"


FINAL = frozenset({State.CONCLUDED, State.WITHDRAWN})
CITIZEN_STEPS = frozenset({Step.SUBMIT, Step.SUPPLEMENT, Step.WITHDRAW})
DESK_STEPS = frozenset(Step) - CITIZEN_STEPS
STEPS_WITH_REASON = frozenset({Step.RETURN, Step.DECLINE})
TRANSITIONS = {
    (State.SUBMITTED, Step.PRE_ACCEPT): State.PRE_ACCEPTED,
    (State.SUBMITTED, Step.RETURN): State.RETURNED,
    (State.SUBMITTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.RETURNED, Step.SUPPLEMENT): State.SUBMITTED,
    (State.RETURNED, Step.WITHDRAW): State.WITHDRAWN,
    (State.PRE_ACCEPTED, Step.ACCEPT): State.ACCEPTED,
    (State.PRE_ACCEPTED, Step.RETURN): State.RETURNED,
    (State.PRE_ACCEPTED, Step.WITHDRAW): State.WITHDRAWN,
    (State.ACCEPTED, Step.APPROVE): State.APPROVED,
    (State.ACCEPTED, Step.DECLINE): State.DECLINED,
    (State.APPROVED, Step.CONCLUDE): State.CONCLUDED,
    (State.DECLINED, Step.CONCLUDE): State.CONCLUDED,
}


@dataclass(frozen=True)
class Entry:
    """办理记录 One line of a case's history."""

    step: Step
    state: State
    at: datetime
    why: str = ""


@dataclass(frozen=True)
class Case:
    """办件 What the rules need to know of a case.

    `promised_days` are working days; `spans` are the stretches in which the clock runs; `missing`
    is what the citizen still owes; `told` is what the one notice of 补正 named.
    """

    state: State
    promised_days: int
    spans: tuple[Span, ...]
    history: tuple[Entry, ...]
    missing: tuple[str, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def deadline(self) -> Deadline | None:
        """承诺时限 When the case is due; None while the clock stands still or after the end."""
        if self.state in FINAL or self.state is State.RETURNED:
            return None
        return deadline_after(self.promised_days, self.spans)

    @property
    def outcome(self) -> State | None:
        """办理结果 Approved or declined, once decided."""
        decided = (entry.state for entry in self.history)
        return next((s for s in decided if s in (State.APPROVED, State.DECLINED)), None)


def submit(promised_days: int, at: datetime) -> Case:
    """提交 Open a case: its clock starts."""
    entry = Entry(Step.SUBMIT, State.SUBMITTED, at)
    return Case(State.SUBMITTED, promised_days, (Span(local(at).date()),), (entry,))


def possible_steps(state: State) -> frozenset[Step]:
    """Return the steps that lead out of `state`."""
    return frozenset(step for origin, step in TRANSITIONS if origin is state)


def advance(
    case: Case, step: Step, at: datetime, *, why: str = "", missing: Sequence[str] = ()
) -> Case:
    """Return `case` after `step`.

    Raises:
        ConflictError: the state does not allow the step, or 补正 was already told.
        InvalidError: a return names nothing missing, or a reason is wanted and not given.
    """
    state = TRANSITIONS.get((case.state, step))
    if state is None:
        raise ConflictError("case.step_not_possible", state=case.state.value, step=step.value)
    if step in STEPS_WITH_REASON and not why.strip():
        raise InvalidError("case.reason_missing", step=step.value)
    moved = replace(case, state=state, history=(*case.history, Entry(step, state, at, why.strip())))
    if step is Step.RETURN:
        return _stopped(_told(moved, missing, at), at)
    if step is Step.SUPPLEMENT:
        return replace(moved, missing=(), spans=(*moved.spans, Span(local(at).date())))
    if state in FINAL:
        return _stopped(moved, at)
    return moved


def _told(case: Case, missing: Sequence[str], at: datetime) -> Case:
    """一次告知 Return the case with what is missing; the notice is given once and whole."""
    listed = tuple(dict.fromkeys(name.strip() for name in missing if name.strip()))
    if not listed:
        raise InvalidError("case.missing_not_named")
    if case.told and not set(listed) <= set(case.told):
        raise ConflictError("case.supplement_told_once", told=list(case.told))
    if working_days_within(case.spans[-1:], local(at).date()) > NOTICE_WORKING_DAYS:
        raise ConflictError("case.return_too_late", working_days=NOTICE_WORKING_DAYS)
    return replace(case, missing=listed, told=case.told or listed)


def _stopped(case: Case, at: datetime) -> Case:
    """Return the case with its clock standing still since `at`."""
    *earlier, last = case.spans
    if last.stop is not None:
        return case
    return replace(case, spans=(*earlier, replace(last, stop=max(local(at).date(), last.start))))
