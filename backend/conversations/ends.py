"""Where each log ends, as far as this process knows: a place to try first, and never the truth."""

from __future__ import annotations

from collections import OrderedDict

CAPACITY = 50_000


class LogEnds:
    """The last place of the logs written lately, by conversation."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._ends: OrderedDict[str, int] = OrderedDict()

    def get(self, conversation_id: str) -> int | None:
        """Return the last place that this process has seen."""
        return self._ends.get(conversation_id)

    def keep(self, conversation_id: str, seq: int) -> None:
        """Remember the last place."""
        self._ends[conversation_id] = seq
        self._ends.move_to_end(conversation_id)
        if len(self._ends) > self._capacity:
            self._ends.popitem(last=False)

    def forget(self, conversation_id: str) -> None:
        """Forget a place that turned out to be wrong."""
        self._ends.pop(conversation_id, None)
