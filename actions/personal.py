"""个人信息 What a citizen may ask about their own data: see, correct, erase, agree no more.

《个人信息保护法》第十五、四十四至五十条. The office files what is asked with a number and a day;
agreeing no more works at once and needs no proof of who one is.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions import consent, drafts, office, reply
from actions.journey import Journey
from actions.progress import own, who
from actions.reply import Chip
from actions.scene import Scene
from actions.texts import say

KINDS = ("copy", "correct", "erase")
INTENT = "ask_personal_data"


class PersonalData(Journey):
    """Answer a question or a wish about one's own data."""

    def name(self) -> str:
        """Return the action's name in the domain."""
        return "action_personal_data"

    async def act(self, scene: Scene) -> list[EventType]:
        """Do what was asked for; where that is not clear, say what can be."""
        proven = scene.slot("personal_wish")
        if proven and scene.turn.intent != INTENT:
            # Who they are was proven a moment ago, for this.
            return await _file(scene, str(proven))
        about = str(scene.turn.values.get("about") or "")
        kind, _, step = about.partition("_")
        if about == "withdraw":
            return await _withdraw(scene)
        if about == "notice":
            scene.utter({**reply.text(say("privacy.notice"), _menu()), "link_url": consent.NOTICE,
                         "link_title": say("privacy.link")})  # fmt: skip
            return [SlotSet("personal_wish", None)]
        if kind not in KINDS:
            scene.tell("privacy.menu", *_menu())
            return [SlotSet("personal_wish", None)]
        if step == "no":
            scene.tell("privacy.not_erased")
            return [SlotSet("personal_wish", None)]
        if step == "verify":
            return [SlotSet("personal_wish", kind), FollowupAction("action_verify")]
        return await (_file(scene, kind) if step == "yes" else _explain(scene, kind))


async def _withdraw(scene: Scene) -> list[EventType]:
    """撤回同意: it is kept at once, and a form that uses papers rests."""
    turn = scene.turn
    body = {"conversation_id": turn.conversation_id, "identity": dict(turn.identity)}
    key = f"{turn.key}:withdraw"
    answer = await office.post("personal", "consents", "withdraw", body=body, key=key)
    told = "privacy.withdrawn" if answer["withdrawn"] else "privacy.never_agreed"
    scene.tell(told, _chip("data_erase", "erase"), reply.person())
    rested = drafts.rested(scene) if scene.open_form else []
    return [SlotSet("consent", None), SlotSet("personal_wish", None), *rested]


async def _explain(scene: Scene, kind: str) -> list[EventType]:
    """Say what is kept and what would happen, and let them choose how much is meant."""
    standing = await office.ask("personal", "standing", body=who(scene))
    words = say(f"privacy.{kind}", things=await _things(scene) if kind == "copy" else "")
    scene.utter(reply.text(words, _ways(kind, proven=bool(standing.get("verified")))))
    return [SlotSet("personal_wish", None)]


async def _things(scene: Scene) -> str:
    """Return what the office has of somebody, as words."""
    counts = {kind: len(await own(scene, kind)) for kind in ("cases", "reports")}
    told = [say(f"privacy.things.{kind}", count=count) for kind, count in counts.items() if count]
    return "、".join([say("privacy.things.talk"), *told])


async def _file(scene: Scene, kind: str) -> list[EventType]:
    """File what is asked for, and tell its number and its day."""
    turn = scene.turn
    body: dict[str, Any] = {
        "conversation_id": turn.conversation_id,
        "identity": dict(turn.identity),
        "kind": kind,
    }
    request = await office.post("personal", "requests", body=body, key=f"{turn.key}:{kind}")
    name = "privacy.filed_erase" if kind == "erase" else "privacy.filed"
    scene.tell(name, reply.person(), number=request["number"], day=request["due_at"][:10])
    return [SlotSet("personal_wish", None)]


def _ways(kind: str, *, proven: bool) -> list[Chip]:
    """Return how a wish goes on: at once for whoever has proven who they are."""
    last = _chip("erase_no", "erase_no") if kind == "erase" else reply.person()
    if proven:
        return [_chip(f"{kind}_yes", f"{kind}_yes"), last]
    if kind == "correct":
        return [reply.chip("verify", INTENT, about="correct_verify"), last]
    return [_chip(f"{kind}_all", f"{kind}_verify"), _chip(f"{kind}_talk", f"{kind}_yes"), last]


def _menu() -> list[Chip]:
    return [
        _chip("data_copy", "copy"),
        _chip("data_correct", "correct"),
        _chip("data_erase", "erase"),
        _chip("data_withdraw", "withdraw"),
    ]


def _chip(name: str, about: str) -> Chip:
    return reply.chip(name, INTENT, about=about)
