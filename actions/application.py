"""预受理 The journey of applying online: open the item's form, file it after an explicit yes."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import drafts, facts, held, office, reply
from actions.catalogue import Item, can_apply, choose, item_of
from actions.cited import remembered
from actions.draft import Draft, Sheet
from actions.filling import filled_beside, settled
from actions.guide_text import contact
from actions.journey import Journey
from actions.meant import meant
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.scene import Scene, stay_in
from actions.texts import say
from actions.volunteered import volunteered

FORM = "application_form"
# The office's name for a photo that no field asked for.
OTHER_MATERIAL = "other"


class StartApplication(Journey):
    """Open the form of the item meant, or say why there is none."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_start_application"

    async def act(self, scene: Scene) -> list[EventType]:
        """Find the item, then start."""
        found = await meant(scene)
        if found.candidates:
            return [SlotSet("awaiting", await choose(scene, found.candidates, "start_application"))]
        code = found.code or (scene.slot("item") or {}).get("code")
        if code is None:
            scene.tell("application.which", reply.person())
            return []
        return await start(scene, code)


async def start(scene: Scene, code: str, told: Mapping[str, str] | None = None) -> list[EventType]:
    """Start (or take up again) the application for the item `code`.

    Args:
        scene: the scene.
        code: the item.
        told: values that were said with the wish, by the names of fields.
    """
    filling = drafts.current(scene)
    if filling and filling[0].subject == code and scene.open_form:
        return _going_on(_begun(*filling, told or {}))
    index = drafts.parked_index(scene, code)
    if index is not None:
        scene.tell("application.taken_up")
        return drafts.taken_up(scene, index, lambda sheet, draft: _begun(sheet, draft, told or {}))
    item = await item_of(code)
    if item is None:
        scene.tell("guide.nothing", reply.person())
        return []
    remember = remembered(scene, item)
    if not can_apply(item):
        return [remember, *_cannot(scene, item)]
    if filling and scene.open_form and not scene.turn.leaves_form:
        scene.tell("application.parked", title=filling[0].title)
    sheet = Sheet(FORM, item["name"], item["application"]["fields"], subject=code,
                  limits=held.limits_of(item))  # fmt: skip
    missed = held.opening(item, scene.turn.spoken, scene.turn.today)
    draft = Draft(facts=_told_age(scene, sheet), remarks=missed)
    count = len(sheet.asked({}).fields)
    words = "opened" if count == len(sheet.fields) else "opened_at_least"
    draft = draft.remark(f"application.{words}", item=item["name"], count=count)
    known = _begun(sheet, draft, told or {})
    beside = volunteered(sheet.asked(known.values), known, scene.turn.spoken, scene.turn.today)
    opened = held.asked_once(sheet, known, filled_beside(sheet, known, beside), scene.turn.today)
    return [remember, *drafts.opened(scene, sheet, opened)]


def _begun(sheet: Sheet, draft: Draft, told: Mapping[str, str]) -> Draft:
    """Return the draft with what was said with the wish, which is said back."""
    for spec in sheet.fields:
        value = told.get(str(spec["name"]))
        if value and (spec["kind"] != "choice" or value in spec["choices"]):
            draft = draft.filled(sheet, spec, value)
            draft = draft.remark("forms.also", label=spec["label"], value=draft.shown(spec))
    return draft


def _told_age(scene: Scene, sheet: Sheet) -> dict[str, Any]:
    """Return the age that was told with the wish, or before it where the item asks for one."""
    now = facts.heard(scene.turn.spoken, scene.turn.today)
    known = facts.merged(scene.slot("facts"), now) if sheet.limits else now
    return held.told_before(known)


def _going_on(draft: Draft) -> list[EventType]:
    """Go on with the open form; asking for it again answers whether to drop it."""
    kept = draft.having(stage=draft.before) if draft.stage == "cancel" else draft
    return [SlotSet("draft", kept.to_slot())]


def _cannot(scene: Scene, item: Item) -> list[EventType]:
    """Say plainly that this cannot be applied for here, and how it is done instead."""
    code = item["code"]
    scene.tell(
        "application.guide_only" if item["mode"] == "guide" else "application.no_form",
        reply.chip("materials", "ask_guide", item_code=code, element="materials"),
        reply.chip("place", "ask_guide", item_code=code, element="place"),
        reply.person(),
        item=item["name"],
        **contact(item),
    )
    return []


