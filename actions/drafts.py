"""搁置 Opens, parks and takes up drafts: one form at a time, none of them lost.

A parked draft is quiet when the citizen went on to something else: it comes back when it is asked
for, and by itself only where another form did no more than interrupt it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import consent, reply
from actions.draft import Draft, Sheet, draft_of, sheet_of
from actions.scene import Scene, leave_form, switch_to
from standards.guide_lines import named_part

MAX_PARKED = 5


def opened(scene: Scene, sheet: Sheet, draft: Draft) -> list[EventType]:
    """Open a form with its draft; what was being filled is parked."""
    leaves = scene.turn.leaves_form
    if leaves:
        _say_goodbye(scene)
    draft = _with_consent(scene, sheet, draft)
    return [
        SlotSet("parked", _parked(scene, quiet=leaves)),
        SlotSet("sheet", sheet.to_slot()),
        SlotSet("draft", draft.to_slot()),
        SlotSet("awaiting", None),
        *switch_to(sheet.form),
    ]


def rested(scene: Scene) -> list[EventType]:
    """Put the open form aside without a word; it waits until it is asked for."""
    return [
        SlotSet("parked", _parked(scene, quiet=True)),
        *(SlotSet(name, None) for name in ("sheet", "draft", "answer")),
        *leave_form(),
    ]


def left(scene: Scene) -> list[EventType]:
    """Leave the open form as its citizen wants to: what was said is kept, an empty form is not."""
    _say_goodbye(scene)
    return rested(scene)


def may_go_on() -> EventType:
    """Return what is awaited after an offer to go on with what is parked."""
    return SlotSet("awaiting", {"form": "", "field": "resume", "kind": "confirm"})


def cleared() -> list[EventType]:
    """Return the events that end a form for good."""
    return [SlotSet(name, None) for name in ("sheet", "draft", "answer", "awaiting")]


def taken_up(
    scene: Scene, index: int = -1, told: Callable[[Sheet, Draft], Draft] | None = None
) -> list[EventType]:
    """Take up a parked draft again.

    Args:
        scene: the turn.
        index: where it is parked; the last one by default.
        told: puts into it what was said with the wish to go on.
    """
    parked = list(scene.slot("parked") or ())
    if not parked:
        return []
    chosen = parked.pop(index)
    sheet, draft = sheet_of(chosen["sheet"]), draft_of(chosen["draft"])
    back = draft.having(remarks=[]).remark("forms.back_to", title=sheet.title)
    back = told(sheet, back) if told else back
    return _resumed(parked, sheet, _with_consent(scene, sheet, back))


def interrupted(scene: Scene) -> list[EventType]:
    """Go on with the form that was only interrupted by the one that is over now."""
    last = parked_last(scene)
    return taken_up(scene) if last and not last.get("quiet") else []


def taken_up_with(scene: Scene, draft: Draft) -> list[EventType]:
    """Take up the last parked form with its draft as it became by an answer given late."""
    parked = list(scene.slot("parked") or ())
    sheet = sheet_of(parked.pop()["sheet"])
    return _resumed(parked, sheet, _with_consent(scene, sheet, draft))


def parked_last(scene: Scene) -> dict[str, Any] | None:
    """Return what was parked last, if anything is."""
    parked: list[dict[str, Any]] = scene.slot("parked") or []
    return parked[-1] if parked else None


def named_index(scene: Scene) -> int | None:
    """Return where the draft is parked that the turn names, by item or by its title's words."""
    sure = scene.turn.item_outcome == "confident"
    likely = str(scene.turn.items[0]["code"]) if sure else ""

    def told(at: int) -> tuple[int, bool, int]:
        sheet = (scene.slot("parked") or ())[at]["sheet"]
        part = named_part(scene.turn.text, str(sheet["title"]))
        return len(part), sheet["subject"] == likely, at

    places = range(len(scene.slot("parked") or ()))
    named = [at for at in places if any(told(at)[:2])]
    return max(named, key=told) if named else None


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


def rests(draft: Draft) -> bool:
    """Tell whether a form that is over was kept for later, so that nothing else is taken up."""
    return draft.stage in ("refused", "resting")


def given_up(scene: Scene, sheet: Sheet, draft: Draft) -> list[EventType]:
    """End a form that was dropped; one without consent to the use of papers only rests."""
    if draft.stage == "resting":
        scene.tell(
            "forms.left_open",
            reply.chip("go_on", "resume"),
            reply.chip("place_office", "ask_office"),
            title=sheet.title,
        )
        return [*cleared(), _kept(scene, sheet, draft.having(stage=draft.before))]
    if draft.stage != "refused":
        scene.tell("forms.dropped")
        return cleared()
    scene.tell(
        "privacy.refused",
        reply.person(),
        reply.chip("place_office", "ask_office"),
        reply.chip("go_on", "resume"),
        title=sheet.title,
    )
    return [*cleared(), _kept(scene, sheet, draft.having(stage="filling"))]


def _kept(scene: Scene, sheet: Sheet, draft: Draft) -> EventType:
    """Put a form that is over for now with the parked ones; it waits until it is asked for."""
    kept = {"sheet": sheet.to_slot(), "draft": draft.to_slot(), "quiet": True}
    return SlotSet("parked", [*(scene.slot("parked") or ()), kept][-MAX_PARKED:])


def _with_consent(scene: Scene, sheet: Sheet, draft: Draft) -> Draft:
    """Return the draft with what is known of the citizen's consent, and asking for it if due."""
    known = scene.slot("consent") == consent.version()
    return consent.asked_first(sheet, draft.knowing(consent=known))


def reopened(sheet: Sheet, draft: Draft) -> list[EventType]:
    """Ask on in the form that was about to be filed."""
    return [
        SlotSet("sheet", sheet.to_slot()),
        SlotSet("draft", draft.to_slot()),
        SlotSet("answer", None),
        SlotSet("awaiting", None),
        *switch_to(sheet.form),
    ]


def _resumed(parked: list[dict[str, Any]], sheet: Sheet, draft: Draft) -> list[EventType]:
    return [
        SlotSet("parked", parked or None),
        *reopened(sheet, draft.having(strayed=0)),
    ]


def _parked(scene: Scene, *, quiet: bool) -> list[dict[str, Any]] | None:
    """Return all parked drafts with the open one, at the stage before any question to drop it.

    Whoever was asked whether to drop it and went on to something else is not asked again.
    """
    parked = list(scene.slot("parked") or ())
    filling = current(scene)
    if filling and scene.open_form and not _drops(scene, filling[1]):
        sheet, draft = filling
        dropping = draft.stage == "cancel"
        kept = draft.having(stage=draft.before) if dropping else draft
        parked.append(
            {"sheet": sheet.to_slot(), "draft": kept.to_slot(), "quiet": quiet or dropping}
        )
    return parked[-MAX_PARKED:] or None


def _drops(scene: Scene, draft: Draft) -> bool:
    """Tell whether a form that is left is dropped: it is empty, or this was said twice."""
    return scene.turn.leaves_form and (draft.is_empty or draft.stage == "cancel")


def _say_goodbye(scene: Scene) -> None:
    """Say what becomes of the form that is left."""
    filling = current(scene)
    if filling is None or not scene.open_form:
        return
    sheet, draft = filling
    if not _drops(scene, draft):
        scene.tell("forms.resting", reply.chip("go_on", "resume"), title=sheet.title)
    elif not draft.is_empty:
        scene.tell("forms.dropped")
