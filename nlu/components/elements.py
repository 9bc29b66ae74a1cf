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

    cue: float = 5.5
    also: float = 2.5
    hint: float = 2.3
    topic: float = 0.8
    asking: float = 0.5
    telling: float = 3.0


@dataclass
class ElementFinder:
    """Find the asked element of a text, or None."""

    cues: list[Cue]
    classifier: TextClassifier
    hints: tuple[Cue, ...] = ()
    hints_yield_to: tuple[str, ...] = ()
    topics: tuple[Cue, ...] = ()
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
            topics=tuple((one, re.compile(said)) for one, said in words["topics"].items()),
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
        clauses = [clause for clause in _CLAUSE_END.split(text) if clause] or [text]
        for clause in reversed(clauses):
            if heard := list(dict.fromkeys(_fitting(self.cues, clause))):
                return self._by_cues(heard)
            if hint := next(_fitting(self.hints, clause), None):
                counted = self._by_topics(clause)
                counted[hint] = counted.get(hint, 0.0) + self.weights.hint
                return self._counted(counted, {hint, *self.hints_yield_to})
        asks = self.asks.search(text) or self.asks_aloud.search(said)
        nothing = self.weights.asking if asks else self.weights.telling
        return self._counted({**self._by_topics(clauses[-1]), NOTHING: nothing})

    def _by_topics(self, clause: str) -> dict[str, float]:
        """Count what a clause turns on."""
        return dict.fromkeys(_fitting(self.topics, clause), self.weights.topic)

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