class CloseApplication(Journey):
    """File the confirmed application, or drop the cancelled one."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_close_application"

    async def act(self, scene: Scene) -> list[EventType]:
        """File or drop; a failure keeps everything."""
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
        try:
            case = await office.post("cases", body=_body(scene, sheet, draft),
                                     key=f"{draft.submit_key}:case")  # fmt: skip
        except BackendUnavailableError:
            return kept(scene, sheet, draft, say("application.not_sent"))
        except BackendRefusedError as refused:
            if refused.key == "case.fields_invalid" and (anew := await _renewed(sheet, draft)):
                return anew
            return kept(scene, sheet, draft, refused.message or say("common.refused"))
        _receipt(scene, case)
        last = SlotSet("last_thing", {"kind": "case", "number": case["number"]})
        return [*drafts.cleared(), last, *afterwards(scene)]


async def _renewed(sheet: Sheet, draft: Draft) -> list[EventType]:
    """Go on with the form as it is now, where it changed after it was opened."""
    item = await item_of(sheet.subject)
    if item is None or not can_apply(item) or item["application"]["fields"] == [*sheet.fields]:
        return []
    anew = dataclasses.replace(sheet, fields=item["application"]["fields"])
    names = {spec["name"] for spec in anew.fields}
    values = {name: value for name, value in draft.values.items() if name in names}
    media = {name: ids for name, ids in draft.media.items() if name in names}
    back = draft.having(values=values, media=media, stage="filling", submit_key="", remarks=[])
    back = settled(anew, back.fitting(anew).remark("application.form_changed"))
    return drafts.reopened(anew, back)


def kept(scene: Scene, sheet: Sheet, draft: Draft, words: str) -> list[EventType]:
    """Say that filing failed and keep the draft at its confirmation, open for another try."""
    scene.utter(reply.text(words, [reply.chip("try_again", "affirm"), reply.chip("edit", "correct"),
                                   reply.person()]))  # fmt: skip
    waiting = {"form": sheet.form, "field": "confirm", "kind": "confirm"}
    return [
        SlotSet("draft", draft.having(stage="confirm", remarks=[]).to_slot()),
        SlotSet("answer", None),
        *stay_in(sheet.form, waiting),
    ]


def afterwards(scene: Scene) -> list[EventType]:
    """Return to what was parked: offer it, or go on with it where it was only interrupted."""
    parked = drafts.parked_last(scene)
    if parked is None or parked.get("quiet"):
        return []
    scene.tell("application.still_open", reply.chip("go_on", "resume"),
               title=parked["sheet"]["title"])  # fmt: skip
    return [drafts.may_go_on()]


def _body(scene: Scene, sheet: Sheet, draft: Draft) -> dict[str, Any]:
    turn = scene.turn
    media = [{"name": name, "media_id": media_id}
             for name, ids in draft.media.items() for media_id in ids]  # fmt: skip
    media += [{"name": OTHER_MATERIAL, "media_id": media_id}
              for media_id in draft.extra]  # fmt: skip
    return {
        "item_code": sheet.subject,
        "conversation_id": turn.conversation_id,
        "identity": dict(turn.identity),
        "fields": dict(draft.values),
        "media": media,
    }


def _receipt(scene: Scene, case: dict[str, Any]) -> None:
    number = case["number"]
    deadline = str(case.get("deadline") or "")[:10]
    words = say("application.filed", number=number)
    if deadline:
        words = f"{words}\n{say('application.until', day=deadline)}"
    fields = [
        (say("application.fact.number"), number),
        (say("application.fact.item"), case.get("item_name")),
        (say("application.fact.department"), case.get("department")),
        (say("application.fact.state"), case.get("state_label")),
        (say("application.fact.deadline"), deadline),
    ]
    receipt = case.get("receipt") or {}
    page = (receipt["url"], say("application.look")) if receipt.get("url") else None
    scene.utter(reply.card(words, say("application.receipt"), fields=fields, link=page,
                           sections=[(say("application.next_title"), [say("application.next")])],
                           chips=[reply.chip("progress", "query_progress", case_number=number),
                                  reply.person()]))  # fmt: skip
    if receipt.get("qr_url"):
        scene.utter(reply.image(say("application.qr"), receipt["qr_url"],
                                say("application.qr_alt", number=number)))  # fmt: skip
