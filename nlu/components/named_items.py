"""An item called by its name: 高龄津贴 in a long sentence is 高龄津贴申领, with all around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LEAST = 4
"""Characters of a name; shorter ones stand in other words."""

_ACT = 2
"""Characters by which a name ends with what is done (申领, 登记) and which people leave out."""


class NamedItems:
    """Names and aliases that belong to one item only and stand in no other item's."""

    def __init__(self, named: Iterable[tuple[str, Sequence[str]]]) -> None:
        """Take (item code, its name first and then its aliases, in normal form)."""
        items = [(code, list(phrases)) for code, phrases in named]
        self._codes = {
            phrase: code
            for code, phrases in items
            for phrase in {phrases[0][:-_ACT], *phrases}
            if len(phrase) >= LEAST
            and not any(
                phrase in other for rival, others in items if rival != code for other in others
            )
        }

    def __call__(self, text: str) -> str | None:
        """Return the code of the one item that a text calls by its name, or None."""
        codes = {code for phrase, code in self._codes.items() if phrase in text}
        return codes.pop() if len(codes) == 1 else None
