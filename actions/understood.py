"""听成什么 A value that was understood and not said: asked back, and taken with a yes. Pure."""

from __future__ import annotations

import re
from datetime import date

from actions import held
from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, looks_like_address, read
from actions.shapes import asks_name
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


_YES = re.compile(r"^(?:对头?|是的?|嗯+|没错|要得|好的?)[的啊呀嘛哈]*[,，。、!！\s]")
_CLAUSES = re.compile(r"[,，;；。\n]")
# What nobody says by chance in a question about something else.
_UNMISTAKABLE = ("address", "id_number", "phone")
_NO = re.compile(r"^(?:不|没对|错)")


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
    if turn.intent == "affirm" or turn.word == "yes" or _said_again(draft, spec, turn):
        return draft.filled(sheet, spec, draft.understood["value"])
    if turn.intent == "deny" or turn.word == "no" or _only_wrong(turn):
        again = draft.having(understood={}, misses=draft.misses + 1)
        return again.remark("understood.again", label=spec["label"])
    return None


def set_aside(sheet: Sheet, draft: Draft, turn: Turn) -> Draft | None:
    """Keep the value that waits for a yes, marked, where the next question is answered instead."""
    spec = draft.current(sheet)
    if spec is None or turn.word or turn.intent not in ("inform", "nlu_fallback"):
        return None
    here = read(spec, turn.text, turn.today)
    if here.value and not here.question:
        return None
    went_on = draft.unsure_of(sheet, spec, draft.understood["value"])
    following = went_on.current(sheet)
    if following is None or not answers(following, turn.text, turn.today):
        return None
    return went_on.remark("understood.kept", label=spec["label"], value=went_on.shown(spec))


def kept_open(before: Draft, after: Draft) -> Draft:
    """Return the draft with the value that waits for a yes, where nothing took its place."""
    field = before.understood["field"]
    if after.understood or after.values.get(field) != before.values.get(field):
        return after
    return after.having(understood=before.understood)


def answers(spec: Field, text: str, today: date) -> bool:
    """Tell whether a text is an answer to `spec` beyond doubt."""
    if spec["kind"] in ("text", "description", "place", "photo") and not asks_name(spec):
        return False
    reading = read(spec, text, today)
    if spec["kind"] == "address":
        return reading.value is not None and looks_like_address(text)
    return reading.value is not None and not reading.question


def answered_beside(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Take the answer that stands before a question in one message ("青石路8号，要多久能办好")."""
    spec = draft.current(sheet)
    first, *others = [part for part in _CLAUSES.split(turn.spoken) if part.strip()] or [""]
    if spec is None or draft.stage != "filling" or not others or spec["kind"] not in _UNMISTAKABLE:
        return draft
    if not answers(spec, first, turn.today):
        return draft
    filled = draft.filled(sheet, spec, str(read(spec, first, turn.today).value))
    told = filled.remark("forms.also", label=spec["label"], value=filled.shown(spec))
    return held.asked_once(sheet, draft, told, turn.today)


def _said_again(draft: Draft, spec: Field, turn: Turn) -> bool:
    """Tell whether a yes stands before other words, or the same value is said again."""
    if turn.corrected or _NO.match(turn.text):
        return False
    again = read(spec, turn.text, turn.today).value
    if again is None:
        return bool(_YES.match(turn.text))
    return again == draft.understood["value"]


def _only_wrong(turn: Turn) -> bool:
    """Tell whether it is said that something is wrong, and not what is right."""
    return turn.intent == "correct" and not turn.corrected
