"""A word alone may stand for many 事项: 养老保险, 户口, 公租房 name no one thing to do.

No list of such words is kept: a short text is ambiguous where its characters stand, in this order,
in the names and aliases of several items about as often.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

SHORT = 5
"""Characters; a longer text says what is to be done."""

RIVAL = 0.25
"""How often a second item's phrases hold the word, beside the first's, to be a rival."""

RIVAL_OF_A_NAMESAKE = 0.7
"""The same beside an item that is itself called so: 低保, 失业金."""


class ShortWords:
    """The names and aliases of all items, ready to be searched."""

    def __init__(self, named: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (item code, its name and aliases in normal form)."""
        lines: list[str] = []
        owners: list[int] = []
        codes: list[str] = []
        self._counts: list[int] = []
        for owner, (code, phrases) in enumerate(named):
            codes.append(code)
            self._counts.append(len(phrases))
            lines += phrases
            owners += [owner] * len(phrases)
        self._codes = codes
        self._lines = lines
        self._owners = owners
        places: dict[str, list[int]] = defaultdict(list)
        for number, line in enumerate(lines):
            for sign in set(line):
                places[sign].append(number)
        self._places = {sign: array("I", found) for sign, found in places.items()}

    def fits_several(self, text: str) -> bool:
        """Say whether a text is a word that several items share."""
        if not 1 < len(text) <= SHORT:
            return False
        found = self._holding(text)
        if len(found) < 2:
            return False
        held = Counter(self._owners[line] for line in found)
        shares = {owner: count / self._counts[owner] for owner, count in held.items()}
        namesakes = {self._owners[line] for line in found if self._lines[line] == text}
        bar = RIVAL_OF_A_NAMESAKE if len(namesakes) == 1 else RIVAL
        first = namesakes.pop() if len(namesakes) == 1 else max(shares, key=shares.__getitem__)
        rivals = [share for owner, share in shares.items() if owner != first]
        return max(rivals, default=0.0) >= bar * shares[first]

    def first_of(self, text: str) -> str | None:
        """Give the item that stands first in the catalogue of those that share a word, or None.

        Departments write down first how a thing is had at all, then how it is changed or replaced.
        """
        if not self.fits_several(text):
            return None
        held = Counter(self._owners[line] for line in self._holding(text))
        shares = {owner: count / self._counts[owner] for owner, count in held.items()}
        bar = RIVAL * max(shares.values())
        return self._codes[min(owner for owner, share in shares.items() if share >= bar)]

    def _holding(self, text: str) -> list[int]:
        """List the lines that hold all characters of a text in its order."""
        rarest = min((self._places.get(sign, array("I")) for sign in text), key=len)
        return [line for line in rarest if _holds(self._lines[line], text)]


def _holds(line: str, text: str) -> bool:
    """Say whether the characters of a text stand in a line in their order."""
    place = -1
    for sign in text:
        place = line.find(sign, place + 1)
        if place < 0:
            return False
    return True
