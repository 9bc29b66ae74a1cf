"""核对身份 The journey of proving who one is, so that one's own cases can be found."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions import drafts, office, reply
from actions.draft import Draft, Sheet
from actions.journey import Journey
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.scene import Scene
from actions.texts import entry, say

FORM = "verify_form"


class StartVerify(Journey):
    """Open the form that asks for ID number and phone."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_verify"

    async def act(self, scene: Scene) -> list[EventType]:
        """Ask for both, and say why."""
        if scene.open_form == FORM:
            return []
        form = entry("verify.form")
        sheet = Sheet(FORM, form["title"], form["fields"], confirms=False)
        return drafts.opened(scene, sheet, Draft().remark("verify.opened"))


class CloseVerify(Journey):
    """Ask the office whether both belong together; then look for the cases."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_close_verify"

    async def act(self, scene: Scene) -> list[EventType]:
        """Verify, or drop."""
        filling = drafts.current(scene)
        if filling is None:
            return [*drafts.cleared(), *drafts.interrupted(scene)]
        turn = scene.turn
        sheet, draft = filling
        if draft.stage != "submit":
            given_up = [*drafts.given_up(scene, sheet, draft), SlotSet("personal_wish", None)]
            return [
                *given_up,
                *([] if drafts.rests(draft) else drafts.interrupted(scene)),
            ]
        body = {"channel": turn.identity["channel"], "identity": turn.identity["id"],
                "id_number": draft.values["id_number"], "phone": draft.values["phone"]}  # fmt: skip
        # The numbers leave the conversation's memory whatever the office answers.
        over = drafts.cleared()
        try:
            answer = await office.post("people", "verify", body=body, key=f"{turn.key}:verify")
        except BackendUnavailableError:
            scene.tell("verify.not_sent", reply.chip("verify", "verify_identity"), reply.person())
            return over
        except BackendRefusedError as refused:
            scene.utter(reply.text(refused.message or say("verify.wrong"), [reply.person()]))
            return over
        if answer.get("verified"):
            scene.tell("verify.right")
            then = "action_personal_data" if scene.slot("personal_wish") else "action_progress"
            return [*over, FollowupAction(then)]
        until = str(answer.get("locked_until") or "")[11:16]
        if until:
            scene.tell("verify.locked", reply.person(), until=until)
        else:
            scene.tell("verify.wrong", reply.chip("verify", "verify_identity"), reply.person())
        return [*over, *drafts.interrupted(scene)]
