"""外地 Hears the name of another district, whose halls are not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable

import jieba

_SUFFIX = "区县市州旗"
_LONGEST = 5
# Tags of jieba's dictionary that names of districts have; some are taken for persons or brands.
_TAGS = frozenset({"ns", "nr", "nz"})
# Between the name of a place without 区 and the hall of it.
_HALL = re.compile(r"(?:那边|那里|那儿)?的?(?:政务|办事|便民|大厅)")
_NEXT_DOOR = re.compile(
    rf"(?:隔壁|旁边|邻|别的?|其他|外)(?:一?个)?的?[{_SUFFIX[:3]}](?!面|域|里头?的)"
)
# Named so in the dictionary, and said of any place.
_COMMON = frozenset({"中心", "新城", "旧城", "小市", "大市", "西市", "东门", "平安", "和平"})


class Districts:
    """Knows the districts, counties and cities of the country, and which names are ours."""

    def __init__(self, names: Iterable[str], ours: str) -> None:
        """Take the names without 区 or 县, and text in which every name of ours stands."""
        self._names = frozenset(names)
        self._ours = ours

    def elsewhere(self, text: str) -> str | None:
        """Return the district that `text` names and that is not ours, as it is called there."""
        for at in range(len(text)):
            for length in range(_LONGEST, 1, -1):
                base = text[at : at + length]
                if base in self._names and (said := self._said(text, at, at + length)):
                    return said
        beside = _NEXT_DOOR.search(text)
        return beside.group() if beside else None

    def far(self, text: str) -> str | None:
        """Return the place elsewhere that `text` names by its city and district (成都双流)."""
        for at in range(len(text)):
            for middle in range(at + 2, min(at + _LONGEST, len(text)) + 1):
                for end in range(middle + 2, min(middle + _LONGEST, len(text)) + 1):
                    if self._is_far(text[at:middle], text[middle:end]):
                        return text[at:end]
        return None

    def _is_far(self, city: str, district: str) -> bool:
        known = {city.rstrip("市"), district} <= self._names - _COMMON
        return known and city not in self._ours and district not in self._ours

    def _said(self, text: str, start: int, end: int) -> str | None:
        """Return a name with its 区, or without it before the word for a hall; None if ours."""
        named = text[start : end + 1] if text[end : end + 1] in tuple(_SUFFIX) else ""
        if not named and text[start:end] not in _COMMON and _HALL.match(text, end):
            named = text[start:end]
        return named if named and named not in self._ours else None


def known_districts(ours: str) -> Districts:
    """Return the districts that jieba's dictionary knows.

    Args:
        ours: text in which every name of the own district stands.
    """
    names = set()
    with jieba.dt.get_dict_file() as lines:
        for line in lines:
            word, _, tag = line.decode("utf-8").split()
            if tag in _TAGS and word[-1] in _SUFFIX and 2 < len(word) <= _LONGEST + 1:
                names.add(word[:-1])
    return Districts(names, ours)
