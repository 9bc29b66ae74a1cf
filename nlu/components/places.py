"""地点 Places as people name them: addresses down to the community, and "beside the bus stop"."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.spans import Span
from components.yaml_files import read_yaml
from standards.acceptors.plain import LOOKED_AT, plain_signs

_NAME = 10
"""Signs a name may have before its kind: 云溪区第二人民|医院."""

_STEPS = 6
"""Parts a place may have: street, community, estate, building, unit, room."""

_SIDES = "东西南北中"
"""The only names of one sign before a kind of one sign: 东街."""

_NUMBER = r"(?:(?<![\d.])\d{1,12}(?:\.\d{1,4})?|[零〇一二两三四五六七八九十百千万]{1,16})"
_SIGN = re.compile("[一-龥A-Za-z0-9]+$")
_HOUSE = (
    rf"(?:{_NUMBER}(?:号(?:院|楼|房)?|[栋幢座期弄]|单元|[楼层](?!梯|道|下|上|顶)|[室户](?!口|籍)"
    r"|[组社队](?![织合区保会长伍]))|[A-Za-z]\d?[区座栋幢]"
    r"|(?<=[元栋楼幢座])[\- ]?\d{3,4}(?!\d))"
)


_AND = re.compile(r"[、和跟与及]|还有|以及")


@dataclass(frozen=True)
class Community:
    """社区 A community of the grid with its street."""

    code: str
    name: str
    street: str


class PlaceFinder:
    """Find addresses, communities and place phrases; made once from the grid and the word list."""

    def __init__(self, words: dict[str, list[str]], communities: Iterable[Community]) -> None:
        """Compile the expressions."""
        self._communities = {one.name: one for one in communities}
        known = [*self._communities, *{one.street for one in self._communities.values()}]
        self._known = re.compile(_any_of(known))
        self._leads = re.compile(rf".*(?:{_any_of(words['leads'])})")
        self._nameless = frozenset(["", *words["nameless"]])
        self._no_name = re.compile(rf"(?:{_any_of(words['no_name'])}|[0-9])$")
        self._anywhere, self._only = frozenset(words["anywhere"]), frozenset(words["only"])
        long = _any_of([*known, *(kind for kind in words["kinds"] if len(kind) > 1)])
        short = _any_of(kind for kind in words["kinds"] if len(kind) == 1)
        kind = rf"(?:{long}|(?:{short})(?!{_any_of(words['not_before'])}))"
        self._kind = re.compile(kind)
        # What goes on from a place to a nearer one: 人民路口|那个公交站, 石桥社区|3栋2单元.
        self._nearer = re.compile(
            rf"[,， ]?(?:{_HOUSE}|(?:上?的|那个|这个|那边的)?{_sign_before(kind)})"
        )
        self._beside = re.compile(rf"(?:的|那个|那)?(?:{_any_of(words['beside'])})")
        self._house = re.compile(_HOUSE)

    def __call__(self, text: str) -> list[Span]:
        """Find what says where; `community` carries its code and street from the grid."""
        plain = plain_signs(text[:LOOKED_AT])
        found: list[Span] = []
        at = 0
        while kind := self._kind.search(plain, at):
            # A word for a kind may stand inside a name: 石桥路, 大学路.
            span = self._around(plain, kind, found[-1].end if found else 0)
            at = span.end if span else kind.start() + 1
            if span:
                found.append(span)
        return found + [self._community(match) for match in self._known.finditer(plain)
                        if match.group() in self._communities]  # fmt: skip

    def named(self, text: str) -> str | None:
        """Return the first place in `text` that somebody could be sent to, None without one.

        Several that are told in a row come together.

        学校门口 is a place, but of any school; 青石小学门口 is one to go to.
        """
        places = sorted(
            (span for span in self(text) if span.kind != "community"), key=lambda span: span.start
        )
        found = [span for span in places if self._can_be_found(span.value)]
        if not found:
            return None
        # Several that are told in a row are all of them meant: 古井社区、河湾社区和松林社区.
        said, end = found[0].value, found[0].end
        for span in found[1:]:
            if not _AND.fullmatch(text, end, span.start):
                break
            said, end = f"{said}、{span.value}", span.end
        return said

    def _can_be_found(self, said: str) -> bool:
        if self._known.search(said):
            return True
        for kind in self._kind.finditer(said):
            name = said[self._start(said, kind.start(), 0) : kind.start()]
            certain = kind.group() not in self._anywhere or self._house.search(said)
            if kind.group() in self._only or (certain and self._is_name(name, kind.group())):
                return True
        return False

    def _is_name(self, name: str, kind: str) -> bool:
        """Tell whether `name` makes a kind of place a certain one: 人民路, and not 走路."""
        if name in self._nameless or self._no_name.search(name):
            return False
        return len(name) > 1 or len(kind) > 1 or name in _SIDES

    def _community(self, match: re.Match[str]) -> Span:
        community = self._communities[match.group()]
        more: dict[str, Any] = {"code": community.code, "street": community.street}
        return Span("community", community.name, *match.span(), more)

    def _around(self, plain: str, kind: re.Match[str], floor: int) -> Span | None:
        """Grow a place from the word for its kind to both sides; None where it has no name."""
        start = self._start(plain, kind.start(), floor)
        at = self._repeated(self._nearer, plain, kind.end())
        end = self._repeated(self._beside, plain, at)
        beside = end > at
        known = self._known.search(plain, start, end)
        exact = self._house.search(plain, start, end)
        named = self._is_name(plain[start : kind.start()], kind.group())
        # 学校门口 is a place to go on from, 学校 alone is not.
        if not (named or known or exact or (beside and len(kind.group()) > 1)):
            return None
        is_address = (known or exact) and not beside
        said = re.sub(r"\s+", "", plain[start:end])
        return Span("address" if is_address else "place_phrase", said, start, end)

    def _repeated(self, pattern: re.Pattern[str], plain: str, end: int) -> int:
        """Follow a pattern as often as it goes on, within reason."""
        for _ in range(_STEPS):
            further = pattern.match(plain, end)
            if further is None:
                break
            end = further.end()
        return end

    def _start(self, plain: str, kind: int, floor: int) -> int:
        """Say where the name before a kind begins: behind what leads up to it."""
        signs = _SIGN.search(plain, max(floor, kind - _NAME), kind)
        if signs is None:
            return kind
        lead = self._leads.match(plain, signs.start(), kind)
        return lead.end() if lead else signs.start()


def _sign_before(kind: str) -> str:
    return rf"[一-龥A-Za-z0-9]{{0,6}}?{kind}"


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def load_finder(data: Path) -> PlaceFinder:
    """Make a finder from the grid and the word list of the data folder.

    Raises:
        FileNotFoundError: the folder has no word list.
    """
    words, *grid = finder_files(data)
    return PlaceFinder(read_yaml(words), read_communities(grid))


def finder_files(data: Path) -> list[Path]:
    """Name what a finder is made from: the word list, then the grid (data/grid/README.md)."""
    return [data / "dictionaries" / "places.yml", *sorted((data / "grid").glob("*.geojson"))]


def read_communities(files: Iterable[Path]) -> list[Community]:
    """社区 Read the grid's communities, each once."""
    found = {}
    for path in files:
        for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
            known = feature["properties"]
            community = Community(known["community_code"], known["community"], known["street"])
            found[community.code] = community
    return list(found.values())
