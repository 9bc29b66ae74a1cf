"""政策匹配 The journey of asking what somebody may be entitled to: a list, and one question."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions import answering, eligibility, facts, guide_text, reply
from actions.catalogue import Item, items_of
from actions.eligibility import Match
from actions.facts import UNKNOWN, Facts
from actions.journey import Journey
from actions.scene import Scene
from actions.texts import entry, say

# Whoever may be as young as this is told back as "under" the most.
GROWN = 30


class Eligibility(Journey):
    """Name the items that may concern somebody in this situation, and ask what decides most."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_eligibility"

    async def act(self, scene: Scene) -> list[EventType]:
        """Take what was told or pressed, then answer."""
        return await answered(scene, _pressed(scene))


async def answered(scene: Scene, told: Mapping[str, Any]) -> list[EventType]:
    """List the items after `told` and everything told before; never promise one."""
    heard = {} if told else facts.heard(scene.turn.spoken, scene.turn.today, asked=True)
    if heard.get("age", list(facts.OLD)) == list(facts.OLD):
        heard = {**heard, **facts.turned_to(scene.slot("facts"), scene.turn.spoken)}
    if not heard and not told and scene.turn.item_outcome == "confident":
        # A short name of an item is that item, not somebody's situation.
        return await answering.tell_item(scene, scene.turn.items[0]["code"], scene.turn.element)
    known = facts.merged(scene.slot("facts"), {**heard, **told})
    events: list[EventType] = [SlotSet("facts", known)]
    found = _named_first(eligibility.matches(known), scene)
    if not found:
        return [*events, *_nothing_yet(scene, known)]
    first = found[: eligibility.SHOWN]
    items = {item["code"]: item for item in await items_of(match.code for match in first)}
    shown = [(match, items[match.code]) for match in first if match.code in items]
    question = eligibility.deciding(match for match, _item in shown)
    scene.utter(_listing(known, shown, question))
    return [*events, _awaited(shown, question)]


def _pressed(scene: Scene) -> Facts:
    fact = scene.turn.values.get("fact")
    return {str(fact): value_of(scene.turn.values["value"])} if fact else {}


def value_of(value: object) -> Any:
    """Read a fact's value from a button ("60-79", true, "unknown")."""
    if isinstance(value, str) and value != UNKNOWN:
        least, _dash, most = value.partition("-")
        return [int(least), int(most)]
    return value


def _named_first(found: list[Match], scene: Scene) -> list[Match]:
    """Put the item that was named before the others that may concern somebody."""
    named = scene.turn.items[0]["code"] if scene.turn.item_outcome == "confident" else None
    return sorted(found, key=lambda match: match.code != named)


def _nothing_yet(scene: Scene, known: Facts) -> list[EventType]:
    """Ask what would decide, or whom it is for; say honestly where nothing fits."""
    told = _told(known)
    if question := eligibility.deciding(eligibility.near(known)):
        ask = say(f"eligibility.facts.{question}.ask")
        chips = [chip for chip, _value in _answers(question)]
        scene.tell("eligibility.not_yet", *chips, known=told, ask=ask)
        return [_awaited([], question)]
    if told and not eligibility.alone(known):
        scene.tell("eligibility.none", reply.person(), known=told)
        return []
    choices = entry("eligibility.whose_chips")
    chips = [_chip(choice["title"], choice["fact"], choice["value"]) for choice in choices]
    scene.tell("eligibility.whose", *chips)
    return []


def _listing(known: Facts, shown: list[tuple[Match, Item]], question: str | None) -> reply.Reply:
    joint = say("eligibility.joint")
    departments = joint.join(dict.fromkeys(str(item["department"]) for _match, item in shown))
    words = [say("eligibility.fits", known=_told(known)),
             say("eligibility.checked_by", departments=departments)]  # fmt: skip
    if question:
        ask = say(f"eligibility.facts.{question}.ask")
        words.append(say("eligibility.one_more", ask=ask))
    items = [
        (str(item["name"]), _note(item),
         reply.payload("ask_guide", item_code=item["code"], element="conditions"))
        for _match, item in shown
    ]  # fmt: skip
    chips = [chip for chip, _value in _answers(question)] if question else [reply.person()]
    return reply.listing("\n".join(words), items, chips=chips)


def _note(item: Item) -> str:
    conditions = item["elements"].get("conditions") or [guide_text.title("conditions")]
    return say("eligibility.note", department=item["department"], condition=conditions[0])


def _answers(fact: str) -> list[tuple[reply.Chip, Any]]:
    """Return the buttons that answer the question for `fact`, and what each means."""
    if fact == "age":
        answers = [(age["title"], age["value"]) for age in entry("eligibility.ages")]
    else:
        answers = [(say(f"eligibility.facts.{fact}.said_yes"), True),
                   (say(f"eligibility.facts.{fact}.said_no"), False)]  # fmt: skip
    answers.append((say("eligibility.not_sure"), UNKNOWN))
    return [(_chip(title, fact, value), value) for title, value in answers]


def _chip(title: str, fact: str, value: object) -> reply.Chip:
    return {"title": title, "payload": reply.payload("ask_eligibility", fact=fact, value=value)}


def _awaited(shown: list[tuple[Match, Item]], question: str | None) -> EventType:
    """Return what is awaited: an answer to the question, or a pick from the list."""
    if question is None:
        return SlotSet("awaiting", {
            "form": "", "field": "item", "kind": "choice", "intent": "ask_guide",
            "topic": "benefits",
            "more": {"element": "conditions"},
            "choices": [str(item["name"]) for _match, item in shown],
            "codes": [str(item["code"]) for _match, item in shown],
        })  # fmt: skip
    answers = _answers(question)
    return SlotSet("awaiting", {
        "form": "", "field": "fact", "kind": "choice", "fact": question,
        "topic": "benefits",
        "choices": [chip["title"] for chip, _value in answers],
        "codes": [value for _chip, value in answers],
    })  # fmt: skip


def _told(known: Facts) -> str:
    """Return what is known in plain words, as it is told back."""
    told = []
    for fact, value in known.items():
        if fact == "age" and value != UNKNOWN:
            told.append(_told_age(*value))
        elif isinstance(value, bool):
            told.append(say(f"eligibility.facts.{fact}.{'said_yes' if value else 'said_no'}"))
    return say("eligibility.joint").join(told)


def _told_age(least: int, most: int) -> str:
    if least == most:
        return say("eligibility.told.age", age=least)
    if most >= facts.OLD[1]:
        return say("eligibility.told.age_from", least=least)
    if least < GROWN:
        return say("eligibility.told.age_below", most=most + 1)
    return say("eligibility.told.age_between", least=least, most=most)
