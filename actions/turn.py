"""一轮 One turn as the actions read it: what was said, by whom, and how it was understood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker

SHANGHAI = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Turn:
    """The citizen's last message.

    `values` are the entities by name, buttons' values included; `word` is the steering word the
    gate heard (skip, unknown, finish, yes, no, repeat, resume, wait,
    same, relative); `guessed` is the intent the parse
    saw in a text that the gate took for an answer; `corrected` are the new words of a correction;
    `place_named` is the first place of the text that somebody could be sent to;
    `also` is what else was asked for in the same message, understood by itself; `questions` are
    those of a message with several, `{text, element, items, item_outcome}`; `elsewhere` is the
    matter of another body that is asked about (data/elsewhere.yml); `form` is how a question is put
    (data/dictionaries/question_forms.yml), `pair` the two items it compares; `leaves_form`
    says that the message broke off the open form for what it asks for, `rests` that it only leaves
    it for now; `between` are the two choices that it may mean, `options` the choices
    `{field, value, chance}` of answered fields that a correction may mean, `unclear` what else than
    an answer it may be (`report`, `chat`). `danger` `{kind, way}` is
    what the safety reader heard, `beside` a topic that is asked about with it; `follow` is the
    topic of a situation (a danger, the wait for a person, a hall) that the message takes up;
    `district` one that is named and is not ours. `owner` is who answers now: `bot`, or
    `staff` meanwhile. `expects` are the cases `{number, since}` whose supplement the office waits
    for; `expected` says that the words are read as such a supplement.
    """

    text: str
    intent: str
    values: Mapping[str, Any]
    items: tuple[Mapping[str, Any], ...]
    item_outcome: str
    element: str | None
    category: tuple[Mapping[str, Any], ...]
    urgent: bool
    key: str
    conversation_id: str
    identity: Mapping[str, str]
    guessed: str = ""
    normalised: str = ""
    also: tuple[Mapping[str, Any], ...] = ()
    questions: tuple[Mapping[str, Any], ...] = ()
    elsewhere: Mapping[str, Any] | None = None
    form: str = ""
    pair: tuple[Mapping[str, Any], ...] = ()
    corrected: str = ""
    place_named: str | None = None
    leaves_form: bool = False
    rests: bool = False
    between: tuple[str, ...] = ()
    options: tuple[Mapping[str, Any], ...] = ()
    unclear: str = ""
    danger: Mapping[str, str] | None = None
    follow: str = ""
    district: str = ""
    beside: str = ""
    owner: str = "bot"
    expects: tuple[Mapping[str, str], ...] = ()
    expected: bool = False
    kind: str = "text"
    media_ids: tuple[str, ...] = ()
    location: Mapping[str, Any] | None = None
    elder: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(SHANGHAI))

    @property
    def word(self) -> str:
        """Return the steering word of this turn, or an empty string."""
        return str(self.values.get("word") or "")

    @property
    def spoken(self) -> str:
        """Return what the citizen said in own words; a button's title is not that."""
        return "" if self.kind == "button" and "said" not in self.values else self.text

    def narrowed_to(self, question: Mapping[str, Any]) -> Turn:
        """Return this turn as if only one of its `questions` had been asked."""
        text = str(question["text"])
        return replace(
            self, text=text, normalised=text, element=question.get("element"), questions=(),
            items=tuple(question.get("items") or ()),
            item_outcome=str(question.get("item_outcome") or "none"),
        )  # fmt: skip

    @property
    def here(self) -> datetime:
        """Return the time of this turn in Asia/Shanghai."""
        return self.at.astimezone(SHANGHAI)

    @property
    def today(self) -> date:
        """Return the day of this turn in Asia/Shanghai."""
        return self.here.date()


def read_turn(tracker: Tracker) -> Turn:
    """Read the turn from the tracker's last message and its metadata (docs/design.md)."""
    message = tracker.latest_message or {}
    meta = message.get("metadata") or {}
    at = meta.get("at")
    values = {entity["entity"]: entity["value"] for entity in message.get("entities") or ()}
    intent = str((message.get("intent") or {}).get("name") or "")
    category = [{"code": values["category"]}] if "category" in values else message.get("category")
    return Turn(
        text=str(values.get("said") or message.get("first") or message.get("text") or "").strip(),
        intent=intent,
        values=values,
        items=tuple(message.get("items") or ()),
        item_outcome=str(message.get("item_outcome") or "none"),
        element=message.get("element"),
        normalised=str(message.get("normalised") or message.get("text") or ""),
        category=tuple(category or ()),
        urgent=bool(message.get("urgent")),
        key=str(meta.get("key") or message.get("message_id") or ""),
        conversation_id=str(meta.get("conversation_id") or tracker.sender_id),
        identity=meta.get("identity") or {"channel": "shell", "id": tracker.sender_id},
        guessed=str((message.get("guessed") or {}).get("name") or ""),
        also=tuple(message.get("also") or ()),
        questions=tuple(message.get("questions") or ()),
        elsewhere=message.get("elsewhere"),
        form=str(message.get("form") or ""),
        pair=tuple(message.get("pair") or ()),
        corrected=str(message.get("corrected") or ""),
        place_named=message.get("place_named"),
        leaves_form=bool(message.get("leaves_form")),
        rests=bool(message.get("rests")),
        between=tuple(message.get("between") or ()),
        options=tuple(message.get("options") or ()),
        unclear=str(message.get("unclear") or ""),
        danger=message["danger"] if intent == "danger" and not message.get("follow") else None,
        follow=str(message.get("follow") or ""),
        district=str(message.get("district") or ""),
        beside=str(message.get("beside") or ""),
        owner=str(meta.get("owner") or "bot"),
        expects=tuple(meta.get("expects") or ()),
        expected=bool(message.get("expected")),
        kind=str(meta.get("kind") or "text"),
        media_ids=tuple(meta.get("media_ids") or ()),
        location=meta.get("location"),
        elder=bool(meta.get("elder")),
        at=datetime.fromisoformat(at.replace("Z", "+00:00")) if at else datetime.now(SHANGHAI),
    )
