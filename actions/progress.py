"""进度 The journey of asking how far a case or a report has come; withdrawing a case."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import office, reply
from actions.journey import Journey
from actions.office import BackendRefusedError
from actions.scene import Scene
from actions.texts import say

_NUMBER = re.compile(r"(BJ|GD)(\d{13})")
_BROKEN_NUMBER = re.compile(r"(BJ|GD)[\s\-]*\d", re.IGNORECASE)
_ABOUT_REPORTS = re.compile(r"反映|投诉|举报|工单|路灯|井盖|垃圾|噪音|修")
# "When will it be mended?" right after filing is about what was filed.
_WHEN = re.compile(
    r"什么时候|啥时候|啥子时候|好久|几时|多久|好没|好了没|来人|处理(没|了|完|得)|搞定"
)
# "When is my case done?" may be about any of them.
_ALL = re.compile(r"件|单|申请|进度|都")
_SHORT = 10
WITHDRAWABLE = ("submitted", "returned", "pre_accepted")
MAX_LISTED = 8


def number_said(scene: Scene) -> str | None:
    """Return the case or report number of this turn, however it was typed."""
    said = str(scene.turn.values.get("case_number") or scene.turn.text)
    plain = re.sub(r"[\s\-_—]", "", unicodedata.normalize("NFKC", said)).upper()
    match = _NUMBER.search(plain)
    return match.group() if match else None


def number_just_filed(scene: Scene) -> str | None:
    """Return the number of what was filed last, if this short question is about it."""
    last = scene.slot("last_thing")
    text = scene.turn.spoken
    asks = len(text) <= _SHORT and _WHEN.search(text) and not _ALL.search(text)
    return last["number"] if last and asks else None


def who(scene: Scene) -> dict[str, dict[str, str]]:
    """Return the body with which the office is asked for what is the identity's own."""
    return {"identity": dict(scene.turn.identity)}


async def own(scene: Scene, kind: str) -> list[dict[str, Any]]:
    """Return the identity's cases or reports, newest first as the office gives them."""
    answer = await office.ask(kind, "own", body=who(scene))
    return list(answer.get(kind) or answer.get("items") or ())


