"""守望 Stands before the gate: danger first, then what follows a danger or the wait for a person.

Independent of the form that is open, of what is asked and of who owns the conversation. Only a
button, and a text that is exactly a title that was offered, are what they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace
from typing import Any

from components.embedding import Vectors, shared_embedder
from components.follow_ups import FollowUps
from components.form_listener import FormState
from components.places import PlaceFinder
from components.sign_model import plain
from reading.danger import Danger, SafetyReader, ToForm
from reading.form import FormReader
from reading.looks import TwoLooks

from dialogue.answers import fits
from dialogue.digressions import REPORT_INTENTS
from dialogue.expected import as_supplement, hands_in, may_supplement
from dialogue.gate import read
from dialogue.halls import SITUATIONS, HallNames, about_hall, outweighs_talk, situation_of
from dialogue.in_form import APPLICATION, FormEar, plain_of
from dialogue.in_report import FORM as REPORT_FORM
from dialogue.in_report import about_report
from dialogue.ports import Parse, ParseData
from dialogue.readings import direct, intent
from dialogue.small_talk import SmallTalk
from dialogue.state import DialogueState
from dialogue.wishes import with_fragments
from dialogue.words import Words, squeeze

SURE = 0.1
"""Over the bar by this much, a topic of the danger is meant even where an item is named too."""

NEAR = -0.15
"""Under the bar by no more than this, a topic is meant by what follows a danger anyway."""

CERTAIN = 2.5
"""Log odds from which another danger is heard in what might as well go on about the first."""

CERTAIN_THERE = 1.5
"""The same where a place is told with it."""

MATERIAL = ("photo", "voice", "location", "file")
NUMBERS = ("phone", "id_number")
# Longer ones are told, not answered, while a person is waited for.
WAITING_TEXT = 24
RESUMING_TEXT = 40
# What turns to something else by itself, and what only does with an item of the catalogue.
ELSEWHERE = frozenset(
    {"resume", "withdraw", "supplement", "verify_identity", "start_application", "pick",
     "elder_mode", "query_progress", "book_appointment", "ask_office", "rate_service",
     "propose_topic", "ask_notice", "ask_capability", "ask_personal_data"}
)  # fmt: skip
WITH_ITEM = frozenset({"ask_guide", "ask_eligibility", "ask_proxy"})
MET = {"thank": "closing", "goodbye": "closing", "ask_human": "person", "affirm": "short",
       "inform": "short", "greet": "short", "resume": "better"}  # fmt: skip
WAITS = {"how_long": "ask_wait", "hours": "ask_wait", "queued": "ask_wait", "leave": "leave_person"}
# Ways of a danger that change what to do, though its kind was heard before.
NEWS = {("violence", "child"), ("fraud", "paid")}
# Said to a form that a danger has spared the person: 对, 跳过, 不留, 就这些.
ANSWERS = ("yes", "no", "skip", "finish")
_CERTAIN = 0.5
_SHORT_TEXT = 4

Topic = tuple[str, float]


class Watch:
    """Reads a message before the gate does, and lets the gate read what is none of its business."""

    def __init__(
        self,
        safety: SafetyReader,
        talk: TwoLooks,
        follow_ups: FollowUps,
        words: Words,
        places: PlaceFinder,
        halls: HallNames,
        thread: Executor,
        form: FormState,
    ) -> None:
        """Take what was learnt and what is written down, and where vectors are computed."""
        self._thread = thread
        self._embed = shared_embedder()
        self._form = FormEar(FormReader(form, self._embed), thread)
        self._talk = SmallTalk(talk, self._vectors)
        self._safety = safety
        self._follow_ups = follow_ups
        self._words = words
        self._places = places
        self._halls = halls

    async def __call__(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> ParseData:
        """Read an InboundMessage.

        Args:
            message: the InboundMessage of docs/design.md.
            state: what the conversation is about.
            parse: the trained pipeline.

        Returns:
            Rasa parse data; a danger is the intent `danger` with `danger` `{kind, way}`, what
            follows one the same intent with `follow`.
        """
        text = str(message.get("text") or "")
        danger = _settled(await self.hears(message, state, parse), state.danger)
        topic = None
        if text and (situation := danger.kind if danger and not state.danger else _kind(state)):
            topic = await self._topic(situation, text, await parse(text))
        named = self._places.named(text) if danger else None
        if danger and not _goes_on(danger, topic, state.danger, placed=bool(named)):
            found = {"kind": danger.kind, "way": danger.way}
            return {**await parse(text), **intent("danger"), "danger": found,
                    "beside": topic[0] if topic and topic[1] >= 0 else None,
                    "place_named": named}  # fmt: skip
        if state.with_clerk and self.leaves(message):
            return direct("leave_person", text)
        parsed = await self._read_on(message, state, parse)
        if message.get("kind") == "button":
            return parsed
        if state.danger and state.active_loop is None:
            again = danger is not None and danger.kind == _kind(state)
            return await self._in_its_light(message, parsed, topic, parse, again=again)
        waited = await self._while_waiting(text, parsed, state, parse)
        parsed, heard = await self._of_report(text, waited, state, parse), parsed
        if far := self._far(text, parsed, state):
            return {**parsed, "district": far}
        if parsed is not heard or (state.active_loop and self._belongs_to_form(parsed)):
            return parsed
        asked = await self._of_hall(text, parsed, state, parse)
        about: str | None = None
        if not outweighs_talk(parsed, asked):
            about = await self._talk.topic(
                text, parsed, in_form=bool(state.active_loop), awaited=bool(state.awaiting),
                spoken_of=state.spoken_of,
            )  # fmt: skip
        if about:
            return {**parsed, **intent("talk"), "follow": about}
        awaiting = None if state.active_loop else state.awaiting
        of_hall = about_hall(text, parsed, asked, awaiting, self._halls) if asked else None
        return of_hall or await self._of_returned(text, parsed, state)

    async def _read_on(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> ParseData:
        """Read a message, with the fragments before it where nothing else is waited for."""
        parsed = await self._read(message, state, parse)
        if message.get("kind") != "text" or state.active_loop or state.awaiting:
            return parsed
        return await with_fragments(parsed, state.before, parse)

    async def _read(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> ParseData:
        """Let the gate read a message, without what is said in anger before a question."""
        if handed_in := hands_in(message, state, self._words):
            return handed_in
        said = message
        if message.get("kind") == "text" and not state.active_loop:
            asked = await self._talk.without_asides(str(message.get("text") or ""))
            said = {**message, "text": asked}
        return await read(said, state.active_loop, state.awaiting, parse,
                          words=self._words, places=self._places, ear=self._form)  # fmt: skip

    async def hears(
        self, message: Mapping[str, Any], state: DialogueState, parse: Parse
    ) -> Danger | None:
        """Return the danger that a message tells of, alone or with the fragments before it."""
        text = str(message.get("text") or "")
        if message.get("kind") == "button" or _offered(text, state.awaiting or {}):
            return None
        danger = await self._hears_in(text, state, parse)
        if danger or not state.before or state.active_loop:
            return danger
        # 不想 | 活了: no half of it says so by itself.
        return await self._hears_in(state.before + text, state, parse)

    async def _hears_in(self, text: str, state: DialogueState, parse: Parse) -> Danger | None:
        """Return the danger that a text tells of, or None."""
        suspicion = self._safety.suspects(text)
        if suspicion is None:
            return None
        pieces = [reading.piece for reading in suspicion.readings]
        if pieces == [plain(text)]:
            # The pipeline computes the vector of the text's normal form anyway.
            pieces = [str((await parse(text)).get("normalised") or pieces[0])]
        return self._safety.judges(
            suspicion, await self._vectors(pieces), _said_to(text, state, self._words)
        )

    def leaves(self, message: Mapping[str, Any]) -> bool:
        """Tell whether a message to a clerk says in plain words that the talk is over for now."""
        is_text = message.get("kind") in ("text", "voice")
        return is_text and self._words.says("leaves_staff", str(message.get("text") or ""))

    def _only_answers(self, text: str) -> bool:
        """Tell whether a text answers yes, no or nothing to what a form would have asked."""
        return any(self._words.says(group, text) for group in ANSWERS)

    def _belongs_to_form(self, parsed: ParseData) -> bool:
        """Tell whether the form that is open judges a message itself."""
        return parsed["intent"]["name"] in ("inform", "nlu_fallback", "affirm", "deny", "cancel")

    async def _in_its_light(
        self,
        message: Mapping[str, Any],
        parsed: ParseData,
        topic: Topic | None,
        parse: Parse,
        *,
        again: bool,
    ) -> ParseData:
        """Read what follows a danger until the person turns to something else.

        Args:
            message: the InboundMessage.
            parsed: how the gate read it.
            topic: which topic of the danger it takes up.
            parse: the trained pipeline.
            again: the same danger is heard in it, so that it is about nothing else.
        """
        if message.get("kind") in MATERIAL:
            return {**parsed, **intent("danger"), "follow": "material"}
        text = str(message.get("text") or "")
        heard = await parse(text)
        if self._words.says("resume", text, limit=RESUMING_TEXT):
            return {**heard, **intent("resume")}
        if len(squeeze(text)) <= _SHORT_TEXT and self._only_answers(text):
            return _followed(heard, parsed, "short")
        other = parsed["intent"]["name"] in ELSEWHERE | WITH_ITEM
        if topic and topic[1] >= (SURE if other else 0):
            return _followed(heard, parsed, topic[0])
        if not again:
            if asked := await self._other_wish(message, parsed, parse):
                return asked
            if turns_away(parsed) or _asks_beside(parsed, topic):
                return parsed
        name = MET.get(parsed["intent"]["name"])
        if again or len(squeeze(text)) > _SHORT_TEXT:
            named = "place" if parsed.get("place_named") else None
            name = topic[0] if topic and topic[1] >= NEAR else named
        return _followed(heard, parsed, name or "more")

    async def _other_wish(
        self, message: Mapping[str, Any], parsed: ParseData, parse: Parse
    ) -> ParseData | None:
        """Return the second wish of a message, where the first went on and the second does not."""
        wishes = [wish for wish in parsed.get("also") or () if wish["intent"] in WITH_ITEM]
        if not wishes or turns_away({**parsed, "also": []}):
            return None
        asked = await read({**message, "text": wishes[0]["text"]}, None, None, parse,
                           words=self._words, places=self._places, ear=self._form)  # fmt: skip
        return asked if turns_away(asked) else None

    async def _while_waiting(
        self, text: str, parsed: ParseData, state: DialogueState, parse: Parse
    ) -> ParseData:
        """Hear who waits for a person ask how long, or say that nobody need come any more."""
        about_people = parsed["intent"]["name"] == "ask_human"
        short = 0 < len(squeeze(text)) <= WAITING_TEXT
        if not short or not (about_people or state.person_called or state.person_left):
            return parsed
        heard = await parse(text)
        topic = await self._topic("person", text, heard)
        if topic[1] < 0 or (topic[0] == "leave" and not state.person_called):
            return parsed
        if state.active_loop and not about_people and topic[1] < SURE:
            return parsed
        return {**heard, **intent(WAITS[topic[0]]), "follow": topic[0]}

    async def _of_report(
        self, text: str, parsed: ParseData, state: DialogueState, parse: Parse
    ) -> ParseData:
        """Hear what is asked of a report that is being made, or said of one that was filed."""
        making = state.active_loop == REPORT_FORM
        filed = state.filed and not state.active_loop and not state.awaiting
        told = (state.awaiting or {}).get("kind") == "description"
        if not text or not (making or filed) or (told and parsed["intent"]["name"] == "inform"):
            return parsed
        topic = await self._topic("report", text, await parse(text))
        return about_report(parsed, topic, open_form=making)

    async def _of_returned(self, text: str, parsed: ParseData, state: DialogueState) -> ParseData:
        """Hear what is said for a case that was sent back, where it is no other wish."""
        waits = state.expects and not state.active_loop and text
        if not waits or not may_supplement(parsed, text, self._words):
            return parsed
        return as_supplement(parsed, await self._form.acts(plain_of(parsed, text)))

    def _far(self, text: str, parsed: ParseData, state: DialogueState) -> str | None:
        """Return the other city that a trouble is told of, if one is."""
        told = state.active_loop == REPORT_FORM and parsed["intent"]["name"] == "inform"
        told = told or (not state.active_loop and parsed["intent"]["name"] in REPORT_INTENTS)
        return self._halls.districts.far(text) if told else None

    async def _of_hall(
        self, text: str, parsed: ParseData, state: DialogueState, parse: Parse
    ) -> Topic | None:
        """Return what a text may ask of a hall or of a number at its window; None without either.

        A form that is open is left for the intents alone that ask about halls.
        """
        awaiting = None if state.active_loop else state.awaiting
        situation = situation_of(parsed, awaiting)
        if situation is None or (state.active_loop and parsed["intent"]["name"] not in SITUATIONS):
            return None
        return await self._topic(situation, text, await parse(text))

    async def _topic(self, situation: str, text: str, heard: ParseData) -> Topic:
        """Return which topic of a situation a text takes up, and how far over the bar it is."""
        plain = str(heard.get("normalised") or text)
        return self._follow_ups.topic(situation, plain, (await self._vectors([plain]))[0])

    async def _vectors(self, texts: Sequence[str]) -> Vectors:
        """Embed texts where it holds up nobody; those of the pipeline are known already."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._embed, texts)


