"""What an ear says to whole splits; several tests ask for the same ones."""

from __future__ import annotations

from scoring import Pair, read_questions
from understand import Ear


class Heard:
    """An ear that answers each split once and is asked as often as one likes."""

    def __init__(self, ear: Ear) -> None:
        self._ear = ear
        self._pairs: dict[str, list[Pair]] = {}

    async def __call__(self, split: str) -> list[Pair]:
        """Return the questions of a split, each with its parse."""
        if split not in self._pairs:
            questions = read_questions(split)
            parses = await self._ear.parse_all([question["text"] for question in questions])
            self._pairs[split] = list(zip(questions, parses, strict=True))
        return self._pairs[split]
