"""危险 Somebody is in danger: the number first, then a person; what follows in the same light.

Never a form, never a question before the number. A danger that public safety needs a ticket for is
filed at once, and completed by whatever comes later.
"""

from __future__ import annotations

import asyncio
import functools
import re
from collections.abc import Mapping
from typing import Any

import yaml
from rasa_sdk.events import EventType, SlotSet

from actions import drafts, guide_text, office, reply
from actions.catalogue import can_apply, item_of
from actions.cited import remembered
from actions.journey import Journey
from actions.masks import mask_text
from actions.office import BackendRefusedError, BackendUnavailableError
from actions.person import when
from actions.progress import who
from actions.scene import Scene
from actions.texts import data_dir, entry, say

# Items of the catalogue that help in a danger; asked for in the same breath, they are answered.
HELPS = {"violence": ("SF001",), "hunger": ("MZ003", "MZ023", "MZ001"),
         "self_harm": ("YB012", "MZ003", "MZ001")}  # fmt: skip
# What the guide says about a topic stands below the answer: item and element.
GUIDED = {("violence", "lawyer"): ("SF001", "conditions"),
          ("hunger", "how_fast"): ("MZ003", "time"),
          ("hunger", "apply"): ("MZ003", "materials"),
          ("hunger", "no_papers"): ("MZ023", "conditions")}  # fmt: skip
# Said with the danger itself, these are answered with it.
BESIDE = {"self_harm": ("money", "hurt_now"), "violence": ("divorce", "shelter", "injured"),
          "lost": ("waiting_period",), "fraud": ("recover", "stop_payment"),
          "hunger": ("no_papers",),
          "medical": ("cpr", "choking", "bleeding", "burn", "poison", "seizure"),
          "hazard": ("escape", "gas_inside", "lift")}  # fmt: skip
CHIPS = {"violence": ("legal_aid", "SF001"), "hunger": ("relief", "MZ003")}


class Safety(Journey):
    """Answer a danger, and whatever follows it until the person turns to something else."""

    asks_again = False
    strays = False

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_safety"

    async def act(self, scene: Scene) -> list[EventType]:
        """Answer a danger that was heard, or what was said after it."""
        if scene.turn.danger:
            return await _alarm(scene, scene.turn.danger["kind"], scene.turn.danger["way"])
        return await _follow(scene, dict(scene.slot("danger") or {}))


async def _alarm(scene: Scene, kind: str, way: str) -> list[EventType]:
    """Say the number, call a person, file what needs a ticket, and put every form aside."""
    before = scene.slot("danger") or {}
    repeated = (before.get("kind"), before.get("way")) == (kind, way)
    told = int(before.get("told") or 0) + 1 if repeated else 0
    danger = {"kind": kind, "way": way, "told": told, "at": scene.turn.at.isoformat(),
              **_carried(before, repeated=repeated)}  # fmt: skip
    lines = [_led(kind, _again(kind, told)) if repeated else _say(f"{kind}.first.{way}")]
    calls = [_ticket(scene, danger, scene.turn.text)] if kind == "hazard" else []
    calls.append(_person(scene, danger, again=repeated and before.get("called", True)))
    # Both at once: nobody in danger waits twice for an office that is slow.
    *filed, person = await asyncio.gather(*calls)
    lines += filed
    if scene.turn.beside in BESIDE.get(kind, ()):
        lines.append(_say(f"{kind}.follow.{scene.turn.beside}"))
    lines.append(person)
    if danger["called"]:
        lines += await _catch_up(scene, danger)
    chips = [] if repeated else _help_chip(kind)
    scene.utter(reply.text("\n".join(lines), chips))
    events = [*_kept(scene, danger), *await _asked_beside(scene, kind)]
    return [*events, *(drafts.rested(scene) if scene.open_form else [])]


def _carried(before: Mapping[str, Any], *, repeated: bool) -> dict[str, Any]:
    """Return what a danger takes over from the one that was told before it."""
    if repeated:
        return {name: before.get(name) for name in ("number", "notes", "earlier")}
    # Who is called for the new one comes for both.
    return {"earlier": {**before, "called": True} if _waits(before) else None}


def _waits(danger: Mapping[str, Any]) -> bool:
    """Tell whether something of a danger has not reached the office."""
    missed = not danger.get("called", True)
    return missed or any(danger.get(name) for name in ("unsent", "notes", "earlier"))


def _kept(scene: Scene, danger: dict[str, Any]) -> list[EventType]:
    """Keep a danger in the conversation's state, with the person who was called for it."""
    events: list[EventType] = [SlotSet("danger", danger)]
    if danger.get("called"):
        events.append(SlotSet("person_called", scene.turn.at.isoformat()))
    if danger.get("number"):
        events.append(SlotSet("last_thing", {"kind": "report", "number": danger["number"]}))
    return events


