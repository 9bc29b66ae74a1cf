"""What to do about a turn that failed: a pure decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

_APOLOGISE_AFTER_TRIES = 3
_APOLOGISE_AFTER = timedelta(seconds=1)
"""Issue 4 has citizens told within 2 s; a neighbour that hangs is given up after 1 s."""
_FIRST_DELAY = timedelta(milliseconds=200)
_FIRST_DELAY_OF_SILENCE = timedelta(seconds=1)
_LONGEST_DELAY = timedelta(seconds=5)
_SET_ASIDE_AFTER_TRIES = 6
"""The sixth comes some ten seconds after the first."""


@dataclass(frozen=True)
class Verdict:
    """The decision: when to try again, and what the citizen is told meanwhile.

    Attributes:
        set_aside: it is not tried again, and answered with a way to a person.
    """

    apologise: bool
    hand_over: bool
    set_aside: bool
    delay: timedelta


def judge(
    *,
    tries: int,
    since_first_try: timedelta,
    waited: timedelta,
    silent: bool,
    helps: bool,
    defect: bool,
    hand_over_after: timedelta,
) -> Verdict:
    """Decide after a failed turn.

    Args:
        tries: turns of this message that failed, this one included; at least 1.
        since_first_try: from the beginning of the first one until now.
        waited: from the arrival of the message until now.
        silent: the neighbour hangs: it has been waited for already, and is being watched.
        helps: whether trying the same again can help (a neighbour is away, not refusing).
        defect: the same fails again whoever is there: a defect of ours, or words no key opens.
        hand_over_after: how long a citizen waits before a person gets the conversation.
    """
    enough = tries >= _APOLOGISE_AFTER_TRIES
    first_delay = _FIRST_DELAY_OF_SILENCE if silent else _FIRST_DELAY
    return Verdict(
        apologise=enough or silent or waited >= _APOLOGISE_AFTER,
        hand_over=(enough and not helps) or since_first_try >= hand_over_after,
        set_aside=tries >= _SET_ASIDE_AFTER_TRIES and (defect or not helps),
        delay=min(_LONGEST_DELAY, first_delay * 3 ** min(tries - 1, 8)),
    )
