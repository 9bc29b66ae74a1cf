"""填表对话 One step of filling a form: what was said changes the draft. Pure, no I/O.

The same steps serve every form: an application, a report, a supplement, proving who one is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from actions import consent, held
from actions.beside import (
    also_said,
    loose_values,
    names_other_choice,
    said_before,
    wrong_id,
)
from actions.beside import read_here as read_name
from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, read
from actions.material import location_taken, media_taken
from actions.naming import field_with_value, named_field, new_value, placed_field, swapped
from actions.retelling import field_retold, moved, retold
from actions.shapes import asks_name
from actions.steering import steered
from actions.telling import about_report, only_wish, told_more
from actions.texts import say
from actions.turn import Turn
from actions.understood import answered, decided, kept_open, set_aside, taken

Step = Callable[[Sheet, Draft, Turn], Draft]
NOT_A_NAME = ("ask_guide", "start_application", "query_progress", "report_problem", "ask_office")
# A new value of these may follow the correction without "is" or "should be" before it.
SAID_AFTER = ("name", "address", "place", "date", "number", "text")
# What these say is kinder than that the field cannot stay empty.
EXPLAINED = ("phone_none", "phone_landline")
_BEFORE = re.compile("上一|上个|前一|前头|前面|刚才那")
# Stands for the field that is asked for where a yes is.
CONFIRM: Field = {"kind": "confirm"}


def advance(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Return the draft after this turn; its stage says what comes next."""
    fresh = draft.having(remarks=[], strayed=0)
    if draft.stage == "cancel":
        step: Step = _at_cancel
    elif answered(sheet, draft, turn):
        step = _at_understood
    else:
        by_intent: dict[str, Step] = {
            "cancel": _cancel, "correct": _correct, "send_media": media_taken,
            "send_location": location_taken, "ask_why": _why,
        }  # fmt: skip
        by_stage: dict[str, Step] = {
            "confirm": _at_confirm, "which": _at_which, "consent": _at_consent,
        }  # fmt: skip
        if draft.stage == "consent" and turn.intent == "send_media":
            step = _at_consent
        else:
            step = by_intent.get(turn.intent) or by_stage.get(draft.stage) or _answer
    after = held.asked_once(sheet, fresh, step(sheet, fresh, turn), turn.today)
    return settled(sheet, after.having(missed=after.misses > draft.misses))


def settled(sheet: Sheet, draft: Draft) -> Draft:
    """Return the draft at the stage its answers allow, and at none without a consent it needs."""
    draft = consent.asked_first(sheet, draft)
    if draft.stage in ("filling", "confirm") and draft.current(sheet) is None:
        return draft.having(stage="confirm" if sheet.confirms else "submit")
    if draft.stage == "confirm":
        return draft.having(stage="filling")
    return draft


