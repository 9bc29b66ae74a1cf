"""要素 Which of a guide's eight elements is asked: cue words first, a classifier for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from components.embedding import Vectors
from components.text_classifier import TextClassifier

ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
NOTHING = "none"
_CLAUSE_END = re.compile("[,.?!;，。？！；]+")

Cue = tuple[str, re.Pattern[str]]


@dataclass
class ElementFinder:
    """Find the asked element of a normalised text, or None."""

    cues: list[Cue]
    classifier: TextClassifier
    sure: float
    hints: tuple[Cue, ...] = ()
    hints_yield_to: tuple[str, ...] = ()
    asks: re.Pattern[str] = re.compile("")

    @classmethod
    def trained(cls, words: dict[str, Any], embed: Callable[[list[str]], Vectors]) -> ElementFinder:
        """Learn from elements.yml: ordered cues, hints and labelled example questions."""
        pairs = [(text, label) for label, texts in words["examples"].items() for text in texts]
        classifier = TextClassifier()
        texts = [text for text, _ in pairs]
        classifier.fit(texts, embed(texts), [label for _, label in pairs])
        return cls(
            cues=_compiled(words["cues"]),
            classifier=classifier,
            sure=float(words["sure"]),
            hints=tuple(_compiled(words["hints"])),
            hints_yield_to=tuple(words["hints_yield_to"]),
            asks=re.compile(words["asks"]),
        )

    def __call__(self, text: str, vector: Vectors) -> str | None:
        """Name the element asked; a story comes first, its question last."""
        for clause in reversed(_CLAUSE_END.split(text)):
            if cue := _first(self.cues, clause):
                return None if cue == NOTHING else cue
            if hint := _first(self.hints, clause):
                learned = self._learned(text, vector)
                return learned if learned in self.hints_yield_to else hint
        return self._learned(text, vector) if self.asks.search(text) else None

    def _learned(self, text: str, vector: Vectors) -> str | None:
        """Ask the classifier; None where it is not sure."""
        label, chance = self.classifier.ranking(text, vector)[0]
        return label if label != NOTHING and chance >= self.sure else None


def _compiled(written: list[dict[str, Any]]) -> list[Cue]:
    return [(cue["element"], re.compile("|".join(cue["patterns"]))) for cue in written]


def _first(cues: Iterable[Cue], clause: str) -> str | None:
    """Name the element of the first cue that fits."""
    return next((element for element, pattern in cues if pattern.search(clause)), None)
