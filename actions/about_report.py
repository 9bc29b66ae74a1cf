"""诉求的事 Answers what is asked of a report, and takes what is said of it after it was filed."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import drafts, office, reply
from actions.beside import loose_values
from actions.journey import Journey
from actions.office import BackendRefusedError
from actions.progress import tell_number
from actions.report import FORM, add_note, handled_by
from actions.scene import Scene
from actions.telling import declined
from actions.texts import say

# Of a report that was filed these are answered by how it stands.
_STANDS = ("due", "who", "number", "urge")
_NOTED = ("add", "phone", "unhappy")
# Said of a report by whoever wants more than the bot can do.
_TO_A_PERSON = ("unhappy", "urge")


class AboutReport(Journey):
    """Answer a question about a report, or take what is said of it."""

    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_about_report"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer by what is known: of the report that is made, or of the one filed last."""
        topic = scene.turn.follow
        if scene.open_form == FORM:
            return _while_told(scene, topic)
        number = str((scene.slot("last_thing") or {})["number"])
        if topic == "withdraw":
            return _ask_withdrawal(scene, number)
        if topic in _NOTED:
            return await _noted(scene, number, topic)
        if topic in _STANDS:
            events = await tell_number(scene, number)
            if topic in _TO_A_PERSON:
                scene.tell(f"report.asked.{topic}", reply.person())
            return events
        scene.tell(f"report.asked.{topic}", reply.person())
        return []


def _while_told(scene: Scene, topic: str) -> list[EventType]:
    """Answer while the form is open; a wish to stay unknown is kept."""
    filling = drafts.current(scene)
    if filling is None:
        return []
    sheet, draft = filling
    if topic == "anonymous":
        scene.tell("report.anonymous")
        return [SlotSet("draft", declined(sheet, draft, ("phone",)).to_slot())]
    if topic == "who" and (known := handled_by(str(draft.facts.get("category")))):
        scene.tell("report.asked.who_known", **known)
    elif topic:
        scene.tell(f"report.asked.{topic}")
    else:
        scene.tell("report.asked.unknown", reply.person())
    return []


async def _noted(scene: Scene, number: str, topic: str) -> list[EventType]:
    """Add what is said to the report, with the phone it gives."""
    turn = scene.turn
    phone = loose_values(turn.text).get("phone")
    if topic == "phone" and not phone:
        scene.tell("report.asked.phone")
        return []
    if not phone:
        events = await add_note(scene, number)
    else:
        body = {"identity": dict(turn.identity), "text": turn.text, "contact_phone": phone}
        await office.post("reports", number, "note", body=body, key=f"{turn.key}:note")
        scene.tell("report.added", reply.chip("progress", "query_progress", case_number=number),
                   number=number)  # fmt: skip
        events = []
    if topic in _TO_A_PERSON:
        scene.tell(f"report.asked.{topic}", reply.person())
    return events


def _ask_withdrawal(scene: Scene, number: str) -> list[EventType]:
    """Ask once more whether the report is to be taken back."""
    scene.tell("report.withdraw.sure", reply.chip("withdraw_yes", "affirm"),
               reply.chip("withdraw_no", "deny"), number=number)  # fmt: skip
    return [SlotSet("awaiting", {"form": "", "field": "withdraw_report", "kind": "confirm",
                                 "number": number})]  # fmt: skip


async def withdraw_report(scene: Scene, awaiting: dict[str, Any]) -> list[EventType]:
    """Take the report back that was asked about: the citizen has said yes."""
    turn, number = scene.turn, str(awaiting["number"])
    body = {"identity": dict(turn.identity), "why": say("withdraw.why")}
    try:
        await office.post("reports", number, "withdraw", body=body, key=f"{turn.key}:withdraw")
    except BackendRefusedError as refused:
        if refused.is_absent:
            raise
        scene.tell("report.withdraw.too_late", reply.person(), number=number)
        return []
    scene.tell("report.withdraw.done", number=number)
    # What is said next is about no report that was taken back.
    return [SlotSet("last_thing", None)]
