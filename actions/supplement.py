"""补正 The journey of adding to a case that was sent back: what is missing, all at once."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import drafts, office, reply
from actions.application import OTHER_MATERIAL, afterwards, kept
from actions.draft import Draft, Sheet
from actions.journey import Journey
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.progress import number_said, own, who
from actions.report import add_note
from actions.scene import Scene
from actions.texts import entry, say

FORM = "supplement_form"


class StartSupplement(Journey):
    """Open the form for what is missing."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_supplement"

    async def act(self, scene: Scene) -> list[EventType]:
        """Find the returned case that was meant."""
        if scene.open_form == FORM:
            return []
        last = scene.slot("last_thing") or {}
        if last.get("kind") == "report" and number_said(scene) is None:
            return await add_note(scene, last["number"])
        case = await _returned(scene)
        if case is None:
            scene.tell("supplement.none", reply.chip("progress", "query_progress"), reply.person())
            return []
        form = entry("supplement.form")
        missing = [str(line) for line in case.get("missing") or ()]
        sheet = Sheet(FORM, say("supplement.title", title=case["item_name"]), form["fields"],
                      subject=case["number"])  # fmt: skip
        lines = "\n".join(f"{place}. {line}" for place, line in enumerate(missing, 1))
        draft = Draft().remark("supplement.opened", title=case["item_name"], lines=lines)
        return drafts.opened(scene, sheet, draft)


async def _returned(scene: Scene) -> dict[str, Any] | None:
    number = number_said(scene)
    if number:
        try:
            case = await office.ask("cases", number, "own", body=who(scene))
        except BackendRefusedError as refused:
            if not refused.is_absent:
                raise
            return None
        return case if case["state"] == "returned" else None
    return next((c for c in await own(scene, "cases") if c["state"] == "returned"), None)


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
            case = await office.post("cases", sheet.subject, "supplement", body=body,
                                     key=f"{draft.submit_key}:supplement")  # fmt: skip
        except BackendUnavailableError:
            return kept(scene, sheet, draft, say("supplement.not_sent"))
        except BackendRefusedError as refused:
            return kept(scene, sheet, draft, refused.message or say("common.refused"))
        scene.tell("supplement.done", reply.chip("progress", "query_progress",
                                                 case_number=case["number"]),
                   number=case["number"])  # fmt: skip
        last = SlotSet("last_thing", {"kind": "case", "number": case["number"]})
        return [*drafts.cleared(), last, *afterwards(scene)]
