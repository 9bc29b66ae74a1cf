"""表单 The two actions every form shares: take an answer, and ask for the next one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import asking, consent
from actions.draft import Draft, Sheet, draft_of, sheet_of
from actions.filling import advance, settled
from actions.halls import far_from_here
from actions.journey import SHOWN, waits_by
from actions.telling import said_of_oneself
from actions.turn import Turn, read_turn

FORM_INTENTS = frozenset(
    {"inform", "affirm", "deny", "cancel", "correct", "send_media", "send_location", "ask_why",
     "resume", "nlu_fallback"}
)  # fmt: skip
DONE = ("submit", "dropped", "refused", "resting")


class TakeAnswer(FormValidationAction, ABC):
    """Take an answer into the draft; the slot `answer` stays open until the form is over."""

    @abstractmethod
    def name(self) -> str:
        """Return the action's name in the domain."""

    async def validate_answer(
        self, value: object, dispatcher: CollectingDispatcher, tracker: Tracker, domain: object
    ) -> dict[str, Any]:
        """Advance the draft by this turn."""
        slot = tracker.get_slot("sheet")
        if value is None or not slot:
            return {"answer": None}
        sheet, turn, known = sheet_of(slot), read_turn(tracker), tracker.get_slot("consent")
        draft = await _advanced(sheet, draft_of(tracker.get_slot("draft")), turn)
        draft, agreed = await consent.settle(draft, turn, known)
        draft = settled(sheet, draft)
        over = draft.stage in DONE
        if turn.also:
            # What else was told in this answer waits until the form is over.
            for wish in turn.also:
                draft = draft.remark(waits_by(wish), said=wish["text"], first=turn.text[:SHOWN])
        return {
            "later": [*(tracker.get_slot("later") or ()), *turn.also] or None,
            "draft": draft.to_slot(),
            "answer": draft.stage if over else None,
            "awaiting": None if over else tracker.get_slot("awaiting"),
            "consent": agreed,
            "misunderstood": 0,
        }


async def _advanced(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Advance the draft by this turn; a place that is in no part of the district is not taken."""
    if sheet.of_kind("place"):
        if turn.location and await far_from_here(turn.location):
            return draft.having(remarks=[]).remark("report.outside_pin")
        if turn.district:
            return draft.having(remarks=[]).remark("report.outside", district=turn.district)
    advanced = advance(sheet, draft, turn)
    tells = sheet.of_kind("description") and turn.intent == "inform"
    return said_of_oneself(sheet, advanced, turn.spoken) if tells else advanced


class ValidateApplicationForm(TakeAnswer):
    """预受理 Take an answer of a pre-application."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "validate_application_form"


class ValidateReportForm(TakeAnswer):
    """诉求 Take an answer of a report."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "validate_report_form"


class ValidateSupplementForm(TakeAnswer):
    """补正 Take what is added to a returned case."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "validate_supplement_form"


class ValidateVerifyForm(TakeAnswer):
    """核对身份 Take what proves who the citizen is."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "validate_verify_form"


class AskAnswer(Action):
    """Ask for what the open form needs next, in one message."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_ask_answer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[EventType]:
        """Say the remarks and the question; remember what is awaited."""
        sheet, draft = sheet_of(tracker.get_slot("sheet")), draft_of(tracker.get_slot("draft"))
        turn, known = read_turn(tracker), tracker.get_slot("consent")
        draft, agreed = await consent.settle(draft, turn, known)
        draft = settled(sheet, draft)
        if turn.intent not in FORM_INTENTS and not draft.remarks:
            draft = answered_first(sheet, draft, turn)
        returning = turn.intent not in FORM_INTENTS
        for message in asking.messages(sheet, draft, returning=returning):
            dispatcher.utter_message(json_message=message)
        return [
            SlotSet("consent", agreed),
            SlotSet("awaiting", _with_offer(asking.awaited(sheet, draft), tracker)),
            SlotSet("draft", draft.having(remarks=[]).to_slot()),
        ]


def answered_first(sheet: Sheet, draft: Draft, turn: Turn) -> Draft:
    """Take the answer that stands before a question in one message ("赵桂英，对了要多久")."""
    said, spec = str(turn.values.get("answered") or ""), draft.current(sheet)
    if not said or spec is None:
        return draft
    answer = replace(turn, text=said, intent="inform", guessed="", values={}, also=())
    after = advance(sheet, draft, answer)
    if after.remarks or not after.has(spec):
        return after
    return after.remark("forms.also", label=spec["label"], value=after.shown(spec))


def _with_offer(awaited: dict[str, Any] | None, tracker: Tracker) -> dict[str, Any] | None:
    """Return what the form awaits, beside what is parked and what a question has offered."""
    offer = tracker.get_slot("awaiting") or {}
    parked = [{"code": form["sheet"]["subject"], "title": form["sheet"]["title"]}
              for form in tracker.get_slot("parked") or ()]  # fmt: skip
    if awaited and parked:
        awaited = {**awaited, "parked": parked}
    if awaited is None or offer.get("form") != "" or "codes" not in offer:
        return awaited
    return {**awaited, "offered": offer}