def _at_understood(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Hear whether a value was understood rightly; whatever else is said answers anew.

    What answers the next question and not this one leaves the value as it was understood.
    """
    said = decided(sheet, draft, turn)
    if said is not None:
        return said
    if (went_on := set_aside(sheet, draft, turn)) is not None:
        return _answer(sheet, went_on, turn)
    return kept_open(draft, _answer(sheet, draft.having(understood={}), turn))


def _answer(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    spec = draft.current(sheet)
    if spec is None:
        return draft
    text = str(turn.values.get("value") or turn.corrected or turn.text)
    if told := _heard_out(sheet, draft, spec, turn):
        return told
    reading = read(spec, text, turn.today) if _before_words(spec) else Reading()
    if reading.value is None and reading.problem not in EXPLAINED:
        if turn.word or turn.intent in ("affirm", "deny", "resume"):
            return steered(sheet, draft, spec, turn)
        reading = read_here(sheet, spec, draft, text, turn)
    others = also_said(sheet, draft, text, str(spec["name"]), turn.today, strict=_strict(reading))
    if reading.value:
        draft = _facts(sheet, taken(sheet, draft, spec, reading), spec, turn)
    draft = filled_beside(sheet, draft, others)
    wrong = wrong_id(sheet, draft, text, turn.today) if spec["kind"] != "id_number" else None
    if wrong is not None:
        draft = draft.remark(f"problems.{wrong.problem}", **wrong.shown)
    if reading.value or others or wrong:
        return draft
    return draft.having(misses=draft.misses + 1).remark(
        f"problems.{reading.problem}", label=spec["label"], **reading.shown
    )


def filled_beside(sheet: Sheet, draft: Draft, others: Mapping[str, str]) -> Draft:
    """Fill fields that were answered before they were asked for, and say so."""
    for name, value in others.items():
        other = sheet.field(name)
        if other is not None:
            draft = draft.filled(sheet, other, value).having(editing=draft.editing)
            draft = draft.remark("forms.also", label=other["label"], value=draft.shown(other))
    return draft


def _strict(reading: Reading) -> bool:
    """Tell whether a text answers what was asked, or tries to: then it speaks of nothing else."""
    missing = reading.problem is not None and reading.problem.endswith("_missing")
    return reading.value is not None or not missing


def _before_words(spec: Field) -> bool:
    """Tell whether a short word may be a value: "none" answers how much money comes in."""
    if spec["kind"] == "phone" and not spec.get("optional"):
        return True
    return spec["kind"] == "choice" or (spec["kind"] == "number" and not spec.get("optional"))


def _at_consent(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Take what is said to the question for consent, which stands above the form's own question.

    To go on filling in is a yes: an affirmative act is an explicit consent (GB/T 35273-2020, 3.6),
    and the question says so.
    """
    said = consent.answered(draft, turn)
    if said is not None:
        return said
    open_draft = draft.having(stage="filling")
    told = (media_taken if turn.media_ids else _answer)(sheet, open_draft, turn)
    went_on = _kept(told) != _kept(draft)
    if went_on or consent.sent(draft.current(sheet), turn):
        return told.knowing(consent="said")
    return told.having(stage="consent")


def _kept(draft: Draft) -> tuple[object, ...]:
    return draft.values, draft.media, draft.skipped, draft.understood


def _heard_out(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft | None:
    """Listen to somebody who reports: to the wish to report alone, and to more of the trouble."""
    if sheet.of_kind("description") and turn.spoken and only_wish(turn.spoken):
        return draft.remark("report.listening")
    return told_more(sheet, draft, spec, turn)


def read_here(sheet: Sheet, spec: Field, draft: Draft, text: str, turn: Turn) -> Reading:
    """Read an answer in the light of the form: a name beside other people's, a number once told.

    What no surname begins and the parse takes for a wish ("网上开") is asked once more before it
    is taken for a name.
    """
    if asks_name(spec):
        reading = _name_here(sheet, spec, draft, text, turn)
    elif spec["kind"] == "address" and names_other_choice(sheet, draft, spec, text):
        reading = Reading(problem="address_short")
    else:
        reading = read(spec, text, turn.today)
    if reading.problem == "place_vague" and draft.misses:
        # Who has no better name for the place is not asked a third time.
        return Reading(text)
    if reading.value and (other := said_before(sheet, draft, spec, reading.value)):
        words = say(f"understood.twice.{spec['kind']}", label=spec["label"], other=other["label"])
        return Reading(reading.value, question=words)
    return reading


def _name_here(sheet: Sheet, spec: Field, draft: Draft, text: str, turn: Turn) -> Reading:
    if names_other_choice(sheet, draft, spec, text):
        return Reading(problem="name_strange")
    reading = read_name(sheet, spec, text, insisted=draft.misses > 0)
    if reading.value is None or reading.question or draft.misses or not turn.guessed:
        return reading
    if turn.guessed in NOT_A_NAME:
        return Reading(problem="name_strange")
    # Nothing but its being asked for says that this is a name.
    words = say("understood.ask.plain", label=spec["label"], value=reading.value)
    return Reading(reading.value, question=words)


def _facts(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft:
    """Keep what is told beside the words: category, danger, a place, and whether it has a name."""
    if spec["kind"] == "place":
        return draft.knowing(unnamed_place=not turn.place_named)
    if spec["kind"] != "description":
        return draft
    draft = draft.knowing(**about_report(sheet, draft, turn))
    if turn.place_named and "place" not in draft.values:
        return draft.having(values={**draft.values, "place": turn.place_named})
    return draft


def _at_confirm(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if turn.intent == "affirm":
        return draft.having(stage="submit", submit_key=draft.submit_key or turn.key)
    if turn.intent == "deny":
        return draft.having(stage="which")
    named = named_field(sheet, draft, turn.spoken) if turn.word == "skip" else None
    if named is not None and named.get("optional"):
        return draft.passed_over(named).remark("forms.passed", label=named["label"])
    changed = _changed(sheet, draft, turn)
    if changed is not None:
        return changed
    told = told_more(sheet, draft, CONFIRM, turn)
    return told or draft.having(misses=draft.misses + 1).remark("forms.say_yes")


def _changed(sheet: Sheet, draft: Draft, turn: Turn) -> Draft | None:
    """Take a new value said at the confirmation without being asked for; None when none was."""
    spec = named_field(sheet, draft, turn.spoken)
    if spec is None:
        loose = [s for s in sheet.of_kind(*loose_values(turn.spoken)) if draft.has(s)]
        spec = loose[0] if len(loose) == 1 else None
    return _reopened(sheet, draft, spec, turn) if spec is not None else None


def _at_which(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    spec = named_field(sheet, draft, turn.spoken) or placed_field(sheet, turn.spoken)
    if spec is not None:
        return _reopened(sheet, draft.having(stage="filling"), spec, turn)
    if turn.intent == "affirm" or turn.word in ("yes", "skip", "finish", "resume"):
        return draft.having(stage="confirm")
    return draft.having(misses=draft.misses + 1).remark("forms.which_unclear")


def _correct(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    named = str(turn.values.get("field") or "")
    if not named and (swap := swapped(draft, turn.spoken)):
        return _swapped(sheet, draft, swap, turn)
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
    draft = draft.having(stage="filling")
    if spec["kind"] == "place":
        draft = moved(draft, reading.value)
    return _changed_to(sheet, draft, spec, reading, turn)


def _changed_to(sheet: Sheet, draft: Draft, spec: Field, reading: Reading, turn: Turn) -> Draft:
    """Put a new value in the place of the old one; one that was reckoned is asked back first."""
    if reading.question:
        return taken(sheet, draft, spec, reading)
    filled = draft.filled(sheet, spec, str(reading.value))
    filled = _facts(sheet, filled, spec, turn)
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


def _cancel(_sheet: Sheet, draft: Draft, _turn: Turn) -> Draft:
    if draft.is_empty:
        return draft.having(stage="dropped")
    return draft.having(stage="cancel", before=draft.stage, misses=0)


def _at_cancel(_sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if turn.intent in ("cancel", "affirm"):
        return draft.having(stage="dropped")
    back = draft.having(stage=draft.before)
    if turn.intent == "deny" or turn.word in ("resume", "no") or draft.misses:
        # Nobody is held at this question: what is unclear twice deletes nothing.
        return back.having(misses=0).remark("forms.kept")
    return draft.having(misses=draft.misses + 1).remark("forms.cancel_unclear")


def _why(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if draft.stage == "consent":
        return draft.remark("privacy.why")
    spec = named_field(sheet, draft, turn.spoken) or draft.current(sheet)
    why = (spec or {}).get("why")
    if spec is None or not why:
        return draft.remark("forms.why_plain")
    return draft.remark("forms.why", label=spec["label"], why=why)
