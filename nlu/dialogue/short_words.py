"""口头短语 The short words by which a citizen steers a form: yes, no, stop, skip, correct. Pure."""

from __future__ import annotations

import re

from dialogue.readings import ParseData, direct, word
from dialogue.words import LEXICON_TEXT, Words, squeeze

# What a form hears as entity `word` of an `inform`, in the order in which it is looked for.
STEERING = ("repeat", "wait", "same", "skip", "unknown", "finish", "resume", "yes", "no")

_TAKES_BACK = re.compile(r"^(不对|错了|说错了|搞错了|不是.+?[,，]?(而?是|应该是))")


def steering(text: str, kind: str, words: Words) -> ParseData | None:
    """Find the short words a citizen steers a form with; None when there are none."""
    if words.says("cancel", text) or words.says("withdraw", text):
        return direct("cancel", text)
    if words.says("vent", text) and not re.search(r"\d{4}", text):
        return direct("vent", text)
    if kind == "confirm" and (decided := _decided(words, text)):
        return decided
    if kind != "confirm" and _polite(words, text) >= {"yes", "hurry"}:
        # "Get on with it": whatever is asked for here can be left out, or is asked for again.
        return word("skip", text)
    if words.says("correct", text, limit=40) and not _is_prose(kind, text):
        return direct("correct", text)
    if words.says("why", text):
        return direct("ask_why", text)
    if said := _said_in_parts(words, text):
        return word(said, text)
    return next((word(group, text) for group in STEERING if _means(words, group, text)), None)


def _said_in_parts(words: Words, text: str) -> str:
    """Return the last of several steering words that a text is made of ("记不到了，跳过")."""
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", squeeze(text)) if part]
    said = [next((one for one in STEERING if _means(words, one, part)), "") for part in parts]
    return said[-1] if len(said) > 1 and all(said) else ""


def whole(words: Words, group: str, text: str) -> bool:
    """Tell whether `text` is one word of the group and nothing else, repeated or not."""
    plain = squeeze(text)
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", plain) if part]
    known = words.groups[group].whole
    return bool(parts) and all(not known.isdisjoint(words.forms(part)) for part in parts)


def _decided(words: Words, text: str) -> ParseData | None:
    """Read what is said where a yes is asked for: a moment, yes or no; None for anything else."""
    if _pauses(words, text):
        return word("wait", text)
    for group, intent in (("yes", "affirm"), ("no", "deny")):
        if whole(words, group, text):
            return direct(intent, text)
    return direct("affirm", text) if "yes" in _polite(words, text) else None


def _pauses(words: Words, text: str) -> bool:
    """Tell whether a text asks for a moment, which is no "no" to what is checked."""
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", squeeze(text)) if part]
    waits = [whole(words, "wait", part) for part in parts]
    return any(waits) and all(
        waits[at] or whole(words, "no", part) for at, part in enumerate(parts)
    )


def _means(words: Words, group: str, text: str) -> bool:
    if group in ("yes", "no"):
        return whole(words, group, text)
    return words.says(group, text)


def _is_prose(kind: str, text: str) -> bool:
    """Tell whether "correct" words inside `text` are rather part of a free answer."""
    plain = squeeze(text)
    if kind == "place" and _TAKES_BACK.match(plain):
        return False
    return kind in ("description", "text", "place") and len(plain) > LEXICON_TEXT


def _polite(words: Words, text: str) -> set[str]:
    """Return which of yes, haste and thanks a text is made of; nothing when there is more to it."""
    parts = [part for part in re.split(r"[,.!~。,、;\s]+", squeeze(text)) if part]
    said = [group for part in parts for group in _groups(words, part)]
    return set(said) if "" not in said else set()


def _groups(words: Words, part: str) -> tuple[str, ...]:
    """Name what a word is, or the two words that stand in it without anything between them."""
    for group in ("yes", "hurry", "thank"):
        if whole(words, group, part):
            return (group,)
    splits = ((part[:at], part[at:]) for at in range(1, len(part)))
    if any(whole(words, "yes", yes) and whole(words, "hurry", rest) for yes, rest in splits):
        return ("yes", "hurry")
    return ("",)