class Progress(Journey):
    """Tell the timeline of a case or a report."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_progress"

    async def act(self, scene: Scene) -> list[EventType]:
        """By number, or from what this identity has filed."""
        number = number_said(scene)
        if number:
            return await tell_number(scene, number)
        if _BROKEN_NUMBER.search(unicodedata.normalize("NFKC", scene.turn.spoken)):
            scene.tell("progress.broken_number", reply.chip("progress", "query_progress"),
                       reply.person())  # fmt: skip
            return []
        if number := number_just_filed(scene):
            return await tell_number(scene, number)
        cases, reports = await own(scene, "cases"), await own(scene, "reports")
        if _ABOUT_REPORTS.search(scene.turn.text) and reports:
            cases = []
        found = [*cases, *reports]
        if len(found) == 1:
            return _told(scene, found[0])
        return list_several(scene, found) if found else _nothing(scene)


async def tell_number(scene: Scene, number: str) -> list[EventType]:
    """Tell one number; absent and foreign are answered by the same words."""
    kind = "cases" if number.startswith("BJ") else "reports"
    try:
        thing = await office.ask(kind, number, "own", body=who(scene))
    except BackendRefusedError as refused:
        if not refused.is_absent:
            raise
        scene.tell("progress.absent", reply.chip("verify", "verify_identity"), reply.person(),
                   number=number)  # fmt: skip
        return []
    return _told(scene, thing)


def _told(scene: Scene, thing: dict[str, Any]) -> list[EventType]:
    number = thing["number"]
    title = thing.get("item_name") or thing.get("category_name") or say("progress.report")
    # A case is due on a day; a report, which may be urgent, at a minute.
    due = str(thing.get("due_at") or "")[:16].replace("T", " ")
    deadline = str(thing.get("deadline") or "")[:10] or due
    words = say("progress.state", title=title, state=thing.get("state_label") or thing["state"])
    missing = [str(line) for line in thing.get("missing") or ()]
    if missing:
        words = f"{words}\n{say('progress.missing', count=len(missing))}"
    elif deadline and thing["state"] not in ("concluded", "withdrawn", "closed"):
        words = f"{words}\n{say('progress.until', day=deadline)}"
    fields = [(say("progress.fact.number"), number),
              (say("progress.fact.department"), thing.get("department")),
              (say("progress.fact.deadline"), deadline)]  # fmt: skip
    scene.utter(reply.card(words, str(title), fields=fields,
                           sections=[(say("progress.missing_title"), missing)],
                           timeline=thing.get("timeline") or (),
                           chips=_next_steps(thing)))  # fmt: skip
    kind = "case" if number.startswith("BJ") else "report"
    return [SlotSet("last_thing", {"kind": kind, "number": number})]


def _next_steps(thing: dict[str, Any]) -> list[reply.Chip]:
    number, chips = thing["number"], []
    if thing["state"] == "returned":
        chips.append(reply.chip("supplement", "supplement", case_number=number))
    if number.startswith("BJ") and thing["state"] in WITHDRAWABLE:
        chips.append(reply.chip("withdraw", "withdraw", case_number=number))
    return [*chips, reply.person()]


def list_several(scene: Scene, found: list[dict[str, Any]]) -> list[EventType]:
    """List cases and reports, of which one may be picked."""
    shown = found[:MAX_LISTED]
    items = [
        (str(thing.get("item_name") or thing.get("category_name") or thing["number"]),
         f"{thing['number']} {thing.get('state_label') or ''}".strip(),
         reply.payload("query_progress", case_number=thing["number"]))
        for thing in shown
    ]  # fmt: skip
    scene.utter(reply.listing(say("progress.several", count=len(found)), items))
    return [_choosing([title for title, _note, _payload in items], shown)]


def _choosing(titles: list[str], things: list[dict[str, Any]], intent: str = "") -> EventType:
    """Return what is awaited while one of several cases or reports is to be picked."""
    numbers = [str(thing["number"]) for thing in things]
    return SlotSet("awaiting", {
        "form": "", "field": "number", "kind": "choice", "intent": intent,
        "choices": titles, "codes": numbers, "hints": [[number] for number in numbers],
    })  # fmt: skip


def _nothing(scene: Scene) -> list[EventType]:
    scene.tell("progress.nothing", reply.chip("verify", "verify_identity"), reply.person())
    return []


class Withdraw(Journey):
    """撤回 Take back a case that is not accepted yet, after asking once more."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_withdraw"

    async def act(self, scene: Scene) -> list[EventType]:
        """Find the case that was meant and ask."""
        number = number_said(scene)
        open_cases = [case for case in await own(scene, "cases")
                      if case["state"] in WITHDRAWABLE]  # fmt: skip
        if number:
            open_cases = [case for case in open_cases if case["number"] == number]
        if not open_cases:
            scene.tell("withdraw.none", reply.chip("progress", "query_progress"), reply.person())
            return []
        if len(open_cases) > 1:
            return ask_which(scene, open_cases)
        return _ask_once_more(scene, open_cases[0])


def ask_which(scene: Scene, cases: list[dict[str, Any]]) -> list[EventType]:
    """Ask which of several cases is to be withdrawn."""
    items = [(case["item_name"], case["number"],
              reply.payload("withdraw", case_number=case["number"]))
             for case in cases[:MAX_LISTED]]  # fmt: skip
    scene.utter(reply.listing(say("withdraw.which"), items))
    return [_choosing([title for title, _note, _payload in items], cases[:MAX_LISTED], "withdraw")]


async def ask_withdrawal(scene: Scene, number: str) -> list[EventType]:
    """Ask once more whether the case `number` is to be withdrawn."""
    return _ask_once_more(scene, await office.ask("cases", number, "own", body=who(scene)))


def _ask_once_more(scene: Scene, case: dict[str, Any]) -> list[EventType]:
    scene.tell("withdraw.sure", reply.chip("withdraw_yes", "affirm"),
               reply.chip("withdraw_no", "deny"), title=case["item_name"],
               number=case["number"])  # fmt: skip
    return [SlotSet("awaiting", {"form": "", "field": "withdraw", "kind": "confirm",
                                 "number": case["number"]})]  # fmt: skip


async def withdraw(scene: Scene, number: str) -> list[EventType]:
    """Withdraw the case `number`: the citizen has said yes."""
    turn = scene.turn
    body = {"identity": dict(turn.identity), "why": say("withdraw.why")}
    await office.post("cases", number, "withdraw", body=body, key=f"{turn.key}:withdraw")
    scene.tell("withdraw.done", number=number)
    return []
