"""危险 Somebody is in danger: the number first, then a person; what follows in the same light.

Never a form, never a question before the number. A danger that public safety needs a ticket for is
filed at once, and completed by whatever comes later.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

import yaml
from rasa_sdk.events import EventType, SlotSet

from actions import drafts, guide_text, office, reply
from actions.catalogue import can_apply, item_of
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
    ticket = await _ticket(scene, way, scene.turn.text) if kind == "hazard" else None
    lines = [_led(kind, _again(kind, told)) if repeated else _say(f"{kind}.first.{way}")]
    if ticket:
        lines.append(ticket.pop("words"))
    if scene.turn.beside in BESIDE.get(kind, ()):
        lines.append(_say(f"{kind}.follow.{scene.turn.beside}"))
    person = await _person(scene, kind, way, again=repeated and before.get("called", True))
    called = person != say("person.not_reached")
    lines.append(person)
    chips = [] if repeated else _help_chip(kind)
    scene.utter(reply.text("\n".join(lines), chips))
    number = (ticket or {}).get("number") or (before.get("number") if repeated else None)
    unsent = scene.turn.text if kind == "hazard" and not number else None
    danger = {"kind": kind, "way": way, "told": told, "at": scene.turn.at.isoformat(),
              "number": number, "called": called, "unsent": unsent}  # fmt: skip
    events: list[EventType] = [SlotSet("danger", danger)]
    if called:
        events.append(SlotSet("person_called", scene.turn.at.isoformat()))
    if ticket and ticket.get("number"):
        events.append(SlotSet("last_thing", {"kind": "report", "number": ticket["number"]}))
    events += await _asked_beside(scene, kind)
    return [*events, *(drafts.rested(scene) if scene.open_form else [])]


async def _follow(scene: Scene, danger: dict[str, Any]) -> list[EventType]:
    """Answer what was said after a danger."""
    kind, topic = danger["kind"], scene.turn.follow
    kept = {**danger, "at": scene.turn.at.isoformat(), "told": int(danger.get("told") or 0) + 1}
    late = [] if topic == "false_alarm" else await _catch_up(scene, kept)
    number = kept.get("number")
    events: list[EventType] = [SlotSet("danger", kept)]
    if late:
        events.append(SlotSet("person_called", kept["at"]))
    answered = topic in ("closing", "person")
    if topic == "closing":
        words = say("safety.closing")
    elif number and not late and (about := await _about_ticket(scene, number, topic)):
        words, answered = about, True
        events[0] = SlotSet("danger", None if topic == "false_alarm" else kept)
    elif topic == "person":
        words = await _person(scene, kind, danger["way"], again=danger.get("called", True))
    elif topic in entry(f"safety.{kind}.follow"):
        words = _say(f"{kind}.follow.{topic}")
    elif topic == "short":
        words = _say(f"{kind}.short")
    else:
        words = _led(kind, _again(kind, kept["told"]))
    scene.utter(reply.text("\n".join([words.strip(), *late])))
    if guided := GUIDED.get((kind, topic)):
        return [*events, *await _guide(scene, *guided)]
    beside = [] if answered else await _asked_beside(scene, kind)
    return [*events, *beside]


async def _catch_up(scene: Scene, danger: dict[str, Any]) -> list[str]:
    """Do what the office could not be reached for when the danger was told; say what was done."""
    kind, way, done = danger["kind"], danger["way"], []
    if unsent := danger.get("unsent"):
        ticket = await _ticket(scene, way, unsent)
        if number := ticket.get("number"):
            danger |= {"number": number, "unsent": None}
            done.append(ticket["words"])
    if not danger.get("called", True):
        words = await _person(scene, kind, way, again=False)
        danger["called"] = words != say("person.not_reached")
        done += [words] if danger["called"] else []
    return done


async def _ticket(scene: Scene, way: str, told: str) -> dict[str, Any]:
    """File a danger at once; return its number, if there is one, and what to say of it."""
    turn = scene.turn
    body = {
        "conversation_id": turn.conversation_id, "identity": dict(turn.identity), "kind": way,
        "text": say("safety.ticket.prefix", kind=say(f"safety.kinds.{way}"), text=told),
        "category": _category(scene, way), "place": turn.place_named,
        "media_ids": list(turn.media_ids), "location": turn.location,
    }  # fmt: skip
    present = {key: value for key, value in body.items() if value}
    try:
        report = await office.post("/reports/urgent", present, key=f"{turn.key}:urgent")
    except (BackendUnavailableError, BackendRefusedError):
        return {"words": say("safety.ticket.not_sent")}
    number = str(report["number"])
    unit = _unit(report)
    words = say("safety.ticket.filed" if report.get("created") else "safety.ticket.known",
                number=number, unit=unit)  # fmt: skip
    asked = "" if turn.place_named or turn.location else say("safety.ticket.where")
    return {"number": number, "words": "\n".join(filter(None, (words, asked)))}


async def _about_ticket(scene: Scene, number: str, topic: str) -> str | None:
    """Complete, tell or take back the ticket of a danger; None where nothing was about it."""
    turn = scene.turn
    if topic == "false_alarm":
        body = {"identity": dict(turn.identity), "why": mask_text(turn.text)}
        try:
            await office.post(f"/reports/{number}/withdraw", body, key=f"{turn.key}:withdraw")
        except BackendRefusedError:
            return say("safety.ticket.not_withdrawn", number=number)
        return say("safety.ticket.withdrawn", number=number)
    if topic == "filed":
        report = await office.get(f"/reports/{number}", who(scene))
        unit = _unit(report)
        return say("safety.ticket.state", number=number, unit=unit, state=report["state_label"])
    if topic == "short":
        return say("safety.ticket.sent", number=number)
    phone = turn.values.get("phone")
    if topic in ("place", "material") or phone or turn.place_named:
        body = {"identity": dict(turn.identity), "text": turn.text, "place": turn.place_named,
                "location": turn.location, "media_ids": list(turn.media_ids),
                "contact_phone": phone}  # fmt: skip
        present = {key: value for key, value in body.items() if value}
        await office.post(f"/reports/{number}/note", present, key=f"{turn.key}:note")
        placed = turn.place_named or turn.location
        return say(f"safety.ticket.{'place' if placed else 'material'}", number=number)
    if topic == "people_inside":
        body = {"identity": dict(turn.identity), "text": turn.text}
        await office.post(f"/reports/{number}/note", body, key=f"{turn.key}:note")
    return None


async def _person(scene: Scene, kind: str, way: str, *, again: bool) -> str:
    """Call a person, before all who wait; say honestly when one comes."""
    turn = scene.turn
    name = say(f"safety.kinds.{way if kind == 'hazard' else kind}")
    body = {
        "conversation_id": turn.conversation_id, "reason": "safety",
        "danger": way if kind == "hazard" else kind,
        "summary": say("safety.summary", kind=name, text=mask_text(turn.text)[:200]),
    }  # fmt: skip
    try:
        handoff = await office.post("/handoffs", body, key=f"{turn.key}:handoff")
    except (BackendUnavailableError, BackendRefusedError):
        return say("person.not_reached")
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
    return [SlotSet("item", {"code": item["code"], "name": item["name"]})]


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
