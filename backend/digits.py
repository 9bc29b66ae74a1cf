"""号码 Find long numbers that may be somebody's in free text, however they are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

# What nobody sees: format characters, variation selectors, enclosing keycaps.
_UNSEEN = frozenset({"Cf", "Mn", "Me"})
_SPOKEN = str.maketrans("零〇一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "001234567891123456789")
# Between the digits of one number stand at most three characters that are no word.
_GAP = r"[\W_年月日号时分点]"
# So near that the digits are one number, whatever number it is.
_NEAR = re.compile(r"[^\S\n]{0,3}|[^\S\n]?[-—–·•./\\_|][^\S\n]?")
_RUN = re.compile(rf"\d+(?:{_GAP}{{1,3}}\d+)*(?:{_GAP}{{0,3}}[xX](?![A-Za-z]))?")
_GROUP = re.compile(r"\d+|[xX]")
# Case and report numbers are nobody's personal data.
_OURS = re.compile(r"(?:BJ|GD|GX)(?:[\s\-—·.]{0,2}\d){13}(?!\d)", re.IGNORECASE)
# Dates, times, and small numbers with their unit.
_ORDINARY = (
    r"(?:19|20)\d\d(?P<by>[-/.])\d{1,2}(?P=by)\d{1,2}(?!(?P=by)\d{1,3}(?!\d))"
    r"|(?:19|20)\d\d年\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}月\d{1,2}[日号]"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    r"|(?:[01]?\d|2[0-4])[:时点][0-5]\d(?:[:分][0-5]\d)?"
    r"|(?:\d{1,3}(?:,\d{3})+|\d{1,6})(?:\.\d+)?(?=\s?[元块万亿%岁天月日个份人号楼室栋幢层米次条本张斤])"
    r"|\d{1,2}(?=\s?年)"
    r"|(?:19|20)\d\d"
)
# The first two digits of 《GB/T 2260》, and 99, which tests use.
_REGION = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[123]|9[19])\d{4}"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_PERSONAL = (
    re.compile(rf"{_REGION}(?:18|19|20)\d\d{_DAY}\d{{3}}[\dXx]"),
    re.compile(rf"{_REGION}\d\d{_DAY}\d{{3}}"),
    re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}"),
    re.compile(r"62\d{14,17}"),
    # An ID number with a digit too many or too few.
    re.compile(rf"{_REGION}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])\d{{4,7}}[Xx]?"),
)
_SHORTEST, _LONGEST = 11, 19
# A number of so few digits beside a date is none of a person's.
_FEW = 4


@dataclass(frozen=True, slots=True)
class Found:
    """A number in a text: where it begins and ends there, and its digits in ASCII."""

    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Digits that stand together; `ordinary` where they are of a date, a time or public."""

    start: int
    end: int
    digits: str
    ordinary: bool


def ordinary_numbers(public: Sequence[str]) -> re.Pattern[str]:
    """Return what finds numbers that are nobody's: dates, times, counts, and `public` ones.

    Args:
        public: public numbers as they are written.
    """
    spelled = [r"[\s\-—·.]{0,2}".join(re.findall(r"\d", number)) for number in public]
    known = "|".join(sorted(filter(None, spelled), key=len, reverse=True))
    # 热线 110, 119, 120, 122; 12345 and its like; 95 and 96 with three or four more.
    hotlines = r"1[12]\d|12\d{3}|9[56]\d{3,4}"
    return re.compile(rf"(?<!\d)(?:{known + '|' if known else ''}{hotlines}|{_ORDINARY})(?!\d)")


def seen(text: str) -> str:
    """Return a text without its format characters, which hide what stands between them."""
    return "".join(each for each in text if each.isascii() or unicodedata.category(each) != "Cf")


