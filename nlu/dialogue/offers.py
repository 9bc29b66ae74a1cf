"""选项 Finds which of the offered choices a short text means. Pure.

An offer is `{"choices": [...], "hints": [[...], ...]?}`: what stands on the buttons and, for each
of them, the other words and situations people name it by.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dialogue.words import LEXICON_TEXT, Words, squeeze
from standards.acceptors.choices import place_of

# What stands beside the word that matters without naming another thing.
_FILLING = re.compile(
    r"我们?|你们?|他|她|是|那个|这个|就|要|选|办|的|了|吧|嘛|啊|呀|哦|噻|哈|呢|咯|遭|被|给|人|把|想|说|件|事"
)
# Says that something is wished, not which of the things.
_WISHES = ("申请", "办理", "申领", "登记", "领取", "在线", "指引")
MIN_WORD = 2


def picked(text: str, offer: Mapping[str, Any], words: Words) -> int | None:
    """Return the place (from 0) of the one choice that `text` means, or None."""
    choices = [squeeze(str(choice)) for choice in offer.get("choices") or ()]
    plain = squeeze(text)
    if not choices or not plain:
        return None
    if (place := place_of(text, len(choices))) is not None:
        return place
    if len(plain) > LEXICON_TEXT + 8 or words.says("question", text):
        return None
    hints = [[squeeze(str(hint)) for hint in some] for some in offer.get("hints") or ()]
    ways: Sequence[Callable[[int], bool]] = (
        lambda at: choices[at] == plain,
        lambda at: len(choices[at]) > 1 and choices[at] in plain,
        lambda at: len(plain) >= MIN_WORD and plain in choices[at] and plain not in _WISHES,
        lambda at: _alike(plain, choices[at], words),
        lambda at: at < len(hints) and _hinted(plain, choices[at], hints[at], words),
    )
    for way in ways:
        found = [at for at in range(len(choices)) if way(at)]
        if len(found) == 1:
            return found[0]
    close = difflib.get_close_matches(plain, choices, n=2, cutoff=0.75)
    return choices.index(close[0]) if len(close) == 1 else None


def _alike(plain: str, choice: str, words: Words) -> bool:
    """Tell whether `plain` is a word people use for what stands in `choice`, and names no more."""
    return any(
        key in choice and word in plain and _nothing_else(plain.replace(word, "", 1), choice)
        for key, alike in words.alike.items()
        for word in (key, *alike)
    )


def _hinted(plain: str, choice: str, hints: Sequence[str], words: Words) -> bool:
    """Tell whether one of the other names holds `plain`, or stands in it with nothing else."""
    forms = [form for form in words.forms(plain) if len(form) >= MIN_WORD]
    return any(
        any(form in hint for form in forms)
        or (len(hint) >= MIN_WORD and hint in plain
            and _nothing_else(plain.replace(hint, "", 1), choice))
        for hint in hints
    )  # fmt: skip


def _nothing_else(rest: str, choice: str) -> bool:
    """Tell whether what stands beside the matched word names nothing but the choice itself."""
    left = _FILLING.sub("", rest)
    return not left or left in choice