async def _follow(scene: Scene, danger: dict[str, Any]) -> list[EventType]:
    """Answer what was said after a danger."""
    kind, topic = danger["kind"], scene.turn.follow
    danger |= {"at": scene.turn.at.isoformat(), "told": int(danger.get("told") or 0) + 1}
    over = topic == "false_alarm"
    late = [] if over else await _catch_up(scene, danger)
    words = await _answer(scene, danger, topic)
    scene.utter(reply.text("\n".join([words.strip(), *late])))
    events = _kept(scene, danger) if late else [SlotSet("danger", danger)]
    if over and danger.get("number"):
        return [SlotSet("danger", None)]
    if guided := GUIDED.get((kind, topic)):
        return [*events, *await _guide(scene, *guided)]
    if topic in ("closing", "person", "short"):
        return events
    return [*events, *await _asked_beside(scene, kind)]


async def _answer(scene: Scene, danger: dict[str, Any], topic: str) -> str:
    """Return the words for what was said after a danger."""
    kind, number = danger["kind"], danger.get("number")
    if topic == "closing":
        return say("safety.closing")
    if number and (words := await _about_ticket(scene, danger, topic)):
        return words
    if topic == "person":
        return await _person(scene, danger, again=danger.get("called", True))
    if topic in entry(f"safety.{kind}.follow"):
        return _say(f"{kind}.follow.{topic}")
    return _say(f"{kind}.short") if topic == "short" else _led(kind, _again(kind, danger["told"]))


async def _catch_up(scene: Scene, danger: dict[str, Any]) -> list[str]:
    """Do what the office could not be reached for before; say what was done.

    Args:
        scene: the turn.
        danger: what the conversation keeps of it; what is done now is taken off.
    """
    done = []
    if not danger.get("called", True):
        words = await _person(scene, danger, again=False)
        if not danger["called"]:
            return []
        done.append(words)
    if earlier := danger.get("earlier"):
        done += await _catch_up(scene, earlier)
        danger["earlier"] = earlier if _waits(earlier) else None
    if danger.get("unsent"):
        words = await _ticket(scene, danger, danger["unsent"])
        done += [words] if danger.get("number") else []
    waiting, danger["notes"] = danger.get("notes") or [], []
    for note in waiting:
        await _note(scene, danger, note["body"], note["key"])
    if waiting and not danger["notes"]:
        done.append(say("safety.ticket.material", number=danger["number"]))
    return done


async def _ticket(scene: Scene, danger: dict[str, Any], told: str) -> str:
    """File a danger at once and keep its number; return what to say of it.

    Args:
        scene: the turn.
        danger: gets `number`, or `unsent` where the office was not reached.
        told: the words that told of it.
    """
    turn, way = scene.turn, danger["way"]
    body = {
        "conversation_id": turn.conversation_id, "identity": dict(turn.identity), "kind": way,
        "text": say("safety.ticket.prefix", kind=say(f"safety.kinds.{way}"), text=told),
        "category": _category(scene, way), "place": turn.place_named,
        "media_ids": list(turn.media_ids), "location": turn.location,
    }  # fmt: skip
    present = {key: value for key, value in body.items() if value}
    try:
        report = await office.post("reports", "urgent", body=present, key=f"{turn.key}:urgent")
    except (BackendUnavailableError, BackendRefusedError):
        danger["unsent"] = None if danger.get("number") else told
        return say("safety.ticket.not_sent")
    danger |= {"number": str(report["number"]), "unsent": None}
    words = say("safety.ticket.filed" if report.get("created") else "safety.ticket.known",
                number=danger["number"], unit=_unit(report))  # fmt: skip
    asked = "" if turn.place_named or turn.location else say("safety.ticket.where")
    return "\n".join(filter(None, (words, asked)))


async def _about_ticket(scene: Scene, danger: dict[str, Any], topic: str) -> str | None:
    """Complete, tell or take back the ticket of a danger; None where nothing was about it."""
    turn, number = scene.turn, danger["number"]
    if topic == "false_alarm":
        why = {"identity": dict(turn.identity), "why": mask_text(turn.text)}
        try:
            await office.post("reports", number, "withdraw", body=why, key=f"{turn.key}:withdraw")
        except BackendRefusedError:
            return say("safety.ticket.not_withdrawn", number=number)
        return say("safety.ticket.withdrawn", number=number)
    if topic == "filed":
        report = await office.ask("reports", number, "own", body=who(scene))
        unit = _unit(report)
        return say("safety.ticket.state", number=number, unit=unit, state=report["state_label"])
    if topic == "short":
        return say("safety.ticket.sent", number=number)
    phone = turn.values.get("phone")
    told = topic in ("place", "material") or phone or turn.place_named
    if told or topic == "people_inside":
        body = {"identity": dict(turn.identity), "text": turn.text, "place": turn.place_named,
                "location": turn.location, "media_ids": list(turn.media_ids),
                "contact_phone": phone}  # fmt: skip
        present = {key: value for key, value in body.items() if value}
        noted = await _note(scene, danger, present, f"{turn.key}:note")
        placed = turn.place_named or turn.location
        words = "kept" if not noted else "place" if placed else "material"
        return say(f"safety.ticket.{words}", number=number) if told else None
    return None