def _kind(state: DialogueState) -> str:
    """Return the kind of the danger that was heard, if one was."""
    return str(state.danger["kind"]) if state.danger else ""


def _said_to(text: str, state: DialogueState, words: Words) -> ToForm:
    """Return what a text is to the application that is open, if one is."""
    if state.active_loop != APPLICATION or state.awaiting is None:
        return ToForm()
    asked = state.awaiting.get("kind") in NUMBERS
    return ToForm(
        str(state.awaiting.get("subject") or ""), asked and fits(text, state.awaiting, words)
    )


def _settled(danger: Danger | None, before: Mapping[str, Any] | None) -> Danger | None:
    """Return a danger with the way that was heard before, where another one is no news."""
    if danger is None or before is None or danger.kind != before["kind"]:
        return danger
    if danger.kind == "hazard" or (danger.kind, danger.way) in NEWS:
        return danger
    return replace(danger, way=str(before["way"]))


def _goes_on(
    danger: Danger, topic: Topic | None, before: Mapping[str, Any] | None, *, placed: bool
) -> bool:
    """Tell whether words of danger go on about the one that was heard, and tell of no new one."""
    if before is None:
        return False
    if (danger.kind, danger.way) == (before["kind"], before["way"]):
        return topic is not None and topic[1] >= NEAR
    return danger.odds < (CERTAIN_THERE if placed else CERTAIN)


