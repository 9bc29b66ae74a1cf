"""口头短语 What a form does with the short words that are no value: skip, wait, the same. Pure."""

from __future__ import annotations

from actions.draft import Draft, Field, Sheet
from actions.shapes import is_prose
from actions.turn import Turn

PASSING = ("skip", "unknown", "finish", "no")
# "None" and "don't know" answer a question in free words; these do not.
SKIPPING = ("", "跳过", "略过", "下一个", "下一项", "过")


def steered(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft:
    """Answer the short words: skip, don't know, done, yes, wait, the same, say it again."""
    word = turn.word or {"affirm": "yes", "deny": "no"}.get(turn.intent, "resume")
    if word == "repeat":
        return draft.remark(f"hints.{spec['kind']}", label=spec["label"])
    if word == "wait":
        return draft.remark("forms.take_time")
    if word == "same":
        return _as_before(sheet, draft, spec)
    if word == "relative":
        return draft.having(misses=draft.misses + 1).remark("problems.name_relative")
    if word in PASSING:
        return _passed(sheet, draft, spec, turn)
    if draft.editing and word in ("yes", "resume") and spec["name"] in draft.values:
        # Whoever says that it was right after all keeps what was there.
        return draft.having(editing=None, misses=0).remark("forms.as_before")
    if word == "yes":
        return draft.remark(f"forms.go_ahead.{'photo' if spec['kind'] == 'photo' else 'other'}")
    return draft


def _passed(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft:
    """Pass over a field that may stay open; say why the others may not."""
    if is_prose(spec) and not spec.get("optional") and turn.spoken not in SKIPPING:
        return draft.filled(sheet, spec, turn.spoken)
    if spec.get("many") and draft.media.get(spec["name"]):
        return draft.having(skipped=[*draft.skipped, spec["name"]], editing=None)
    if turn.word == "finish" and sheet.of_kind("description"):
        # Whoever has told all of a trouble is asked for nothing more that may stay open.
        return _all_passed(sheet, draft)
    if spec.get("optional"):
        passed = draft.passed_over(spec)
        told = turn.word == "unknown" and spec["kind"] not in ("place", "photo")
        return passed.remark("forms.passed", label=spec["label"]) if told else passed
    missed = draft.having(misses=draft.misses + 1)
    if spec["kind"] in ("date", "number") and turn.word == "unknown":
        return missed.remark("forms.roughly")
    if spec["kind"] == "text" or turn.word == "unknown":
        return missed.remark("forms.put_aside", label=spec["label"])
    why = spec.get("why") or ""
    return missed.remark("forms.required_why" if why else "forms.required",
                         label=spec["label"], why=why)  # fmt: skip


def _all_passed(sheet: Sheet, draft: Draft) -> Draft:
    """Pass over whatever is still open and may stay so."""
    for spec in sheet.fields:
        if spec.get("optional") and not draft.has(spec):
            draft = draft.passed_over(spec)
    return draft


def _as_before(sheet: Sheet, draft: Draft, spec: Field) -> Draft:
    """Take what another field of the same kind was answered with; explain where there is none."""
    told = [draft.values[other["name"]] for other in sheet.of_kind(str(spec["kind"]))
            if other is not spec and other["name"] in draft.values]  # fmt: skip
    if not told or spec["kind"] == "choice":
        return draft.having(misses=draft.misses + 1).remark(
            "forms.nothing_same", label=spec["label"]
        )
    filled = draft.filled(sheet, spec, told[-1])
    return filled.remark("forms.same", label=spec["label"], value=filled.shown(spec))
