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
_OF_IT = r"(?:那边|那里|那儿)?(?:的|那个|哪个|有)*"
_HALL = re.compile(rf"{_OF_IT}(?:政务|办事|便民|大厅)")
# The same behind a name with 区, which is taken for nothing else.
_ANY_HALL = re.compile(rf"{_OF_IT}(?:政务|办事|便民|大厅|服务|办证|市民|行政|审批|窗口)")
# 旁边市场, 其他市民 and 此外 speak of no city.
_NEXT_DOOR = re.compile(
    rf"(?:隔壁|旁边|邻|别的?|其他|(?<![此另之以])外)(?:一?个)?的?"
    rf"[{_SUFFIX[:3]}](?!面|域|里头?的|(?<=市)[民场政监])"
)
# One that no dictionary knows: 隔壁锦南区的不动产大厅.
_NAMED_NEXT_DOOR = re.compile(rf"隔壁的?([一-龥]{{2,3}}[{_SUFFIX[:3]}])(?=[的那])")
# Where somebody lives, works or comes from.
_FROM_THERE = re.compile(r"(?:住在?|家在?|户[口籍]在?|老家在?|从|[我他她]们?(?:人|现在|都|就)*在)$")
_TAKEN_UP = re.compile(r"那边|那里|那儿")
_US = re.compile(r"你们|您们|咱们?")
# Named so in the dictionary, and said of any place.
_COMMON = frozenset({"中心", "新城", "旧城", "小市", "大市", "西市", "东门", "平安", "和平"})


class Districts:
    """Knows the districts, counties and cities of the country, and which names are ours."""

    def __init__(
        self, names: Iterable[str], halls: Iterable[str], ours: str, places: Iterable[str] = ()
    ) -> None:
        """Take the names without 区 or 县, what our halls are called, and text with all our names.

        Args:
            names: of the districts.
            halls: of our own halls.
            ours: text in which every name of ours stands.
            places: of the country, by which a city before them is meant.
        """
        self._names = frozenset(names)
        self._named_places = (self._names | frozenset(places)) - _COMMON
        self._halls = frozenset(halls)
        self._ours = ours

    def elsewhere(self, text: str) -> str | None:
        """Return the district whose halls `text` is about, as it is called there, if not ours."""
        for at in range(len(text)):
            for length in range(_LONGEST, 1, -1):
                base = text[at : at + length]
                said = self._said(text, at, at + length) if base in self._names else None
                if said and self._is_meant(text, at, at + len(said)):
                    return said
        named = _NAMED_NEXT_DOOR.search(text)
        if named and named.group(1) not in self._ours:
            return named.group(1)
        for beside in _NEXT_DOOR.finditer(text):
            if self._is_meant(text, *beside.span()):
                return beside.group()
        return None

    def _is_meant(self, text: str, start: int, end: int) -> bool:
        """Tell whether the halls of a district are meant, and not that somebody lives there."""
        after = text[end:]
        if _ANY_HALL.match(after) or _TAKEN_UP.search(after):
            return True
        ours = _US.search(text) or any(hall in text for hall in self._halls)
        return not ours and not _FROM_THERE.search(text[:start])

    def far(self, text: str) -> str | None:
        """Return the place elsewhere that `text` names by its city (成都双流, 北京天安门).

        A city alone tells nothing: 北京路 is a street of many.
        """
        for at in range(len(text)):
            for middle in range(at + 2, min(at + _LONGEST, len(text)) + 1):
                for end in range(middle + 2, min(middle + _LONGEST, len(text)) + 1):
                    if self._is_far(text[at:middle], text[middle:end]):
                        return text[at:end]
        return None

    def _is_far(self, city: str, place: str) -> bool:
        if city in _COMMON or city in self._ours or place in self._ours:
            return False
        return city.rstrip("市") in self._names and place in self._named_places

    def _said(self, text: str, start: int, end: int) -> str | None:
        """Return a name with its 区, or without it before the word for a hall; None if ours."""
        named = text[start : end + 1] if text[end : end + 1] in tuple(_SUFFIX) else ""
        if not named and text[start:end] not in _COMMON and _HALL.match(text, end):
            named = text[start:end]
        return named if named and named not in self._ours else None


def known_districts(halls: Iterable[str], ours: str) -> Districts:
    """Return the districts that jieba's dictionary knows.

    Args:
        halls: what our own halls are called.
        ours: text in which every name of the own district stands.
    """
    names, places = set(), set()
    with jieba.dt.get_dict_file() as lines:
        for line in lines:
            word, _, tag = line.decode("utf-8").split()
            if tag in _TAGS and word[-1] in _SUFFIX and 2 < len(word) <= _LONGEST + 1:
                names.add(word[:-1])
            if tag == "ns" and len(word) > 1:
                places.add(word)
    return Districts(names, halls, ours, places)
