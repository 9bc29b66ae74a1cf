"""填表对话 One step of filling a form: what was said changes the draft. Pure, no I/O.

The same steps serve every form: an application, a report, a supplement, proving who one is.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from actions import consent, held
from actions.beside import (
    also_said,
    names_other_choice,
    said_before,
    wrong_id,
)
from actions.beside import read_here as read_name
from actions.correcting import at_which, changed, correct, facts_of
from actions.draft import Draft, Field, Sheet
from actions.fields import Reading, read
from actions.material import location_taken, media_taken
from actions.naming import named_field
from actions.shapes import asks_name
from actions.steering import steered
from actions.telling import only_wish, told_more
from actions.texts import say
from actions.turn import Turn
from actions.understood import answered, decided, kept_open, set_aside, taken

Step = Callable[[Sheet, Draft, Turn], Draft]
NOT_A_NAME = ("ask_guide", "start_application", "query_progress", "report_problem", "ask_office")
# What these say is kinder than that the field cannot stay empty.
EXPLAINED = ("phone_none", "phone_landline")
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
            "cancel": _cancel, "correct": correct, "send_media": media_taken,
            "send_location": location_taken, "ask_why": _why,
        }  # fmt: skip
        by_stage: dict[str, Step] = {
            "confirm": _at_confirm, "which": at_which, "consent": _at_consent,
        }  # fmt: skip
        if draft.stage == "consent" and turn.intent == "send_media":
            step = _at_consent
        else:
            step = by_intent.get(turn.intent) or by_stage.get(draft.stage) or _answer
    stepped = step(sheet.asked(fresh.values), fresh, turn)
    after = held.asked_once(sheet, fresh, stepped.fitting(sheet), turn.today)
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
    if told := _heard_out(sheet, draft, spec, turn) or _asked_back(draft, turn):
        return told
    reading = _read_at_once(spec, text, turn)
    if reading.value is None and reading.problem not in EXPLAINED:
        if turn.word or turn.intent in ("affirm", "deny", "resume"):
            return steered(sheet, draft, spec, turn)
        reading = read_here(sheet, spec, draft, text, turn)
    others = also_said(sheet, draft, text, str(spec["name"]), turn.today, strict=_strict(reading))
    # One number is one answer, though another field of its kind is open too.
    others = {name: value for name, value in others.items() if value != reading.value}
    if reading.value:
        draft = facts_of(sheet, taken(sheet, draft, spec, reading), spec, turn)
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


def _asked_back(draft: Draft, turn: Turn) -> Draft | None:
    """Ask which of two things was meant: two choices, or an answer and something to report."""
    if turn.unclear:
        return draft.remark(f"forms.unclear.{turn.unclear}")
    if turn.between:
        first, second = turn.between
        asked = draft.having(misses=draft.misses + 1)
        return asked.remark("forms.between", first=first, second=second)
    return None


def _read_at_once(spec: Field, text: str, turn: Turn) -> Reading:
    """Read what may be a value though it is a short word; a choice that was inferred is told."""
    if not _before_words(spec):
        return Reading()
    inferred = turn.kind != "button" and "value" in turn.values
    return dataclasses.replace(read(spec, text, turn.today), told=inferred)


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


def _at_confirm(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if turn.intent == "affirm":
        return draft.having(stage="submit", submit_key=draft.submit_key or turn.key)
    if turn.intent == "deny":
        return draft.having(stage="which")
    if turn.word == "wait":
        return draft.remark("forms.take_time_check")
    if turn.unclear:
        return draft.remark(f"forms.unclear.{turn.unclear}")
    named = named_field(sheet, draft, turn.spoken) if turn.word == "skip" else None
    if named is not None and named.get("optional"):
        return draft.passed_over(named).remark("forms.passed", label=named["label"])
    new = changed(sheet, draft, turn)
    if new is not None:
        return new
    told = told_more(sheet, draft, CONFIRM, turn) or _noted(sheet, draft, turn)
    return told or draft.having(misses=draft.misses + 1).remark("forms.say_yes")


def _noted(sheet: Sheet, draft: Draft, turn: Turn) -> Draft | None:
    """Take what is said at the check for the form's notes, where it has a field for them."""
    notes = next((spec for spec in sheet.fields if spec.get("notes")), None)
    if notes is None or not turn.spoken or turn.word or turn.intent != "inform":
        return None
    words = "\n".join([*filter(None, [draft.values.get(notes["name"])]), turn.spoken])
    return draft.filled(sheet, notes, words).remark("supplement.noted_too")


def _cancel(_sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if turn.rests and not draft.is_empty:
        return draft.having(stage="resting", before=draft.stage)
    if draft.is_empty:
        return draft.having(stage="dropped")
    return draft.having(stage="cancel", before=draft.stage, misses=0)


def _at_cancel(_sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    if turn.intent in ("cancel", "affirm"):
        return draft.having(stage="dropped")
    back = draft.having(stage=draft.before)
    if turn.intent == "deny" or turn.word in ("resume", "no", "wait") or draft.misses:
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
