"""补正 The journey of adding to a case that was sent back: what is missing, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import drafts, office, reply
from actions.application import OTHER_MATERIAL, afterwards, kept
from actions.draft import Draft, Sheet
from actions.filling import settled
from actions.journey import Journey
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.progress import number_said, own, who
from actions.report import add_note
from actions.scene import Scene
from actions.texts import entry, say

FORM = "supplement_form"
RETURNED = "returned"
# What shows a paper; a voice does not.
SHOWN_BY = ("photo", "file")
# The case went on meanwhile, or was withdrawn: nothing waits for a supplement any more.
OVER = ("case.step_not_possible", "case.not_found")


class StartSupplement(Journey):
    """Open the form for what is missing."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_supplement"

    async def act(self, scene: Scene) -> list[EventType]:
        """Find the returned case that was meant, with what was sent for it."""
        if scene.open_form == FORM:
            return []
        if number_said(scene) is None and belongs_to_report(scene):
            return await add_note(scene, scene.slot("last_thing")["number"])
        opened = await supplied(scene)
        if not opened:
            scene.tell("supplement.none", reply.chip("progress", "query_progress"), reply.person())
        return opened


def belongs_to_report(scene: Scene) -> bool:
    """Tell whether what is sent belongs to the last report: no case was sent back since."""
    last = scene.slot("last_thing") or {}
    if last.get("kind") != "report":
        return False
    filed_at = last.get("at")
    since = [datetime.fromisoformat(one["since"]) for one in scene.turn.expects]
    # What an earlier version kept of a report has no time.
    return not since or bool(filed_at and datetime.fromisoformat(filed_at) > max(since))


async def supplied(scene: Scene) -> list[EventType]:
    """Open the supplement with what this turn brings for it; nothing where no case waits for one.

    Which of several cases is meant is the form's first question. A supplement that was put aside
    is gone on with.
    """
    cases = await _returned(scene)
    if not cases:
        return []
    sheet, draft = _begun(cases)
    for at, parked in enumerate(scene.slot("parked") or ()):
        if parked["sheet"]["form"] == FORM and parked["sheet"]["subject"] == sheet.subject:
            return drafts.taken_up(scene, at, lambda known, kept: _brought(scene, known, kept))
    return drafts.opened(scene, sheet, _brought(scene, sheet, draft))


def _begun(cases: Sequence[Mapping[str, Any]]) -> tuple[Sheet, Draft]:
    """Return the form for one returned case, or for one of several, and its draft."""
    form = entry("supplement.form")
    if len(cases) == 1:
        title, number = str(cases[0]["item_name"]), str(cases[0]["number"])
        sheet = Sheet(FORM, say("supplement.title", title=title), form["fields"], subject=number)
        return sheet, Draft().remark("supplement.opened", title=title, lines=_lines(cases[0]))
    names = [str(case["item_name"]) for case in cases]
    labels = [name if names.count(name) == 1
              else say("supplement.one_of", title=name, number=case["number"])
              for name, case in zip(names, cases, strict=True)]  # fmt: skip
    which = {**form["which"], "choices": labels}
    sheet = Sheet(FORM, say("supplement.title_open"), [which, *form["fields"]])
    numbers = {label: case["number"] for label, case in zip(labels, cases, strict=True)}
    draft = Draft(facts={"cases": numbers})
    for label, case in zip(labels, cases, strict=True):
        draft = draft.remark("supplement.opened", title=label, lines=_lines(case))
    return sheet, draft


def _lines(case: Mapping[str, Any]) -> str:
    missing = [str(line) for line in case.get("missing") or ()]
    return "\n".join(f"{place}. {line}" for place, line in enumerate(missing, 1))


def _brought(scene: Scene, sheet: Sheet, draft: Draft) -> Draft:
    """Return the draft with what the turn brings: then only a yes is still asked for."""
    turn = scene.turn
    photos, note = sheet.field("photos"), sheet.field("note")
    if photos is None or note is None:
        return draft
    words = turn.text if turn.expected or turn.media_ids else ""
    if turn.media_ids:
        draft = draft.attached(photos, turn.media_ids).remark("supplement.photo")
    if words:
        draft = draft.filled(sheet, note, words).remark("supplement.noted", note=words)
    if not words and not turn.media_ids:
        return draft
    open_still = [str(spec["name"]) for spec in (photos, note) if not draft.has(spec)]
    return settled(sheet, draft.having(skipped=[*draft.skipped, *open_still]))


async def _returned(scene: Scene) -> list[dict[str, Any]]:
    """Return the cases that wait for a supplement: the one that is named, or all of them."""
    number = number_said(scene)
    if number:
        try:
            case = await office.ask("cases", number, "own", body=who(scene))
        except BackendRefusedError as refused:
            if not refused.is_absent:
                raise
            return []
        return [case] if case["state"] == RETURNED else []
    return [case for case in await own(scene, "cases") if case["state"] == RETURNED]


class CloseSupplement(Journey):
    """Send what was added, or drop it."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_close_supplement"

    async def act(self, scene: Scene) -> list[EventType]:
        """Send or drop; a failure keeps everything."""
        filling = drafts.current(scene)
        if filling is None:
            return drafts.cleared()
        sheet, draft = filling
        if draft.stage != "submit":
            given_up = drafts.given_up(scene, sheet, draft)
            return [
                *given_up,
                *([] if drafts.rests(draft) else afterwards(scene)),
            ]
        media = [*(m for ids in draft.media.values() for m in ids), *draft.extra]
        body = {
            "identity": dict(scene.turn.identity),
            "fields": {},
            "media": [{"name": OTHER_MATERIAL, "media_id": media_id} for media_id in media],
            "why": draft.values.get("note") or say("supplement.why"),
        }  # fmt: skip
        try:
            case = await office.post("cases", _number(sheet, draft), "supplement", body=body,
                                     key=f"{draft.submit_key}:supplement")  # fmt: skip
        except BackendUnavailableError:
            return kept(scene, sheet, draft, say("supplement.not_sent"))
        except BackendRefusedError as refused:
            if refused.key not in OVER:
                return kept(scene, sheet, draft, refused.message or say("common.refused"))
            scene.tell("supplement.over", reply.chip("progress", "query_progress"), reply.person())
            return [*drafts.cleared(), *afterwards(scene)]
        scene.tell("supplement.done", reply.chip("progress", "query_progress",
                                                 case_number=case["number"]),
                   number=case["number"])  # fmt: skip
        last = SlotSet("last_thing", {"kind": "case", "number": case["number"]})
        return [*drafts.cleared(), last, *afterwards(scene)]


def _number(sheet: Sheet, draft: Draft) -> str:
    """Return the number of the case that is supplemented."""
    return sheet.subject or str(draft.facts["cases"][draft.values["case"]])
