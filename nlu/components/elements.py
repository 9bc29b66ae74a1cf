"""要素 Which of a guide's eight elements is asked: telling words weighed against a classifier."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from components.embedding import Vectors
from components.text_classifier import TextClassifier

ELEMENTS = ("basis", "conditions", "materials", "forms", "procedure", "time", "place", "fee")
NOTHING = "none"
_CLAUSE_END = re.compile("[,.?!;，。？！；]+")
_SMALLEST = 1e-9

Cue = tuple[str, re.Pattern[str]]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weights:
    """What words count beside the classifier's log-chances."""

    cue: float = 4.5
    also: float = 2.5
    hint: float = 3.0
    asking: float = 0.5
    telling: float = 3.0


@dataclass
class ElementFinder:
    """Find the asked element of a text, or None."""

    cues: list[Cue]
    classifier: TextClassifier
    hints: tuple[Cue, ...] = ()
    hints_yield_to: tuple[str, ...] = ()
    asks: re.Pattern[str] = field(default=re.compile(""))
    asks_aloud: re.Pattern[str] = field(default=re.compile("(?!)"))
    weights: Weights = Weights()

    @classmethod
    def trained(cls, words: dict[str, Any], embed: Callable[[list[str]], Vectors]) -> ElementFinder:
        """Learn from elements.yml: ordered cues, hints and labelled example questions."""
        pairs = [(text, label) for label, texts in words["examples"].items() for text in texts]
        classifier = TextClassifier(dense_scale=3.0, lexical_scale=5.0, ridge=0.5)
        texts = [text for text, _ in pairs]
        classifier.fit(texts, embed(texts), [label for _, label in pairs])
        return cls(
            cues=_compiled(words["cues"]),
            classifier=classifier,
            hints=tuple(_compiled(words["hints"])),
            hints_yield_to=tuple(words["hints_yield_to"]),
            asks=re.compile(words["asks"]),
            asks_aloud=re.compile(words["asks_aloud"]),
            weights=Weights(**words["weights"]),
        )

    def __call__(self, text: str, vector: Vectors, said: str = "") -> str | None:
        """Name the element asked in a normalised text, which was `said` so."""
        chances = self.classifier.probabilities([text], vector[np.newaxis, :])[0]
        evidence = np.log(chances + _SMALLEST) + self._told(text, said)
        label = self.classifier.labels[int(np.argmax(evidence))]
        return None if label == NOTHING else label

    def _told(self, text: str, said: str) -> Floats:
        """Give what words count for each label; a story comes first, its question last."""
        for clause in reversed(_CLAUSE_END.split(text)):
            if heard := list(dict.fromkeys(_fitting(self.cues, clause))):
                return self._by_cues(heard)
            if hint := next(_fitting(self.hints, clause), None):
                return self._counted({hint: self.weights.hint}, {hint, *self.hints_yield_to})
        asks = self.asks.search(text) or self.asks_aloud.search(said)
        return self._counted({NOTHING: self.weights.asking if asks else self.weights.telling})

    def _by_cues(self, heard: list[str]) -> Floats:
        """Count the cues of a clause, the first one most; who gives a cue asks for something."""
        counted = dict.fromkeys(heard, self.weights.also) | {heard[0]: self.weights.cue}
        possible = set(self.classifier.labels)
        return self._counted(counted, possible if NOTHING in heard else possible - {NOTHING})

    def _counted(self, counted: dict[str, float], possible: Iterable[str] | None = None) -> Floats:
        """Write weights in the order of the labels; a label that is not possible never wins."""
        labels = self.classifier.labels
        kept = set(labels if possible is None else possible)
        return np.array([counted.get(one, 0.0) if one in kept else -np.inf for one in labels])


def _compiled(written: list[dict[str, Any]]) -> list[Cue]:
    return [(cue["element"], re.compile("|".join(cue["patterns"]))) for cue in written]


def _fitting(cues: Iterable[Cue], clause: str) -> Iterator[str]:
    """Name the elements of all cues that fit, in their order."""
    return (element for element, pattern in cues if pattern.search(clause))
