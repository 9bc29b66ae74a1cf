"""没等着的材料 A photo, a file or a place that comes while no form is open."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions import drafts, reply
from actions.halls import follows, tell_nearest_to
from actions.journey import Journey
from actions.report import add_note, begun, report_sheet
from actions.scene import Scene
from actions.supplement import SHOWN_BY, belongs_to_report, supplied


class TakeMaterial(Journey):
    """What nobody asked for: a returned case's, the last ticket's, or a report's beginning."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_material"

    async def act(self, scene: Scene) -> list[EventType]:
        """Take it for what waits for it, or open a report with it."""
        if scene.turn.location and follows(scene):
            return await tell_nearest_to(scene, dict(scene.turn.location))
        if not scene.turn.media_ids and not scene.turn.location:
            scene.tell("forms.media_lost", reply.person())
            return []
        last = scene.slot("last_thing") or {}
        expected = scene.turn.kind in SHOWN_BY and scene.turn.expects
        if expected and not belongs_to_report(scene) and (opened := await supplied(scene)):
            return opened
        if last.get("kind") == "report":
            return await add_note(scene, last["number"])
        if scene.turn.kind == "voice":
            scene.tell("forms.voice_alone", reply.person())
            return []
        sheet = report_sheet(complains=False)
        return drafts.opened(scene, sheet, begun(scene, sheet).remark("report.from_material"))
