"""搁置 Opens, parks and takes up drafts: one form at a time, none of them lost."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.draft import Draft, Sheet, draft_of, sheet_of
from actions.journey import Scene, switch_to

MAX_PARKED = 3


def opened(scene: Scene, sheet: Sheet, draft: Draft) -> list[EventType]:
    """Open a form with its draft; what was being filled is parked."""
    return [
        SlotSet("parked", _parked(scene)),
        SlotSet("sheet", sheet.to_slot()),
        SlotSet("draft", draft.to_slot()),
        SlotSet("awaiting", None),
        *switch_to(sheet.form),
    ]


def cleared() -> list[EventType]:
    """Return the events that end a form for good."""
    return [SlotSet(name, None) for name in ("sheet", "draft", "answer", "awaiting")]


def taken_up(scene: Scene, index: int = -1) -> list[EventType]:
    """Take up a parked draft again; by default the last one."""
    parked = list(scene.slot("parked") or ())
    if not parked:
        return []
    chosen = parked.pop(index)
    return [
        SlotSet("parked", parked or None),
        SlotSet("sheet", chosen["sheet"]),
        SlotSet("draft", _back_to(chosen)),
        SlotSet("answer", None),
        SlotSet("awaiting", None),
        *switch_to(chosen["sheet"]["form"]),
    ]


def _back_to(chosen: dict[str, Any]) -> dict[str, Any]:
    """Return a parked draft with the words that lead back to it."""
    sheet, draft = sheet_of(chosen["sheet"]), draft_of(chosen["draft"])
    return draft.having(remarks=[]).remark("forms.back_to", title=sheet.title).to_slot()


def parked_index(scene: Scene, subject: str) -> int | None:
    """Return where the draft about `subject` is parked, if it is."""
    for index, entry in enumerate(scene.slot("parked") or ()):
        if entry["sheet"]["subject"] == subject:
            return index
    return None


def current(scene: Scene) -> tuple[Sheet, Draft] | None:
    """Return the form being filled, if one is."""
    slot = scene.slot("sheet")
    return (sheet_of(slot), draft_of(scene.slot("draft"))) if slot else None


def _parked(scene: Scene) -> list[dict[str, Any]] | None:
    parked = list(scene.slot("parked") or ())
    if scene.slot("sheet") and scene.open_form:
        parked.append({"sheet": scene.slot("sheet"), "draft": scene.slot("draft")})
    return parked[-MAX_PARKED:] or None