async def _note(scene: Scene, danger: dict[str, Any], body: dict[str, Any], key: str) -> bool:
    """Add what was said to a ticket; keep it for the next turn where the office is not reached."""
    try:
        await office.post("reports", danger["number"], "note", body=body, key=key)
    except BackendUnavailableError:
        danger["notes"] = [*(danger.get("notes") or ()), {"body": body, "key": key}]
        return False
    return True


async def _person(scene: Scene, danger: dict[str, Any], *, again: bool) -> str:
    """Call a person, before all who wait; say honestly when one comes.

    Args:
        scene: the turn.
        danger: gets `called`: whether the office was reached.
        again: somebody has been called for it before.
    """
    turn, kind = scene.turn, danger["kind"]
    shown = danger["way"] if kind == "hazard" else kind
    body = {
        "conversation_id": turn.conversation_id, "reason": "safety", "danger": shown,
        "summary": say("safety.summary", kind=say(f"safety.kinds.{shown}"),
                       text=mask_text(turn.text)[:200]),
    }  # fmt: skip
    danger["called"] = False
    try:
        handoff = await office.post("handoffs", body=body, key=f"{turn.key}:handoff")
    except (BackendUnavailableError, BackendRefusedError):
        return say("person.not_reached")
    danger["called"] = True
    if turn.owner == "staff":
        return say("safety.person.staff")
    people = handoff.get("people") or {}
    if not people.get("open", True):
        return say("safety.person.away", when=when(people.get("next_open_at"), turn.at))
    if again:
        return say("safety.person.still")
    return say("safety.person.there" if people.get("present") else "safety.person.called")


async def _asked_beside(scene: Scene, kind: str) -> list[EventType]:
    """Answer from the guide what was asked for in the same breath, where it helps."""
    turn = scene.turn
    first = str(turn.items[0]["code"]) if turn.items else ""
    if turn.item_outcome == "confident" and first in HELPS.get(kind, ()):
        return await _guide(scene, first, turn.element)
    return []


async def _guide(scene: Scene, code: str, element: str | None) -> list[EventType]:
    """Tell what the guide says of an item that helps."""
    item = await item_of(code)
    if item is None:
        return []
    lead = element if element and item["elements"].get(element) else "procedure"
    sections = [guide_text.section(item, name) for name in {lead: 1, "procedure": 1}]
    chips = [reply.chip("apply", "start_application", item_code=code)] if can_apply(item) else []
    words, source = guide_text.first_line(item, lead), guide_text.source(item, element or lead)
    scene.utter(reply.card(words, item["name"], sections=sections, source=source, chips=chips))
    return [remembered(scene, item)]


def _unit(report: Mapping[str, Any]) -> str:
    """Return who was sent, in the citizen's words."""
    sent_on = report["owner"] == report.get("department")
    return str(report["owner"]) if sent_on else say("safety.centre")


def _category(scene: Scene, way: str) -> str:
    """Return the report category of a danger: the one heard, if it is one of this danger's."""
    categories = _tickets()[way]
    heard = (str(found["code"]) for found in scene.turn.category)
    return next((code for code in heard if code in categories), categories[0])


def _help_chip(kind: str) -> list[reply.Chip]:
    """Return the one next step beside a person: what the office has for them."""
    if kind not in CHIPS:
        return []
    name, code = CHIPS[kind]
    payload = reply.payload("ask_guide", item_code=code)
    return [{"title": say(f"safety.chips.{name}"), "payload": payload}]


def _say(name: str) -> str:
    """Return a text about danger with the district's own numbers in it."""
    return say(f"safety.{name}", **_numbers())


def _again(kind: str, told: int) -> str:
    """Return another text than the last one."""
    texts = entry(f"safety.{kind}.again")
    return str(texts[told % len(texts)]).strip().format(**_numbers())


def _led(kind: str, words: str) -> str:
    """Return words that name a number in their first line."""
    named = re.search(r"\d{3}", words.splitlines()[0])
    return words if named else f"{_say(f'{kind}.now')}\n{words}"


@functools.lru_cache(maxsize=1)
def _numbers() -> dict[str, str]:
    return dict(yaml.safe_load((data_dir() / "hotlines.yml").read_text(encoding="utf-8")))


@functools.lru_cache(maxsize=1)
def _tickets() -> dict[str, list[str]]:
    return dict(yaml.safe_load((data_dir() / "safety" / "tickets.yml").read_text(encoding="utf-8")))
