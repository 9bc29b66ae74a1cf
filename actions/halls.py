"""大厅 Answers what is asked about halls: the fact first, or that nobody has written it down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import office, reply
from actions.hall_hours import all_hours, tell_hours
from actions.hall_question import ABOUT_TIME, Asked, asked_of, going_on
from actions.office import BackendUnavailableError
from actions.scene import Scene
from actions.texts import say
from standards.coordinates import Point
from standards.halls import Hall, Window, hall_of, named, nearest, window_named

# Topics that are asked of departments, too.
OF_WINDOWS = ("", "window", "where", "phone")
# Further from every hall than this, a point lies in no part of the district.
FAR_AWAY = 20_000
_KILOMETRE = 1000
# What the guide calls the hall of somebody's own street.
_CENTRE = "便民服务中心"


async def all_halls() -> list[Hall]:
    """Return the halls as the office has them, the main one first.

    Raises:
        BackendUnavailableError: nothing is known.
    """
    answer = await office.get("offices")
    halls = [hall_of(entry) for entry in answer.get("offices") or ()]
    return sorted(halls, key=lambda hall: hall.kind != "hall")


async def tell_hall(scene: Scene) -> list[EventType] | None:
    """Answer a question about halls; None where the office has none."""
    halls = await all_halls()
    if not halls:
        return None
    turn = scene.turn
    if turn.district:
        scene.tell("halls.elsewhere", place=turn.district)
        return [SlotSet("elsewhere", None), _waiting(scene)]
    asked = _asked(scene, halls)
    asked = replace(asked, topic=str(turn.values.get("about") or asked.topic))
    if asked.topic == "which":
        return _tell_all(scene, asked, halls)
    if asked.topic == "nearest":
        return _tell_nearest(scene, asked, halls)
    return _tell_one(scene, asked, halls)


async def tell_day(scene: Scene, address: str) -> None:
    """Say whether windows are open on the days that a question about an item's place names.

    Args:
        scene: the turn.
        address: the place in the item's guide; of one that is no hall nothing is said here.
    """
    asked = asked_of(scene.turn.spoken, "hours", (), scene.turn.here)
    halls = await all_halls() if asked.days else []
    there = _serving(address, halls)
    if there is None or not there.week:
        return
    hall = replace(there, name="")
    lines = tell_hours(hall, asked, [hall], scene.turn.here)
    scene.utter(reply.text("\n".join(line.strip() for line in lines)))


def _serving(address: str, halls: Sequence[Hall]) -> Hall | None:
    """Return the hall an address is in: the named one, or one of those everybody has nearby."""
    if hall := named(address, halls):
        return hall
    centres = [hall for hall in halls if hall.kind == "centre"]
    return centres[0] if centres and _CENTRE in address else None


def _asked(scene: Scene, halls: Sequence[Hall]) -> Asked:
    """Read the question; what it does not say it takes from what was spoken of."""
    turn, before = scene.turn, scene.slot("hall") or {}
    asked = asked_of(turn.spoken, turn.follow, halls, scene.turn.here)
    if follows(scene):
        return going_on(asked, before, halls)
    known = next((one for one in halls if one.code == before.get("code")), None)
    return replace(asked, hall=asked.hall or known)


def follows(scene: Scene) -> bool:
    """Tell whether the last answer was about a hall."""
    return (scene.slot("awaiting") or {}).get("kind") == "hall"


def _tell_all(scene: Scene, asked: Asked, halls: Sequence[Hall]) -> list[EventType]:
    """Say which halls are open on a day, or list them."""
    if asked.about_time:
        lines = all_hours(halls, asked, scene.turn.here)
        scene.utter(reply.text("\n".join(lines), [_nearest_chip()]))
    else:
        sections = [(hall.name, [hall.address, hall.hours, hall.phone]) for hall in halls]
        scene.utter(reply.card(say("halls.all", count=len(halls)), say("halls.all_title"),
                               sections=sections, chips=[_nearest_chip()]))  # fmt: skip
    return _kept(scene, asked)


def _tell_nearest(scene: Scene, asked: Asked, halls: Sequence[Hall]) -> list[EventType]:
    """Say which hall is nearest to the place that is named, or ask where somebody is."""
    if asked.hall is None or not asked.place:
        scene.tell("halls.where_are_you", _others_chip())
        return _kept(scene, asked)
    first = say("halls.serves", hall=asked.hall.name, address=asked.hall.address,
                place=asked.place)  # fmt: skip
    return _answer(scene, [first, *_when_open(scene, asked, halls)], asked)


async def far_from_here(point: Mapping[str, Any]) -> bool:
    """Tell whether a place is so far from every hall that it is in no part of the district.

    Args:
        point: `lat`, `lon` in degrees and `system`, as a message brings them.

    Returns:
        False too where the office is not reached or has no halls: nobody is turned away then.
    """
    try:
        halls = await all_halls()
    except BackendUnavailableError:
        return False
    placed = nearest(_point_of(point), halls)
    return bool(placed) and placed[0][1] > FAR_AWAY


async def tell_nearest_to(scene: Scene, point: dict[str, Any]) -> list[EventType]:
    """Say which hall is nearest to a position that was sent."""
    halls = await all_halls()
    if not halls:
        scene.tell("services.no_office", reply.person())
        return []
    hall, far = nearest(_point_of(point), halls)[0]
    asked = replace(going_on(Asked(), scene.slot("hall") or {}, halls), hall=hall)
    if far > FAR_AWAY:
        first = say("halls.far", hall=hall.name, address=hall.address)
    else:
        first = say("halls.nearest", hall=hall.name, address=hall.address, distance=_distance(far))
    return _answer(scene, [first, *_when_open(scene, asked, halls)], asked)


def _point_of(sent: Mapping[str, Any]) -> Point:
    return Point(sent["lat"], sent["lon"], sent.get("system") or "gcj02")


def _distance(metres: float) -> str:
    if metres < _KILOMETRE:
        return say("halls.metres", count=max(50, round(metres / 50) * 50))
    return say("halls.kilometres", count=f"{metres / _KILOMETRE:.1f}")


def _tell_one(scene: Scene, asked: Asked, halls: Sequence[Hall]) -> list[EventType]:
    """Answer about one hall: the one that is named, the one spoken of, else the main one."""
    main = halls[0]
    hall = asked.hall or main
    if (window := _window(scene, asked, main)) is not None:
        lines = [
            say("halls.window", hall=main.name, department=window.department, at=window.at),
            say("halls.window_phone", department=window.department, phone=window.phone),
        ]
        lines = lines[::-1] if asked.topic == "phone" else lines
        asked = replace(asked, hall=main, window=window.department)
        return _answer(scene, [*lines, *_when_open(scene, asked, halls)], asked)
    asked = replace(asked, hall=hall)
    if asked.topic in ABOUT_TIME or (asked.about_time and asked.topic in ("", "where")):
        return _answer(scene, tell_hours(hall, asked, halls, scene.turn.here), asked)
    return _answer(scene, [*_fact(hall, asked.topic), *_when_open(scene, asked, halls)], asked)


def _window(scene: Scene, asked: Asked, main: Hall) -> Window | None:
    """Return the department that is asked for by name, or was spoken of just before."""
    if asked.topic not in OF_WINDOWS:
        return None
    text = scene.turn.spoken.replace(asked.place, "") if asked.place else scene.turn.spoken
    before = (scene.slot("hall") or {}).get("window") if follows(scene) else None
    goes_on = bool(before and asked.topic and not asked.place)
    return window_named(text, main) or (window_named(str(before), main) if goes_on else None)


def _fact(hall: Hall, topic: str) -> list[str]:
    """Return the fact that was asked for, or that it is not written, and whom to call."""
    told = {"hall": hall.name, "address": hall.address, "phone": hall.phone, "hours": hall.hours}
    if topic in hall.facts:
        return [hall.facts[topic]]
    if topic == "window" and hall.windows:
        where = [say("halls.window_line", department=one.department, at=one.at)
                 for one in hall.windows]  # fmt: skip
        return [say("halls.windows", **told), *where]
    if topic in ("", "where", "phone"):
        return [say(f"halls.{topic or 'overview'}", **told)]
    if topic == "queue":
        return [say("halls.queue", **told)]
    lines = [say("halls.not_written", thing=say(f"halls.thing.{topic}"), **told)]
    return [*lines, say("halls.where", **told)] if topic == "route" else lines


def _when_open(scene: Scene, asked: Asked, halls: Sequence[Hall]) -> list[str]:
    """Return when the hall is open on the days that are asked about beside something else."""
    if asked.hall is None or not asked.days:
        return []
    return tell_hours(asked.hall, asked, halls, scene.turn.here)


def _answer(scene: Scene, lines: Sequence[str], asked: Asked) -> list[EventType]:
    """Say the lines, with a card of the hall where it was not shown just before."""
    hall, words = asked.hall, "\n".join(lines)
    before = (scene.slot("hall") or {}).get("code") if follows(scene) else None
    if hall is None or before == hall.code:
        scene.utter(reply.text(words, [_others_chip()]))
    else:
        fields = [(say("halls.card.address"), hall.address),
                  (say("halls.card.hours"), hall.hours),
                  (say("halls.card.phone"), hall.phone)]  # fmt: skip
        scene.utter(reply.card(words, hall.name, fields=fields,
                               chips=[_others_chip(), _nearest_chip()]))  # fmt: skip
    return _kept(scene, asked)


def _kept(scene: Scene, asked: Asked) -> list[EventType]:
    """Return what lets the next message go on about the hall and the day."""
    return [SlotSet("hall", asked.to_slot()), SlotSet("elsewhere", None), _waiting(scene)]


def _waiting(scene: Scene) -> EventType:
    """Return that the next message may go on about halls, unless a form waits for an answer."""
    waiting = {"form": "", "field": "hall", "kind": "hall"}
    return SlotSet("awaiting", scene.slot("awaiting") if scene.open_form else waiting)


def _others_chip() -> reply.Chip:
    return reply.chip("other_halls", "ask_office", about="which")


def _nearest_chip() -> reply.Chip:
    return reply.chip("nearest_hall", "ask_office", about="nearest")
