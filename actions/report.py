"""诉求 The journey of reporting: what, where, a picture if there is one; then a ticket."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import drafts, office, reply
from actions.answering import nothing_found
from actions.application import kept
from actions.asked import asks_who_handles
from actions.draft import Draft, Sheet
from actions.filling import advance, settled
from actions.guide import tell_circumstance
from actions.journey import Journey
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.progress import number_just_filed, tell_number
from actions.scene import Scene
from actions.shapes import is_same_place
from actions.telling import category_of, goes_on_telling, only_wish, said_of_oneself
from actions.texts import categories, entry, say
from actions.turn import Turn

FORM = "report_form"
# Below this no category fits what is told.
FITS = 0.4
# From here on it is said of which category a trouble is.
SURE = 0.6
# 办事推诿与服务态度: what a complaint about the service itself is, whatever it is about.
SERVICE_CATEGORY = "C901"


class StartReport(Journey):
    """Open a report with whatever this message already tells."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_start_report"

    async def act(self, scene: Scene) -> list[EventType]:
        """Take words, photos and a place in any order."""
        filling = drafts.current(scene)
        if scene.open_form == FORM and filling and filling[1].stage != "cancel":
            # A second trouble is kept beside (turn.also) until this one is filed.
            return []
        asked = "" if scene.turn.kind == "button" else scene.turn.spoken
        if scene.open_form is None and asks_who_handles(asked):
            return tell_who_handles(scene)
        if _tells_of_item(scene) and (told := await tell_circumstance(scene)):
            return told
        last = scene.slot("last_thing") or {}
        if (number := number_just_filed(scene)) and not scene.turn.urgent:
            return await tell_number(scene, number)
        if last.get("kind") == "report" and goes_on_telling(scene.turn):
            return await add_note(scene, last["number"])
        if scene.turn.district:
            scene.tell("report.outside", reply.person(), district=scene.turn.district)
            return []
        sheet = report_sheet(scene.turn.intent == "complain")
        return drafts.opened(scene, sheet, begun(scene, sheet))


def tell_who_handles(scene: Scene) -> list[EventType]:
    """Say who sees to a trouble, where that was asked and nothing was reported yet."""
    turn = scene.turn
    found = turn.category[0] if turn.category else {}
    known = handled_by(str(found.get("code")))
    if known is None or float(found.get("score", 1.0)) < FITS:
        return nothing_found(scene)
    chip = {"title": say("chips.report_it"),
            "payload": reply.payload("report_problem", said=turn.text)}  # fmt: skip
    scene.tell("report.who", chip, **known)
    return []


def handled_by(code: str) -> dict[str, str] | None:
    """Return the name of a category and the department that handles it; None where none is."""
    category = categories().get(code)
    if category is None:
        return None
    return {"trouble": category["name"], "department": category["department"]}


def _tells_of_item(scene: Scene) -> bool:
    """Tell whether a case may be told rather than a trouble, because no category fits well."""
    turn = scene.turn
    score = float(turn.category[0].get("score", 1.0)) if turn.category else 0.0
    return not turn.urgent and score < FITS and bool(turn.spoken)


def report_sheet(complains: bool) -> Sheet:
    """Return the form of a report; a complaint about service asks in its own words."""
    form = entry("report.complaint_form" if complains else "report.form")
    return Sheet(FORM, form["title"], form["fields"],
                 subject=SERVICE_CATEGORY if complains else "")  # fmt: skip


def begun(scene: Scene, sheet: Sheet) -> Draft:
    """Return the draft that this first message makes."""
    turn = scene.turn
    draft = Draft(facts={"urgent": turn.urgent})
    if turn.intent in ("send_media", "send_location"):
        if turn.text:
            draft = draft.filled(sheet, sheet.fields[0], turn.text)
        return advance(sheet, draft, turn)
    if turn.spoken and not only_wish(turn.spoken):
        draft = draft.filled(sheet, sheet.fields[0], turn.text)
        draft = draft.knowing(category=sheet.subject or category_of(turn))
        if place := turn.place_named or _same_place(scene):
            draft = draft.having(values={**draft.values, "place": place})
        draft = said_of_oneself(sheet, _heard(draft, sheet, turn), turn.text)
    if turn.urgent:
        # Whoever stands beside a danger is not asked for pictures and phone numbers.
        draft = draft.having(skipped=["photo", "phone"])
    return settled(sheet, draft)


