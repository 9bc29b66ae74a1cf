"""工单 The state machine of a report and who is accountable for it: pure rules, no I/O.

`registered → dispatched → signed → resolved → closed`; a unit may send a report back (退单) at
most twice, then the dispatcher's decision is final. What lies with the centre itself it may send
on, and a citizen may withdraw (撤回) whatever nobody has finished.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from backend.errors import ConflictError, InvalidError

MAX_BOUNCES = 2


class State(StrEnum):
    """工单状态 Where a report stands."""

    REGISTERED = "registered"
    DISPATCHED = "dispatched"
    SIGNED = "signed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


# Nobody has to do anything in time any more.
ENDED = frozenset({State.RESOLVED, State.CLOSED, State.WITHDRAWN})
OPEN = frozenset(State) - ENDED


class Step(StrEnum):
    """处置环节 What somebody does with a report."""

    REGISTER = "register"
    DISPATCH = "dispatch"
    SIGN = "sign"
    REJECT = "reject"
    RESOLVE = "resolve"
    CLOSE = "close"
    WITHDRAW = "withdraw"


DESK_STEPS = frozenset(Step) - {Step.REGISTER, Step.WITHDRAW}
STEPS_WITH_REASON = frozenset({Step.REJECT, Step.RESOLVE})
TRANSITIONS = {
    (State.REGISTERED, Step.DISPATCH): State.DISPATCHED,
    (State.DISPATCHED, Step.SIGN): State.SIGNED,
    (State.DISPATCHED, Step.REJECT): State.REGISTERED,
    (State.SIGNED, Step.RESOLVE): State.RESOLVED,
    (State.RESOLVED, Step.CLOSE): State.CLOSED,
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in OPEN},
}
# Where the centre holds a report that was sent to it, it may still send it on.
_SENT_ON = frozenset({State.DISPATCHED, State.SIGNED})


@dataclass(frozen=True)
class Entry:
    """处置记录 One line of a report's history; `by_rule` where nobody decided it."""

    step: Step
    state: State
    at: datetime
    why: str = ""
    unit: str | None = None
    by_rule: bool = False


@dataclass(frozen=True)
class Report:
    """工单 What the rules need to know of a report.

    `centre` is the district's own unit, the fallback owner; `unit` the last one it was sent to.
    """

    state: State
    centre: str
    history: tuple[Entry, ...]
    unit: str | None = None
    bounces: int = 0

    @property
    def owner(self) -> str:
        """承办责任单位 The one unit accountable at this moment, in every state.

        首接负责: whoever received it last stays accountable until another unit has it; the
        district's centre is accountable before anybody else was.
        """
        return self.unit or self.centre

    @property
    def with_centre(self) -> bool:
        """Tell whether it was sent to the centre itself, whose dispatcher on duty has it now."""
        return self.unit == self.centre


def register(centre: str, at: datetime) -> Report:
    """登记 Open a report: the district's centre is accountable for it."""
    return Report(State.REGISTERED, centre, (Entry(Step.REGISTER, State.REGISTERED, at),))


def possible_steps(report: Report) -> frozenset[Step]:
    """Return the steps that are open to a report; the bounce cap takes 退单 away."""
    steps = {step for step in Step if _state_after(report, step) is not None}
    if report.bounces >= MAX_BOUNCES:
        steps.discard(Step.REJECT)
    return frozenset(steps)


def advance(
    report: Report,
    step: Step,
    at: datetime,
    *,
    why: str = "",
    unit: str | None = None,
    by_rule: bool = False,
) -> Report:
    """Return `report` after `step`; `unit` is whom a dispatch sends it to.

    Raises:
        ConflictError: the state does not allow the step, or the report bounced too often.
        InvalidError: a dispatch names no unit, or a reason is wanted and not given.
    """
    state = _state_after(report, step)
    if state is None:
        raise ConflictError("report.step_not_possible", state=report.state.value, step=step.value)
    if step in STEPS_WITH_REASON and not why.strip():
        raise InvalidError("report.reason_missing", step=step.value)
    if step is Step.REJECT and report.bounces >= MAX_BOUNCES:
        raise ConflictError("report.bounce_cap", bounces=report.bounces)
    if step is Step.DISPATCH and not unit:
        raise InvalidError("report.unit_missing")
    receiver = unit if step is Step.DISPATCH else report.unit
    return replace(
        report,
        state=state,
        unit=receiver,
        bounces=report.bounces + (step is Step.REJECT),
        history=(*report.history, Entry(step, state, at, why.strip(), receiver, by_rule)),
    )


def _state_after(report: Report, step: Step) -> State | None:
    """Return where `step` leads from here, or None where it is not open."""
    if step is Step.DISPATCH and report.with_centre and report.state in _SENT_ON:
        return State.DISPATCHED
    return TRANSITIONS.get((report.state, step))
