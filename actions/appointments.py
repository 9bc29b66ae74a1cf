"""预约 Books a number at the window, and says what has become of one."""

from __future__ import annotations

from datetime import date

from rasa_sdk.events import EventType, SlotSet

from actions import reply
from actions.answering import tell_item
from actions.application import start
from actions.catalogue import item_of
from actions.hall_hours import day_words
from actions.hall_question import Asked, asked_of
from actions.halls import all_halls
from actions.journey import Journey
from actions.progress import (
    WITHDRAWABLE,
    ask_which,
    ask_withdrawal,
    list_several,
    own,
    tell_number,
)
from actions.scene import Scene
from actions.services import signpost
from actions.texts import say
from standards.holidays import DaysOff
from standards.opening import Opening, opening

BOOKING = "ZH004"
"""办事大厅窗口预约: the item whose form is a booking."""

_NOON = "12:00"


class Appointment(Journey):
    """预约 Booking a number at a hall, moving it, giving it up."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_appointment"

    async def act(self, scene: Scene) -> list[EventType]:
        """Do what is wished; a day on which the hall is closed is refused with the next one."""
        topic = scene.turn.follow
        if topic in ("cancel", "change", "mine"):
            return await _of_old(scene, topic)
        halls = await all_halls()
        asked = asked_of(scene.turn.spoken, "", halls[:1], scene.turn.here)
        day = _day_ahead(asked, scene.turn.today)
        week = halls[0].week if halls else None
        kept = opening(week, day) if day and week is not None else None
        if kept and not kept.periods:
            return _refuse(scene, kept)
        if scene.open_form:
            return await signpost(scene, "services.appointment", BOOKING)
        if topic == "ask":
            return await _tell_about(scene)
        return await _book(scene, day, asked.clock)


def _day_ahead(asked: Asked, today: date) -> date | None:
    """Return the first day to come that is asked for; of a holiday its first one."""
    days = [one.first if isinstance(one, DaysOff) else one for one in asked.days]
    return next((one for one in days if one >= today), None)


def _refuse(scene: Scene, kept: Opening) -> list[EventType]:
    """Say that nobody is there on a day, and which day is the next."""
    today = scene.turn.today
    scene.tell(f"appointments.{'holiday' if kept.holiday else 'closed'}",
               reply.chip("book", "start_application", item_code=BOOKING), reply.person(),
               day=day_words(kept.day, today), holiday=kept.holiday,
               next=day_words(kept.next_open or kept.day, today))  # fmt: skip
    if scene.open_form or kept.next_open is None:
        return []
    return [SlotSet("awaiting", {"form": "", "field": "booking", "kind": "confirm",
                                 "day": kept.next_open.isoformat()})]  # fmt: skip


async def book_offered(scene: Scene, day: str) -> list[EventType]:
    """Open the form of booking for the day that was offered and agreed to.

    Args:
        scene: the turn.
        day: as YYYY-MM-DD.
    """
    return await start(scene, BOOKING, {"visit_date": day})


async def _of_old(scene: Scene, topic: str) -> list[EventType]:
    """Give up a booking, or tell of it."""
    booked = [case for case in await own(scene, "cases")
              if case["item_code"] == BOOKING and case["state"] in WITHDRAWABLE]  # fmt: skip
    if not booked:
        words = "appointments.mine" if topic == "mine" else "appointments.none"
        phone = next((hall.phone for hall in await all_halls()), say("elsewhere.line"))
        scene.tell(words, reply.chip("book", "start_application", item_code=BOOKING),
                   reply.person(), phone=phone)  # fmt: skip
        return []
    number = str(booked[0]["number"])
    if topic == "mine":
        several = len(booked) > 1
        return list_several(scene, booked) if several else await tell_number(scene, number)
    if topic == "change":
        scene.tell("appointments.change")
    return ask_which(scene, booked) if len(booked) > 1 else await ask_withdrawal(scene, number)


async def _tell_about(scene: Scene) -> list[EventType]:
    """Say that one can book, or what the guide of booking says about what was asked."""
    scene.tell("appointments.can", reply.chip("book", "start_application", item_code=BOOKING))
    element = scene.turn.element
    return await tell_item(scene, BOOKING, element) if element else []


async def _book(scene: Scene, day: date | None, clock: str) -> list[EventType]:
    """Open the form of booking with the day, the half of it and the matter that were said."""
    turn = scene.turn
    linked = str(turn.items[0]["code"]) if turn.item_outcome == "confident" else BOOKING
    item = await item_of(linked) if linked != BOOKING else None
    told = {"matter": item["name"] if item else "", "visit_date": day.isoformat() if day else "",
            "period": _half(clock)}  # fmt: skip
    return await start(scene, BOOKING, told)


def _half(clock: str) -> str:
    """Return the half of the day in which an hour or a part of the day lies."""
    if not clock or clock in ("noon", "evening", "night"):
        return ""
    morning = clock == "morning" or (clock[:1].isdigit() and clock < _NOON)
    return say(f"halls.part.{'morning' if morning else 'afternoon'}")