def turns_away(parsed: ParseData) -> bool:
    """Tell whether a message is about something else than the danger that was heard."""
    name, sure = parsed["intent"]["name"], parsed["intent"].get("confidence", 0.0)
    if name in ELSEWHERE:
        return bool(sure >= _CERTAIN)
    if name == "report_problem":
        # Another trouble, and not that nobody answers the telephone.
        category = parsed.get("category") or [{}]
        return bool(sure >= _CERTAIN) and category[0].get("score", 0.0) >= _CERTAIN
    if parsed.get("elsewhere"):
        return name in WITH_ITEM and bool(sure >= _CERTAIN)
    return name in WITH_ITEM and parsed.get("item_outcome") == "confident"


def _asks_beside(parsed: ParseData, topic: Topic | None) -> bool:
    """Tell whether a question about items, though not clear about which, is far from the danger.

    It asks for something of them: 可是他报得出我身份证号 only names one.
    """
    asks = parsed["intent"]["name"] in WITH_ITEM and parsed.get("item_outcome") == "ambiguous"
    asks = asks and bool(parsed.get("element"))
    sure = parsed["intent"].get("confidence", 0.0) >= _CERTAIN
    return asks and sure and (topic is None or topic[1] < NEAR)


def _followed(heard: ParseData, parsed: ParseData, topic: str) -> ParseData:
    return {**heard, **intent("danger"), "follow": topic, "place_named": parsed.get("place_named")}


def _offered(text: str, awaiting: Mapping[str, Any]) -> bool:
    """Tell whether a text is exactly a title that stands to choose."""
    offered = awaiting.get("offered") or {}
    titles = [*(awaiting.get("choices") or ()), *(offered.get("choices") or ())]
    return squeeze(text) in {squeeze(str(title)) for title in titles}
