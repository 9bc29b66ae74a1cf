"""受理前台 the gate: decides how a message is read before the classifier is asked.

A button, a photo or a place is never guessed at. While a form waits for an answer, what fits is an
answer; only a text that does not fit, and that the parse understands convincingly as something
else, leaves the form for a moment. Pure.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from dialogue.words import LEXICON_TEXT, Words, load_words, squeeze

__all__ = ["decide", "fits", "load_words"]

ParseData = dict[str, Any]
Parse = Callable[[str], Awaitable[ParseData]]

# A digression must be surer of itself the less it looks like a question.
SURE_QUESTION, SURE_STATEMENT, SURE_SHORT = 0.35, 0.55, 0.8
# A "yes" that submits something is never taken from a doubtful guess.
SURE_YES = 0.85
# Greetings, thanks and short yes and no are in the lexicon; a guess at them must be surer.
SURE_MANNERS = 0.6
# Below this the parse knows nothing, so the clerk says so instead of acting on it.
TOO_WEAK = 0.2
SHORT_TEXT = 4
# Whoever asks for a person in a sentence of this length means it.
REQUEST_TEXT = 30

DIGRESSIONS = frozenset(
    {
        "ask_guide", "start_application", "query_progress", "report_problem", "complain",
        "book_appointment", "ask_office", "ask_notice", "ask_eligibility", "ask_human",
        "ask_proxy", "rate_service", "propose_topic", "elder_mode", "ask_capability", "greet",
        "thank", "goodbye", "out_of_scope",
    }
)  # fmt: skip
BUTTON_INTENTS = DIGRESSIONS | {
    "affirm", "deny", "cancel", "inform", "correct", "withdraw", "supplement", "resume",
    "ask_why", "verify_identity", "send_media", "vent",
}  # fmt: skip
MEDIA_INTENTS = {"photo": "send_media", "voice": "send_media", "file": "send_media",
                 "location": "send_location", "event": "greet"}  # fmt: skip
# Said anywhere and meaning the same everywhere, in the order in which they are looked for.
ANYWHERE = {
    "human": "ask_human",
    "progress": "query_progress",
    "verify": "verify_identity",
    "withdraw": "withdraw",
    "supplement": "supplement",
}
# Meant even inside a longer sentence.
WORDY = ("human", "progress")
MANNERLY = ("greet", "thank", "goodbye", "cancel", "deny", "affirm")
MANNERS = {"greet": "greet", "thank": "thank", "goodbye": "goodbye"}
REPORT_INTENTS = frozenset({"report_problem", "complain"})
# What a report asks for: whatever sounds like a report here is part of the one being told.
REPORT_KINDS = ("description", "place", "report_photo", "report_phone", "report_confirm")
# What a form hears as entity `word` of an `inform`, in the order in which it is looked for.
STEERING = ("repeat", "skip", "unknown", "finish", "resume", "yes", "no")

_BUTTON = re.compile(r"^/([a-z_]+)\s*(\{.*\})?$", re.DOTALL)
_NUMBER = re.compile(r"^[BbGg][JjDd]\d{13}$")
_BARE_NUMBER = re.compile(r"^\+?[\d\-]{6,}x?$")
_NAME_LEAD = re.compile(
    r"^(我叫|我是|我的名字是|我的名字叫|名字是|名字叫|姓名是|姓名|叫做|叫)[::]?"
)
_HAN = re.compile(r"^[㐀-鿿·]+$")
_ADDRESS = re.compile(
    r"路|街|巷|村|组|号|栋|幢|楼|单元|小区|社区|镇|乡|县|区|市|室|院|坝|湾|苑|广场|门口|对面"
)
_DATE = re.compile(
    r"\d|年|月|日|号|今天|明天|昨天|前天|后天|星期|周|礼拜|岁|[一二三四五六七八九十]"
)
_NUMERAL = re.compile(r"\d|[一二三四五六七八九十两百千万零半]")
_ORDINAL = re.compile(r"^(第)?([一二三四五六七八九十\d]{1,2})(个|项|条|种|号)?$")
_NEGATION = re.compile(r"[不没莫别未]|等|错|改")


async def decide(
    message: Mapping[str, Any],
    active_loop: str | None,
    awaiting: Mapping[str, Any] | None,
    parse: Parse,
    words: Words,
) -> ParseData:
    """Decide how an InboundMessage is read.

    Args:
        message: the InboundMessage of docs/design.md.
        active_loop: name of the form that is open, if one is.
        awaiting: slot `awaiting`: `{"form", "field", "kind", "choices"?, "optional"?}`.
        parse: the trained pipeline; only asked when words alone do not decide.
        words: the lexicon.

    Returns:
        Rasa parse data with `text`, `intent`, `entities` and whatever else the parse carried.
    """
    kind = str(message.get("kind") or "text")
    text = str(message.get("text") or "")
    if kind == "button" and (pressed := _pressed(str(message.get("payload") or ""), text)):
        return pressed
    if kind in MEDIA_INTENTS:
        return _direct(MEDIA_INTENTS[kind], text)
    if not re.search(r"[^\W_]", text):
        # Emoji and punctuation only: a thumb is a yes, the rest says nothing that could be read.
        return _direct("affirm" if words.says("yes", text) else "nlu_fallback", text)
    if words.says("danger", text, limit=4000) and not words.says("progress", text, limit=40):
        return await _dangerous(text, active_loop, parse)
    if _NUMBER.match(re.sub(r"[\s\-_]", "", squeeze(text))):
        return {**await parse(text), **_intent("query_progress")}
    if not awaiting or not awaiting.get("kind"):
        return await _unasked(text, parse, words)
    if active_loop is None:
        return await _offered(text, awaiting, parse, words)
    return await _while_awaiting(text, awaiting, parse, words)


async def _dangerous(text: str, active_loop: str | None, parse: Parse) -> ParseData:
    """Read a text that names danger: never a name or an address, whatever was asked."""
    parsed = await parse(text)
    if active_loop == "report_form":
        return _as_answer(parsed)
    if parsed.get("urgent"):
        chosen = parsed["intent"]["name"] if parsed["intent"]["name"] in REPORT_INTENTS else ""
        return {**parsed, **_intent(chosen or "report_problem")}
    return parsed


async def _unasked(text: str, parse: Parse, words: Words) -> ParseData:
    """Read a text nobody waits for."""
    for group, intent in {**ANYWHERE, **MANNERS, "resume": "resume", "cancel": "cancel",
                          "vent": "vent", "yes": "affirm", "no": "deny"}.items():  # fmt: skip
        if group in ("yes", "no", "resume", "cancel"):
            if _whole(words, group, text):
                return {**await parse(text), **_intent(intent)}
        elif words.says(group, text, limit=REQUEST_TEXT if group in WORDY else LEXICON_TEXT):
            return {**await parse(text), **_intent(intent)}
    if _BARE_NUMBER.match(squeeze(text)):
        return _word("number", text)
    parsed = await parse(text)
    if misheard := _misheard(parsed, text, words):
        return {**parsed, **_intent(misheard, parsed["intent"].get("confidence", 0.0))}
    if _applies(parsed, text, words):
        return {**parsed, **_intent("start_application")}
    if parsed["intent"].get("confidence", 1.0) < TOO_WEAK and not _knows_something(parsed):
        return {**parsed, **_intent("nlu_fallback", parsed["intent"].get("confidence", 0.0))}
    return parsed


def _misheard(parsed: ParseData, text: str, words: Words) -> str:
    """Return what a doubtful guess is rather: a short word of manners is known by the lexicon."""
    name, sure = parsed["intent"].get("name"), float(parsed["intent"].get("confidence", 1.0))
    if sure >= (SURE_YES if words.says("question", text) else SURE_MANNERS):
        return ""
    if name == "out_of_scope" and parsed.get("item_outcome") == "confident":
        return "ask_guide"
    return "nlu_fallback" if name in MANNERLY else ""


def _applies(parsed: ParseData, text: str, words: Words) -> bool:
    """Tell whether an item is asked for by "申请" and the like, and not asked about."""
    return (
        parsed["intent"].get("name") in ("ask_guide", "nlu_fallback")
        and words.says("apply", text, limit=40)
        and not words.says("question", text, limit=40)
    )


async def _offered(text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words) -> ParseData:
    """Read a text after an offer outside a form: a pick, a yes or no, or something else."""
    if awaiting["kind"] == "confirm":
        for group, intent in (("yes", "affirm"), ("no", "deny")):
            if _whole(words, group, text):
                return _direct(intent, text)
    if awaiting["kind"] == "choice":
        if _names_choice(text, awaiting, words):
            return _direct("inform", text)
        if _whole(words, "no", text):
            return _word("no", text)
    return await _unasked(text, parse, words)


async def _while_awaiting(
    text: str, awaiting: Mapping[str, Any], parse: Parse, words: Words
) -> ParseData:
    """Read a text while a field of a form (or a yes) is waited for."""
    kind = str(awaiting["kind"])
    if kind == "choice" and _names_choice(text, awaiting, words):
        return _direct("inform", text)
    if _BARE_NUMBER.match(squeeze(text)) or _names_other(text, awaiting, words):
        return _direct("inform", text)
    if words.says("human", text, limit=REQUEST_TEXT):
        return _direct("ask_human", text)
    for group, intent in MANNERS.items():
        if words.says(group, text):
            return _direct(intent, text)
    if spoken := _spoken(text, kind, words):
        if spoken["intent"]["name"] == "correct" and awaiting.get("form") == "report_form":
            # What the trouble is instead may be of another category.
            return {**await parse(text), **_intent("correct")}
        return spoken
    if kind in ("description", "place"):
        return await _described(text, parse, words)
    if fits(text, awaiting, words):
        return _direct("inform", text)
    return _judge(await parse(text), text, _kind_in_report(kind, awaiting), words)


def _spoken(text: str, kind: str, words: Words) -> ParseData | None:
    """Find the short words a citizen steers a form with; None when there are none."""
    if words.says("cancel", text) or words.says("withdraw", text):
        return _direct("cancel", text)
    if words.says("vent", text) and not re.search(r"\d{4}", text):
        return _direct("vent", text)
    if kind == "confirm":
        for group, intent in (("yes", "affirm"), ("no", "deny")):
            if _whole(words, group, text):
                return _direct(intent, text)
        if _hurried_yes(words, text):
            return _direct("affirm", text)
    if words.says("correct", text, limit=40) and not _is_prose(kind, text):
        return _direct("correct", text)
    if words.says("why", text):
        return _direct("ask_why", text)
    return next((_word(group, text) for group in STEERING if _means(words, group, text)), None)


def _means(words: Words, group: str, text: str) -> bool:
    if group in ("yes", "no"):
        return _whole(words, group, text)
    return words.says(group, text)


async def _described(text: str, parse: Parse, words: Words) -> ParseData:
    """Read the description of a report: an answer that still carries category and urgency."""
    parsed = await parse(text)
    if not words.says("question", text, limit=60):
        return _as_answer(parsed)
    return _judge(parsed, text, "description", words)


def _judge(parsed: ParseData, text: str, kind: str, words: Words) -> ParseData:
    """Decide between a digression and an answer that does not fit."""
    name = parsed["intent"].get("name") or ""
    sure = float(parsed["intent"].get("confidence", 0.0))
    if kind in REPORT_KINDS and name in (*REPORT_INTENTS, "out_of_scope"):
        return _as_answer(parsed)
    asks_yes = kind in ("confirm", "report_confirm")
    if name == "affirm" and asks_yes and sure >= SURE_YES and not _NEGATION.search(text):
        return parsed
    if name in ("deny", "cancel") and asks_yes and sure >= SURE_STATEMENT:
        return parsed
    if name in DIGRESSIONS and sure >= _needed(text, kind, words):
        return parsed
    return _as_answer(parsed)


def _kind_in_report(kind: str, awaiting: Mapping[str, Any]) -> str:
    in_report = awaiting.get("form") == "report_form" and awaiting.get("field") != "cancel"
    return f"report_{kind}" if in_report and kind in ("photo", "phone", "confirm") else kind


def _needed(text: str, kind: str, words: Words) -> float:
    """Return how sure a parse must be to leave a form that waits for `kind`."""
    if words.says("question", text, limit=80):
        return SURE_QUESTION
    if len(squeeze(text)) <= SHORT_TEXT:
        return SURE_SHORT
    return SURE_STATEMENT


def fits(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` can be an answer of the awaited kind."""
    kind = str(awaiting.get("kind"))
    plain = squeeze(text)
    digits = len(re.sub(r"\D", "", plain))
    if kind == "id_number":
        return digits >= 6
    if kind == "phone":
        return digits >= 5
    if kind == "name" and digits >= 10:
        return True
    if words.says("question", text, limit=80):
        return False
    if kind == "name":
        return _looks_like_name(plain, words)
    if kind == "choice":
        return len(plain) <= SHORT_TEXT
    patterns = {"date": _DATE, "number": _NUMERAL, "address": _ADDRESS}
    if kind in patterns:
        return bool(patterns[kind].search(plain))
    return kind in ("text", "place")


