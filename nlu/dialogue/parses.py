"""What was understood of texts, remembered: the pipeline sees only the text and the day."""

from __future__ import annotations

from collections import OrderedDict

from dialogue.ports import ParseData

CAPACITY = 10_000


class Parses:
    """The parses of the last texts.

    Attributes:
        asked, known: how many texts were looked for and how many of them were there.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._parses: OrderedDict[tuple[str, str], ParseData] = OrderedDict()
        self.asked = 0
        self.known = 0

    def recall(self, text: str, day: str) -> ParseData | None:
        """Return the parse of a text on a day, or None if it was not heard lately."""
        self.asked += 1
        parsed = self._parses.get((text, day))
        if parsed is None:
            return None
        self.known += 1
        self._parses.move_to_end((text, day))
        return _own(parsed)

    def keep(self, text: str, day: str, parsed: ParseData) -> None:
        """Remember a parse, forgetting the text that was not heard for longest."""
        self._parses[(text, day)] = _own(parsed)
        while len(self._parses) > self._capacity:
            self._parses.popitem(last=False)


def _own(parsed: ParseData) -> ParseData:
    """Return a copy to which entities can be added."""
    return {**parsed, "entities": [dict(entity) for entity in parsed.get("entities") or ()]}
