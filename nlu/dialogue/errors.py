"""Errors of the dialogue service; each has a status, a key and no personal data."""

from __future__ import annotations


class TurnError(Exception):
    """A turn did not happen; nothing of it was kept."""

    status = 503
    key = "dialogue.away"


class BadTurnError(TurnError):
    """The request breaks the contract; trying again does not help."""

    status = 400
    key = "turn.malformed"


class StoreAwayError(TurnError):
    """Trackers cannot be read or written now."""

    key = "tracker.away"


class TrackerSealedError(TurnError):
    """No key of ours opens the conversation's tracker; trying again does not help."""

    status = 500
    key = "key_wrong"


class WrongKeyError(Exception):
    """No key of ours opens what the store holds: the service must not start."""


class TrackerConflictError(TurnError):
    """Another process finished a turn of this conversation meanwhile."""

    key = "tracker.conflict"


class OvertakenError(TurnError):
    """Later turns of the conversation are over: whoever asks has been asleep."""

    status = 409
    key = "turn.overtaken"


class ActionAwayError(TurnError):
    """An action could not reach what it needs; trying again helps."""

    key = "action.away"


class ActionFailedError(Exception):
    """An action has a defect: the turn is answered with an apology and a way to a person."""
