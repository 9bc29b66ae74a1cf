"""两件 The two items that a comparing question names, found beside the word that joins them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

JOINS = re.compile(r"还是|或者|以及|vs|[和跟与同及或比、，,/ ]")
"""Words and signs that stand between two things; a closed class."""

SHORTEST, LONGEST = 2, 9
"""Characters of a part that are looked at."""

MOST_GAPS = 3
CLEAR = 0.52
"""Likeness to a phrase of an item from which a part names it."""

_ENDS = re.compile(r"[.?!;。？！；]")


@dataclass(frozen=True)
class Part:
    """One of two things: the label it names, how it was said, and how like it is to a phrase."""

    label: str
    said: str
    score: float


Rank = Callable[[Sequence[str]], Sequence[tuple[str, float]]]
"""Gives the likeliest label of each text, and how like it is."""


def named_pair(text: str, rank: Rank) -> tuple[Part, Part] | None:
    """Find the two things that a normalised text sets side by side.

    Args:
        text: the question.
        rank: finds what a part of it names.

    Returns:
        The two parts in their order, both clear; of one label where two names mean one thing. None
        where no two are named.
    """
    found = [pair for left, right in _sides(text) if (pair := _beside(left, right, rank))]
    different = [pair for pair in found if pair[0].label != pair[1].label]
    return max(different or found, key=lambda pair: pair[0].score + pair[1].score, default=None)


def _sides(text: str) -> Iterator[tuple[str, str]]:
    """Divide a text at each of its joins, within a sentence."""
    for gap in list(JOINS.finditer(text))[:MOST_GAPS]:
        left, right = _ENDS.split(text[: gap.start()])[-1], _ENDS.split(text[gap.end() :])[0]
        if len(left) >= SHORTEST and len(right) >= SHORTEST:
            yield left, right


def _beside(left: str, right: str, rank: Rank) -> tuple[Part, Part] | None:
    """Find what is named right before and right after a join."""
    lefts, rights = list(_lasts(left)), list(_firsts(right))
    parts = _ranked([*lefts, *rights], rank)
    first, second = _best(parts[: len(lefts)]), _best(parts[len(lefts) :])
    if lefts[-1] == left and parts[len(lefts) - 1].score >= CLEAR:
        # Nothing else stands before the join: 大学生证 is not 学生证.
        first = parts[len(lefts) - 1]
    if first.label == second.label or min(first.score, second.score) < CLEAR:
        first, second = _sharing_a_word(first, second, lefts, rights, rank)
    return (first, second) if min(first.score, second.score) >= CLEAR else None


def _sharing_a_word(
    first: Part, second: Part, lefts: Sequence[str], rights: Sequence[str], rank: Rank
) -> tuple[Part, Part]:
    """Let one part borrow what the other says for both: 社保卡挂失和补领, 首次和到期换证."""
    short = LONGEST // 2 + 1
    heads = [first.said[:at] for at in range(SHORTEST, len(first.said))]
    tails = [second.said[-at:] for at in range(SHORTEST, len(second.said))]
    borrowed = {head + right: right for head in heads for right in rights if len(right) <= short}
    lent = {left + tail: left for tail in tails for left in lefts if len(left) <= short}
    parts = _ranked([*borrowed, *lent], rank)
    own = [Part(part.label, borrowed[part.said], part.score) for part in parts[: len(borrowed)]]
    others = [Part(part.label, lent[part.said], part.score) for part in parts[len(borrowed) :]]
    second_again = _best([part for part in own if part.label != first.label] or [second])
    first_again = _best([part for part in others if part.label != second.label] or [first])
    ways = [(first, second), (first, second_again), (first_again, second)]
    clear = [way for way in ways if way[0].label != way[1].label and _least(way) >= CLEAR]
    return max(clear, key=_least, default=(first, second))


def _least(way: tuple[Part, Part]) -> float:
    return min(part.score for part in way)


def _ranked(texts: Sequence[str], rank: Rank) -> list[Part]:
    return [
        Part(label, said, score)
        for said, (label, score) in zip(texts, rank(texts) if texts else (), strict=True)
    ]


def _best(parts: Sequence[Part]) -> Part:
    return max(parts, key=lambda part: part.score)


def _lasts(text: str) -> Iterator[str]:
    """Give the ends of a text."""
    return (text[-length:] for length in range(SHORTEST, min(LONGEST, len(text)) + 1))


def _firsts(text: str) -> Iterator[str]:
    """Give the beginnings of a text."""
    return (text[:length] for length in range(SHORTEST, min(LONGEST, len(text)) + 1))
