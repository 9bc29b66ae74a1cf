"""应答 Short words outside a form: yes, no, never mind, go on, a number said on its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import EventType

from actions import drafts, held, progress, reply
from actions.about_report import withdraw_report
from actions.appointments import book_offered
from actions.asked import names_nothing
from actions.draft import draft_of, sheet_of
from actions.fields import read
from actions.filling import settled
from actions.guide import tell_circumstance
from actions.journey import Journey
from actions.person import hand_over, misunderstood
from actions.scene import Scene

# Said once more after filing, out of doubt or with a second press.
_MOMENT = timedelta(minutes=3)
_FILES = re.compile(r"交|报上|报了")

# A no to one of these is about nothing else; what is said after it, by the field that was asked.
_DECLINED = ("withdraw", "withdraw_report", "resume")
_SAID_NO = {"withdraw": "withdraw.kept", "withdraw_report": "report.withdraw.kept",
            "item": "guide.none_of_these", "resume": "application.later"}  # fmt: skip


class Affirm(Journey):
    """A yes outside a form: to what was offered last, if anything was."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_affirm"

    async def act(self, scene: Scene) -> list[EventType]:
        """Do what the yes stands for."""
        awaiting = scene.slot("awaiting") or {}
        field = awaiting.get("field")
        if field == "withdraw":
            return await progress.withdraw(scene, awaiting["number"])
        if field == "withdraw_report":
            return await withdraw_report(scene, awaiting)
        if field == "person":
            return await hand_over(scene, "asked")
        if field == "booking":
            return await book_offered(scene, str(awaiting["day"]))
        if field == "resume" and scene.slot("parked"):
            return drafts.taken_up(scene)
        last = scene.slot("last_thing") or {}
        if last and (_FILES.search(scene.turn.spoken) or _just_filed(last, scene.turn.at)):
            scene.tell("manners.yes_filed",
                       reply.chip("progress", "query_progress", case_number=last["number"]),
                       number=last["number"])  # fmt: skip
            return []
        scene.tell("manners.yes", *_openings())
        return []


def _just_filed(last: Mapping[str, Any], now: datetime) -> bool:
    """Tell whether a yes may still be meant for what was filed a moment ago."""
    filed_at = last.get("at")
    if not filed_at:
        return False
    return now - datetime.fromisoformat(filed_at) < _MOMENT


class Deny(Journey):
    """A no outside a form."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_deny"

    async def act(self, scene: Scene) -> list[EventType]:
        """Leave what was offered; "the neighbour does not agree" tells of a case instead."""
        field = (scene.slot("awaiting") or {}).get("field")
        about = scene.turn.values.get("about") or field
        free = about not in _DECLINED and not names_nothing(scene.turn.text)
        if free and (told := await tell_circumstance(scene)):
            return told
        scene.tell(_SAID_NO.get(str(about), "manners.no" if about else "manners.no_more"),
                   reply.person())  # fmt: skip
        return []


class Cancel(Journey):
    """Never mind, outside a form."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_cancel"

    async def act(self, scene: Scene) -> list[EventType]:
        """Drop what was offered; point to what was filed, which is only taken back on purpose."""
        last = scene.slot("last_thing") or {}
        if last.get("kind") == "case":
            scene.tell("manners.cancel_filed",
                       reply.chip("withdraw", "withdraw", case_number=last["number"]),
                       number=last["number"])  # fmt: skip
        else:
            scene.tell("manners.cancel")
        return []


class Resume(Journey):
    """Go on with what was put aside."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_resume"

    async def act(self, scene: Scene) -> list[EventType]:
        """Take up the parked draft that is named, or the last one."""
        if scene.slot("parked"):
            named = drafts.named_index(scene)
            return drafts.taken_up(scene, -1 if named is None else named)
        scene.tell("manners.nothing_open", *_openings())
        return []


class Correct(Journey):
    """A correction when nothing is being filled in."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_nothing_to_correct"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say where a filed thing can still be changed."""
        filed = bool(scene.slot("last_thing"))
        scene.tell("manners.correct_filed" if filed else "manners.nothing_open", reply.person())
        return []


class Why(Journey):
    """Why do you ask that, outside a form."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_why"

    async def act(self, scene: Scene) -> list[EventType]:
        """Say what personal data is used for."""
        scene.tell("forms.why_plain")
        return []


class Inform(Journey):
    """Words that answer nothing that is asked here."""

    understands = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_inform"

    async def act(self, scene: Scene) -> list[EventType]:
        """Take none of what was offered, or a number for the form put aside; else ask again."""
        awaiting: dict[str, Any] = scene.slot("awaiting") or {}
        if scene.turn.word == "no" and awaiting.get("field") == "item":
            scene.tell("guide.none_of_these", reply.person())
            return []
        if scene.turn.word == "number" and (late := _answered_late(scene)):
            return late
        if scene.turn.word == "number":
            scene.tell("manners.bare_number", reply.chip("progress", "query_progress"),
                       reply.person())  # fmt: skip
            return []
        return await misunderstood(scene)


def _answered_late(scene: Scene) -> list[EventType]:
    """Take a number for the form put aside last, if that waits for exactly such a number."""
    last = drafts.parked_last(scene)
    if last is None:
        return []
    sheet, draft = sheet_of(last["sheet"]), draft_of(last["draft"])
    spec = draft.current(sheet) if draft.stage == "filling" else None
    if spec is None or spec["kind"] not in ("id_number", "phone"):
        return []
    value = read(spec, scene.turn.text, scene.turn.today).value
    if value is None:
        return []
    filled = draft.having(remarks=[]).filled(sheet, spec, value)
    filled = held.asked_once(sheet, draft, filled, scene.turn.today)
    back = settled(sheet, filled).remark("forms.back_to", title=sheet.title)
    return drafts.taken_up_with(scene, back)


def _openings() -> list[reply.Chip]:
    """Return where a conversation can start."""
    return [reply.chip("capability", "ask_capability"), reply.person()]
