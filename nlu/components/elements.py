"""要素 Which of a guide's eight elements is asked: cue words first, a classifier for the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from components.embedding import Vectors
from components.text_classifier import TextClassifier

ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
NOTHING = "none"
_CLAUSE_END = re.compile("[,.?!;，。？！；]+")


@dataclass
class ElementFinder:
    """Find the asked element of a normalised text, or None."""

    cues: list[tuple[str, re.Pattern[str]]]
    classifier: TextClassifier
    sure: float

    @classmethod
    def trained(cls, words: dict[str, Any], embed: Callable[[list[str]], Vectors]) -> ElementFinder:
        """Learn from elements.yml: ordered cues and labelled example questions."""
        cues = [(cue["element"], re.compile("|".join(cue["patterns"]))) for cue in words["cues"]]
        pairs = [(text, label) for label, texts in words["examples"].items() for text in texts]
        classifier = TextClassifier()
        texts = [text for text, _ in pairs]
        classifier.fit(texts, embed(texts), [label for _, label in pairs])
        return cls(cues, classifier, float(words["sure"]))

    def __call__(self, text: str, vector: Vectors) -> str | None:
        """Name the element asked; a story comes first, its question last."""
        for clause in reversed(_CLAUSE_END.split(text)):
            for element, pattern in self.cues:
                if pattern.search(clause):
                    return None if element == NOTHING else element
        label, chance = self.classifier.ranking(text, vector)[0]
        return label if label != NOTHING and chance >= self.sure else None