def _heard(draft: Draft, sheet: Sheet, turn: Turn) -> Draft:
    """Return the draft saying that it was taken down, and as what where that is sure."""
    found = turn.category[0] if turn.category and not sheet.subject else {}
    known = categories().get(str(found.get("code")))
    if known is None or float(found.get("score", 1.0)) < SURE:
        return draft.remark("report.heard")
    return draft.remark("report.heard_as", trouble=known["name"])


def _same_place(scene: Scene) -> str | None:
    """Return the place of the report before, where this one says that it is the same."""
    last = scene.slot("last_thing") or {}
    return last.get("place") if is_same_place(scene.turn.text) else None


class CloseReport(Journey):
    """File the confirmed report, or drop it."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_close_report"

    async def act(self, scene: Scene) -> list[EventType]:
        """File or drop; then go back to the form that was interrupted, if one was."""
        filling = drafts.current(scene)
        if filling is None:
            return drafts.cleared()
        sheet, draft = filling
        events = drafts.cleared()
        if draft.stage == "submit":
            try:
                report = await office.post("reports", body=_body(scene, draft),
                                           key=f"{draft.submit_key}:report")  # fmt: skip
            except BackendUnavailableError:
                return kept(scene, sheet, draft, say("report.not_sent"))
            except BackendRefusedError as refused:
                return kept(scene, sheet, draft, refused.message or say("common.refused"))
            _ticket(scene, report)
            filed = {"kind": "report", "number": report["number"],
                     "at": scene.turn.at.isoformat(),
                     "place": draft.values.get("place")}  # fmt: skip
            events.append(SlotSet("last_thing", filed))
        else:
            scene.tell("forms.dropped")
        return [*events, *drafts.interrupted(scene)]


def _body(scene: Scene, draft: Draft) -> dict[str, Any]:
    turn = scene.turn
    known = {
        "category": draft.facts.get("category"),
        "location": draft.facts.get("location"),
        "place": draft.values.get("place"),
        "contact_phone": draft.values.get("phone"),
    }
    return {
        "conversation_id": turn.conversation_id,
        "identity": dict(turn.identity),
        "text": draft.values["description"],
        "media_ids": [*(media for ids in draft.media.values() for media in ids), *draft.extra],
        **{key: value for key, value in known.items() if value},
    }


def _ticket(scene: Scene, report: dict[str, Any]) -> None:
    number = report["number"]
    due = str(report.get("due_at") or "")[:16].replace("T", " ")
    grid = report.get("grid") or {}
    words = say("report.filed", number=number, department=report.get("department") or "")
    if due:
        words = f"{words}\n{say('report.until', due=due)}"
    fields = [
        (say("report.fact.number"), number),
        (say("report.fact.category"), report.get("category_name")),
        (say("report.fact.department"), report.get("department")),
        (say("report.fact.grid"), grid.get("name")),
        (say("report.fact.due"), due),
    ]
    scene.utter(reply.card(words, say("report.ticket"), fields=fields,
                           sections=[(say("report.next_title"), [say("report.next")])],
                           chips=[reply.chip("progress", "query_progress", case_number=number),
                                  reply.person()]))  # fmt: skip


async def add_note(scene: Scene, number: str) -> list[EventType]:
    """Add this turn's words, photos or place to the report `number`."""
    turn = scene.turn
    point = turn.location or {}
    words = turn.text
    if point:
        words = say("report.place_note", label=point.get("label") or "",
                    lat=point.get("lat"), lon=point.get("lon"))  # fmt: skip
    body = {
        "identity": dict(turn.identity),
        "text": words or say("report.photo_note"),
        "media_ids": list(turn.media_ids),
    }
    await office.post("reports", number, "note", body=body, key=f"{turn.key}:note")
    scene.tell("report.added", reply.chip("progress", "query_progress", case_number=number),
               reply.chip("another_report", "report_problem"), number=number)  # fmt: skip
    return []