def find(text: str, ordinary: re.Pattern[str]) -> list[Found]:
    """Return the numbers that may be somebody's, in the order of the text.

    Look-alike digits (①, full-width, Chinese) count as digits. A number with the shape of an ID
    number, a phone or a bank card is found over gaps of three characters; any other one of eleven
    digits or more where its digits stand near each other.

    Args:
        text: free text.
        ordinary: what finds numbers that are nobody's (`ordinary_numbers`).
    """
    plain, places = _folded(text)
    plain = _OURS.sub(lambda found: "N" * len(found[0]), plain)
    found: list[Found] = []
    for run in _RUN.finditer(plain):
        if sum(map(str.isdigit, run[0])) < _SHORTEST:
            continue
        groups = _groups(plain, run.start(), run.end(), ordinary)
        for first, last, digits in _numbers(plain, groups):
            start, end = groups[first].start, groups[last].end
            if digits.startswith("86") and plain[start - 1 : start] == "+":
                start -= 1
            found.append(Found(places[start], places[end - 1] + 1, digits))
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """Return a text with plain digits, and where each of its characters stands in the original."""
    plain: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text):
        for each in _plain(character):
            plain.append(each)
            places.append(place)
    return "".join(plain), places


@lru_cache(maxsize=8192)
def _plain(character: str) -> str:
    if character.isascii():
        return character
    if unicodedata.category(character) in _UNSEEN:
        return ""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", character).translate(_SPOKEN)


def _groups(plain: str, start: int, end: int, ordinary: re.Pattern[str]) -> list[_Group]:
    """Return the digits of a run in the groups they are written in."""
    # A unit may stand just behind the run.
    tokens = [found.span() for found in ordinary.finditer(plain, start, end + 2)]
    return [
        _Group(
            one.start(),
            one.end(),
            one[0],
            any(first <= one.start() and one.end() <= last for first, last in tokens),
        )
        for one in _GROUP.finditer(plain, start, end)
    ]


def _numbers(plain: str, groups: Sequence[_Group]) -> Iterator[tuple[int, int, str]]:
    """Yield first and last group and the digits of each number of a run."""
    left = 0
    first = 0
    while first < len(groups):
        last = _personal(groups, first)
        if last is None:
            first += 1
            continue
        yield from _long(plain, groups, left, first)
        yield first, last, _digits(groups, first, last)
        left = first = last + 1
    yield from _long(plain, groups, left, len(groups))


def _personal(groups: Sequence[_Group], first: int) -> int | None:
    """Return the last group of a personal number that begins with group `first`."""
    windows: dict[str, int] = {}
    digits = ""
    for last in range(first, len(groups)):
        digits += groups[last].digits
        if len(digits) > _LONGEST:
            break
        if len(digits) >= _SHORTEST:
            windows[digits] = last
    for shape in _PERSONAL:
        for digits, last in reversed(windows.items()):
            if shape.fullmatch(digits) and not _nobodys(groups[first : last + 1]):
                return last
    return None


def _nobodys(groups: Sequence[_Group]) -> bool:
    """Tell whether groups are dates and the like alone, or are counted up (1、2、3)."""
    if all(group.ordinary for group in groups):
        return True
    if any(len(group.digits) > 2 or not group.digits.isdigit() for group in groups):
        return False
    return all(int(one.digits) < int(other.digits) for one, other in pairwise(groups))


def _long(
    plain: str, groups: Sequence[_Group], first: int, end: int
) -> Iterator[tuple[int, int, str]]:
    """Yield what has many digits near each other in groups that have no shape we know."""
    start = first
    for place in range(first + 1, end + 1):
        if place < end and _NEAR.fullmatch(plain, groups[place - 1].end, groups[place].start):
            continue
        yield from _near(groups, start, place)
        start = place


def _near(groups: Sequence[_Group], first: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Yield the long numbers among groups that stand near each other, without the dates there."""
    if end <= first or len(_digits(groups, first, end - 1)) < _SHORTEST:
        return
    strange = [place for place in range(first, end) if not groups[place].ordinary]
    pieces: list[tuple[int, int]] = []
    for place in strange:
        if pieces and pieces[-1][1] == place - 1:
            pieces[-1] = (pieces[-1][0], place)
        else:
            pieces.append((place, place))
    if any(_FEW < len(_digits(groups, *piece)) < _SHORTEST for piece in pieces):
        pieces = [(first, end - 1)]
    for piece in pieces:
        if len(digits := _digits(groups, *piece)) >= _SHORTEST:
            yield *piece, digits


def _digits(groups: Sequence[_Group], first: int, last: int) -> str:
    return "".join(group.digits for group in groups[first : last + 1])
