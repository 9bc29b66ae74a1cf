"""改答案 One step of a form that changes an answer given before. Pure, no I/O."""

from __future__ import annotations

import re

from actions.beside import loose_values
from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, read
from actions.naming import (
    field_with_value,
    named_field,
    new_value,
    placed_field,
    swapped,
    wanted_choice,
)
from actions.retelling import field_retold, moved, retold
from actions.telling import about_report
from actions.turn import Turn
from actions.understood import taken

# A new value of these may follow the correction without "is" or "should be" before it.
SAID_AFTER = ("name", "address", "place", "date", "number", "text")
_BEFORE = re.compile("上一|上个|前一|前头|前面|刚才那")


def facts_of(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft:
    """Keep what is told beside the words: category, danger, a place, and whether it has a name."""
    if spec["kind"] == "place":
        return draft.knowing(unnamed_place=not turn.place_named)
    if spec["kind"] != "description":
        return draft
    draft = draft.knowing(**about_report(sheet, draft, turn))
    if turn.place_named and "place" not in draft.values:
        return draft.having(values={**draft.values, "place": turn.place_named})
    return draft


def changed(sheet: Sheet, draft: Draft, turn: Turn) -> Draft | None:
    """Take a new value said at the confirmation without being asked for; None when none was."""
    spec = named_field(sheet, draft, turn.spoken)
    if spec is None:
        loose = [s for s in sheet.of_kind(*loose_values(turn.spoken)) if draft.has(s)]
        spec = loose[0] if len(loose) == 1 else None
    return _reopened(sheet, draft, spec, turn) if spec is not None else None


def at_which(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Hear which field is to be changed, or that none is."""
    spec = named_field(sheet, draft, turn.spoken) or placed_field(sheet, turn.spoken)
    if spec is not None:
        return _reopened(sheet, draft.having(stage="filling"), spec, turn)
    if turn.intent == "affirm" or turn.word in ("yes", "skip", "finish", "resume"):
        return draft.having(stage="confirm")
    return draft.having(misses=draft.misses + 1).remark("forms.which_unclear")


def correct(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Change the field that a correction means, or ask which one it is."""
    named = str(turn.values.get("field") or "")
    if not named and (swap := swapped(draft, turn.spoken)):
        return _swapped(sheet, draft, swap, turn)
    if not named and (wanted := wanted_choice(sheet, draft, turn)):
        return _changed_to(sheet, draft.having(stage="filling"), *wanted, turn)
    spec = (
        sheet.field(named)
        or field_with_value(sheet, draft, turn.spoken)
        or named_field(sheet, draft, turn.spoken)
    )
    if spec is None and (retold := field_retold(sheet, turn)):
        spec = sheet.field(retold)
    if spec is None and draft.stage == "filling" and draft.order and not named:
        # Right after an answer that did not fit, that one was wrong, not the one before.
        last = draft.current(sheet) if draft.missed and not _BEFORE.search(turn.spoken) else None
        spec = _whose_value_fits(sheet, draft, turn) or last or sheet.field(draft.order[-1])
    if spec is not None:
        return _reopened(sheet, draft.having(stage="filling"), spec, turn)
    if not draft.order:
        return draft.remark("forms.nothing_yet")
    return draft.having(stage="which")


def _swapped(sheet: Sheet, draft: Draft, swap: tuple[str, str], turn: Turn) -> Draft:
    """Put the right words in the place of the wrong ones; ask again where they do not fit."""
    spec = sheet.field(swap[0])
    if spec is None:
        return draft
    reading = read(spec, swap[1], turn.today)
    if not reading.value:
        return _reopened(sheet, draft.having(stage="filling"), spec, turn)
    return _changed_to(sheet, draft.having(stage="filling"), spec, reading, turn)


def _changed_to(sheet: Sheet, draft: Draft, spec: Field, reading: Reading, turn: Turn) -> Draft:
    """Put a new value in the place of the old one; one that was reckoned is asked back first."""
    if reading.question:
        return taken(sheet, draft, spec, reading)
    if spec["kind"] == "place":
        draft = moved(draft, str(reading.value))
    filled = draft.filled(sheet, spec, str(reading.value))
    filled = facts_of(sheet, filled, spec, turn)
    return filled.remark("forms.changed", label=spec["label"], value=filled.shown(spec))


def _whose_value_fits(sheet: Sheet, draft: Draft, turn: Turn) -> Field | None:
    """Return the answered field of the kind of number that was said with the correction."""
    said = [spec for spec in sheet.of_kind(*loose_values(turn.spoken)) if draft.has(spec)]
    return said[0] if len(said) == 1 else None


def _reopened(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft:
    """Correct a field: with the new value if it was said, else by asking for it again."""
    reading = _said_instead(draft, spec, turn)
    if reading.value and reading.value != draft.values.get(spec["name"]):
        return _changed_to(sheet, draft.having(stage="filling"), spec, reading, turn)
    media = {name: ids for name, ids in draft.media.items() if name != spec["name"]}
    return draft.having(
        editing=spec["name"], stage="filling", misses=0,
        media=media if spec["kind"] == "photo" else draft.media,
    ).remark("forms.correcting", label=spec["label"])  # fmt: skip


def _said_instead(draft: Draft, spec: Field, turn: Turn) -> Reading:
    """Read the new value of a correction; none where only the field was named."""
    if turn.values.get("field"):
        return Reading()
    kind = spec["kind"]
    if kind == "description":
        words = turn.corrected if len(turn.corrected) > 1 else ""
        return read(spec, retold(draft, words), turn.today) if words else Reading()
    reading = new_value(spec, turn.spoken, turn.today)
    if reading.value is None and turn.corrected and kind in SAID_AFTER:
        return read(spec, turn.corrected, turn.today)
    return reading
