"""等级 Levels with an order of their own: schooling, Putonghua, disability, dangerous houses."""

from __future__ import annotations

import re

from standards.acceptors.numerals import value

# From the lowest to the highest.
SCHOOLING = (("小学",), ("初中",), ("高中", "中专", "中职", "技校", "职高"), ("大专", "专科"),
             ("本科",), ("硕士", "研究生"), ("博士",))  # fmt: skip
_PUTONGHUA = re.compile(r"([一二三123])级?([甲乙])等?")
_NUMBERED = re.compile(r"(10|十|[一二三四五六七八九1-9])级")
_LETTERED = re.compile(r"([A-Da-d])级?")


def at_least(level: str, least: str) -> bool | None:
    """Tell whether a level is as high as `least`; None where the two have no order in common.

    Of numbered levels the first is the highest (普通话, 残疾).
    """
    own, wanted = rank(level), rank(least)
    if own is None or wanted is None or own[0] != wanted[0]:
        return None
    return own[1] >= wanted[1]


def same_level(level: str, other: str) -> bool | None:
    """Tell whether two levels are one; None where they are of different scales or unknown."""
    own, wanted = rank(level), rank(other)
    if own is None or wanted is None:
        return True if level == other else None
    return own == wanted if own[0] == wanted[0] else None


def rank(level: str) -> tuple[str, int] | None:
    """Return the scale of a level and its place on it, higher for the higher."""
    for place, names in enumerate(SCHOOLING):
        if any(name in level for name in names):
            return "schooling", place
    if match := _PUTONGHUA.search(level):
        return "putonghua", -2 * _number(match[1]) + (match[2] == "甲")
    if match := _NUMBERED.search(level):
        return "numbered", -_number(match[1])
    if match := _LETTERED.fullmatch(level):
        return "lettered", -ord(match[1].upper())
    return None


def _number(said: str) -> int:
    found = value(said)
    return 0 if found is None else int(found)
