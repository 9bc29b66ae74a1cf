"""听成什么 A value that was understood and not said: asked back, and taken with a yes. Pure."""

from __future__ import annotations

from actions.draft import Draft, Field, Sheet
from actions.fields import Reading
from actions.turn import Turn

# What may answer the question whether a value was understood rightly.
ANSWERS = ("inform", "affirm", "deny", "correct", "resume", "nlu_fallback")


def taken(sheet: Sheet, draft: Draft, spec: Field, reading: Reading) -> Draft:
    """Take a value that was read, ask whether it is the right one, or say what it was read as."""
    value = str(reading.value)
    if reading.question:
        waiting = {"field": str(spec["name"]), "value": value, "question": reading.question}
        editing = str(spec["name"]) if draft.has(spec) else draft.editing
        return draft.having(editing=editing, understood=waiting, misses=0)
    filled = draft.filled(sheet, spec, value)
    if not reading.told:
        return filled
    return filled.remark("understood.told", label=spec["label"], value=filled.shown(spec))


def answered(sheet: Sheet, draft: Draft, turn: Turn) -> bool:
    """Tell whether this turn answers the question whether a value was understood rightly."""
    return draft.awaits_yes(sheet) and turn.intent in ANSWERS and not turn.values.get("field")


def decided(sheet: Sheet, draft: Draft, turn: Turn) -> Draft | None:
    """Take the value with a yes and drop it with a no; None where something else was said."""
    spec = draft.current(sheet)
    if spec is None:
        return None
    if turn.word == "wait":
        return draft.remark("forms.take_time")
    if turn.intent == "affirm" or turn.word == "yes":
        return draft.filled(sheet, spec, draft.understood["value"])
    if turn.intent == "deny" or turn.word == "no" or _only_wrong(turn):
        again = draft.having(understood={}, misses=draft.misses + 1)
        return again.remark("understood.again", label=spec["label"])
    return None


def _only_wrong(turn: Turn) -> bool:
    """Tell whether it is said that something is wrong, and not what is right."""
    return turn.intent == "correct" and not turn.corrected
