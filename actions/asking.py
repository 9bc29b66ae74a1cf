"""提问 What a form says next: remarks and one question in one message. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from actions import consent, reply
from actions.draft import Draft, Field, Sheet
from actions.reply import Chip, Reply, chip, payload
from actions.texts import say

# From this many answers in a row that did not fit, a person is offered beside the question.
PATIENCE = 2
MAX_CHOICE_CHIPS = 4
# Only an application is long enough that people want to know how much is left.
COUNTED_FORM = "application_form"


def messages(sheet: Sheet, draft: Draft, *, returning: bool) -> Iterator[Reply]:
    """Yield what to say: the remarks with the question under them."""
    sheet = sheet.asked(draft.values)
    lead = list(draft.remarks)
    if returning and (draft.order or draft.misses or draft.stage != "filling"):
        lead.append(say("forms.back_to", title=sheet.title))
    if draft.stage == "consent":
        asked = _question(sheet, draft, "", again=False)
        yield consent.asked_with(asked, draft.current(sheet), "\n".join(lead))
        return
    by_stage = {"confirm": _confirm, "which": _which, "cancel": _cancel}
    if draft.stage in by_stage:
        yield by_stage[draft.stage](sheet, draft, "\n".join(lead))
    else:
        yield _question(sheet, draft, "\n".join(lead), again=draft.missed and not returning)


def awaited(sheet: Sheet, draft: Draft) -> dict[str, Any] | None:
    """Return slot `awaiting`: what kind of answer the gate may expect (docs/design.md)."""
    shown = sheet.asked(draft.values)
    known = _known(shown, draft)
    if draft.stage in ("confirm", "cancel"):
        return {**known, "field": draft.stage, "kind": "confirm"}
    if draft.stage == "which":
        labels = [spec["label"] for spec in shown.fields]
        return {**known, "field": "which", "kind": "choice", "choices": labels}
    spec = draft.current(sheet)
    if spec is None:
        return None
    waiting = {**known, "field": spec["name"], "kind": spec["kind"], "label": spec["label"]}
    if draft.awaits_yes(sheet):
        waiting["understood"] = True
        waiting["next"] = _next(sheet, draft, spec)
    if spec.get("choices"):
        waiting["choices"] = list(spec["choices"])
    if spec.get("optional"):
        waiting["optional"] = True
    others = [choice for other in shown.of_kind("choice") if not draft.has(other)
              and other is not spec for choice in other["choices"]]  # fmt: skip
    if others:
        waiting["others"] = others
    return waiting


def _known(sheet: Sheet, draft: Draft) -> dict[str, Any]:
    """Return what the gate may know of a form whatever it asks for."""
    known: dict[str, Any] = {"form": sheet.form, "subject": sheet.subject}
    if changeable := [_offered(spec) for spec in sheet.of_kind("choice") if draft.has(spec)]:
        known["fields"] = changeable
    if any(not draft.has(spec) for spec in sheet.of_kind("photo")):
        known["photos"] = True
    if draft.facts.get("category"):
        known["category"] = draft.facts["category"]
    return known


def _next(sheet: Sheet, draft: Draft, spec: Field) -> dict[str, Any] | None:
    """Return the question after the one whose value waits for a yes: it may be answered instead."""
    after = draft.filled(sheet, spec, draft.understood["value"]).current(sheet)
    if after is None:
        return None
    return {"kind": after["kind"], "choices": list(after.get("choices") or ())}


def _offered(spec: Field) -> dict[str, Any]:
    return {"name": spec["name"], "label": spec["label"], "choices": list(spec["choices"])}


def _question(sheet: Sheet, draft: Draft, lead: str, *, again: bool) -> Reply:
    """Return the question; the problem alone is enough when the same thing is asked again."""
    spec = draft.current(sheet)
    if spec is None:
        return reply.text(lead)
    if draft.awaits_yes(sheet):
        asked = _joined(lead, draft.understood["question"])
        return reply.text(
            asked, [chip("right", "affirm"), chip("wrong", "deny"), chip("stop", "cancel")]
        )
    choices = list(spec.get("choices") or ())
    words = lead if again else _joined(lead, _asked(sheet, draft, spec))
    # Beside the question for consent there is no room for choices to be pressed.
    if len(choices) > (0 if draft.stage == "consent" else MAX_CHOICE_CHIPS):
        items = [(choice, "", payload("inform", value=choice)) for choice in choices]
        return reply.listing(words, items)
    return reply.text(words, _chips(draft, spec, choices), asks=str(spec["kind"]))


def _asked(sheet: Sheet, draft: Draft, spec: Field) -> str:
    ask = str(spec["ask"])
    why = spec.get("why")
    if why and not draft.editing and not draft.misses:
        ask = say("forms.ask_why", ask=ask, why=str(why).rstrip("。"))
    if sheet.form == COUNTED_FORM and not draft.editing:
        done = sum(draft.has(other) for other in sheet.fields)
        ask = say("forms.counted", ask=ask, place=done + 1, total=len(sheet.fields))
    return ask


def _chips(draft: Draft, spec: Field, choices: list[str]) -> list[Chip]:
    chips = [{"title": choice, "payload": payload("inform", value=choice)} for choice in choices]
    if spec.get("optional"):
        chips.append(chip("skip", "inform", word="skip"))
    if draft.misses >= PATIENCE:
        chips.append(reply.person())
    if draft.order and not draft.editing:
        chips.append(chip("previous_wrong", "correct", field=draft.order[-1]))
    chips.append(chip("stop", "cancel"))
    return chips[: reply.MAX_CHIPS]


def _confirm(sheet: Sheet, draft: Draft, lead: str) -> Reply:
    fields = [(spec["label"], draft.told(spec)) for spec in sheet.fields]
    if draft.extra:
        fields.append((say("forms.extra"), say("forms.photos", count=len(draft.extra))))
    chips = [chip("submit", "affirm")]
    phone = next(iter(sheet.of_kind("phone")), None)
    if phone is not None and draft.values.get(phone["name"]):
        chips.append(chip("edit_phone", "correct", field=phone["name"]))
    chips += [chip("edit", "correct"), chip("stop", "cancel")]
    words = _joined(lead, say(f"forms.check.{sheet.form}"))
    title = say("forms.check_title", title=sheet.title)
    return reply.card(words, title, fields=fields, kinds=_kinds(sheet), chips=chips)


def _which(sheet: Sheet, draft: Draft, lead: str) -> Reply:
    items = [
        (spec["label"], draft.told(spec), payload("correct", field=spec["name"]))
        for spec in sheet.fields
    ]
    words = _joined(lead, say("forms.which"))
    chips = [chip("all_right", "affirm"), chip("stop", "cancel")]
    return reply.listing(words, items, kinds=_kinds(sheet), chips=chips)


def _kinds(sheet: Sheet) -> dict[str, str]:
    """Return of what kind each answer is: what its owner reads in clear, staff see masked."""
    return {str(spec["label"]): str(spec["kind"]) for spec in sheet.fields}


def _cancel(sheet: Sheet, draft: Draft, lead: str) -> Reply:
    said = [spec["label"] for spec in sheet.fields
            if spec["name"] in draft.values or draft.media.get(spec["name"])]  # fmt: skip
    if draft.extra:
        said.append(say("forms.extra"))
    question = say("forms.cancel", title=sheet.title, labels="、".join(said))
    return reply.text(
        _joined(lead, question), [chip("drop", "affirm"), chip("go_on", "deny"), reply.person()]
    )


def _joined(lead: str, question: str) -> str:
    return "\n".join(part for part in (lead, question) if part)