def _looks_like_name(plain: str, words: Words) -> bool:
    lead = _NAME_LEAD.match(plain)
    name = plain[lead.end() :] if lead else plain
    if lead and 2 <= len(name) <= 6 and _HAN.match(name):
        return True
    if "·" in name:
        return True
    return 2 <= len(name) <= 4 and bool(_HAN.match(name)) and name[0] in words.surnames


def _names_choice(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` names one of the offered choices, by word or by place in the list."""
    plain = squeeze(text)
    if _ORDINAL.match(plain):
        return True
    choices = [squeeze(str(choice)) for choice in awaiting.get("choices") or ()]
    if len(plain) <= LEXICON_TEXT and not words.says("question", text):
        for key, alike in words.alike.items():
            if any(key in choice for choice in choices) and any(word in plain for word in alike):
                return True
    return any(
        plain == choice or (len(choice) > 1 and choice in plain and len(plain) <= len(choice) + 8)
        or (len(plain) > 1 and plain in choice)
        for choice in choices
    )  # fmt: skip


def _names_other(text: str, awaiting: Mapping[str, Any], words: Words) -> bool:
    """Tell whether `text` names a choice of a field that is asked for later."""
    if _ORDINAL.match(squeeze(text)) or len(squeeze(text)) > 2 * SHORT_TEXT:
        return False
    return _names_choice(text, {"choices": awaiting.get("others")}, words)


def _is_prose(kind: str, text: str) -> bool:
    """Tell whether "correct" words inside `text` are rather part of a free answer."""
    return kind in ("description", "text", "place") and len(squeeze(text)) > LEXICON_TEXT


def _whole(words: Words, group: str, text: str) -> bool:
    """Tell whether `text` is one word of the group and nothing else, repeated or not."""
    plain = squeeze(text)
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", plain) if part]
    known = words.groups[group].whole
    return bool(parts) and all(not known.isdisjoint(words.forms(part)) for part in parts)


def _hurried_yes(words: Words, text: str) -> bool:
    """Tell whether `text` is a yes with nothing beside it but haste or thanks."""
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", squeeze(text)) if part]
    said = [
        next((group for group in ("yes", "hurry", "thank") if _whole(words, group, part)), "")
        for part in parts
    ]
    return "yes" in said and "" not in said


def _pressed(payload: str, title: str) -> ParseData | None:
    """Read a button's payload; None when it is none of ours."""
    match = _BUTTON.match(payload)
    if not match or match.group(1) not in BUTTON_INTENTS:
        return None
    try:
        values = json.loads(match.group(2) or "{}")
    except ValueError:
        return None
    scalars = {k: v for k, v in values.items() if isinstance(v, (str, int, float, bool))}
    entities = [{"entity": key, "value": value, "start": 0, "end": 0,
                 "extractor": "button"} for key, value in scalars.items()]  # fmt: skip
    return _direct(match.group(1), title or payload, entities)


def _knows_something(parsed: ParseData) -> bool:
    return parsed.get("item_outcome") == "confident" or bool(parsed.get("urgent"))


def _intent(name: str, confidence: float = 1.0) -> ParseData:
    return {"intent": {"name": name, "confidence": confidence}}


def _as_answer(parsed: ParseData) -> ParseData:
    """Keep what the parse carries, and let the form judge the text itself."""
    return {**parsed, **_intent("inform"), "guessed": dict(parsed["intent"])}


def _word(group: str, text: str) -> ParseData:
    entity = {"entity": "word", "value": group, "start": 0, "end": len(text), "extractor": "gate"}
    return _direct("inform", text, [entity])


def _direct(name: str, text: str, entities: Sequence[ParseData] = ()) -> ParseData:
    """Build parse data without the classifier."""
    return {
        "text": text, **_intent(name), "intent_ranking": [{"name": name, "confidence": 1.0}],
        "entities": list(entities), "items": [], "item_outcome": "none", "element": None,
        "category": [], "urgent": False,
    }  # fmt: skip
