"""选项 Which of a field's choices is meant by words that are not its own ("跟别人租的" → 租房).

A conditional logit over a few similarities: of the answer to the choice as it is written, to its
name beside the field's label, and to what people were written down to say for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from components.character_ngrams import CharacterNgrams
from components.embedding import Vectors

Embed = Callable[[Sequence[str]], Vectors]
Floats = NDArray[np.float64]

_CLAUSE_END = re.compile(r"[,.!?;，。！？；、\s]+")
_LEAST = 2
"""Characters from which a part of an answer is looked at by itself."""

_RIDGE = 0.01
_NEAREST = 3
_FOLDS = 5
_NEARNESS = (0, 4)
"""Which of the evidence tells by itself: the similarity to the name and to the nearest phrase."""


@dataclass(frozen=True)
class Question:
    """A field that offers choices, as it is asked."""

    label: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Said:
    """Words of somebody who meant one of a field's choices."""

    question: Question
    words: str
    choice: str


@dataclass(frozen=True)
class Likely:
    """How likely a choice is meant.

    Attributes:
        chance: were one of the field's choices meant, that it is this one.
        near: how near its words are to the answer, 0 to 1, whatever else is offered.
    """

    chance: float
    near: float


@dataclass
class _Views:
    """Texts as the scorer sees them: centred vectors (n, 384) and n-grams (n, vocabulary)."""

    dense: Vectors
    lexical: csr_matrix


class ChoiceScorer:
    """Tell how likely each choice is meant by an answer."""

    def fit(self, told: Sequence[Said], embed: Embed) -> None:
        """Learn from words and the choices they meant, all in normal form but the choices."""
        self._phrases = [one.words for one in told]
        names = sorted({choice for one in told for choice in one.question.choices})
        vectors = embed([*self._phrases, *names])
        self._centre = vectors.mean(axis=0)
        asked = dict.fromkeys(one.question for one in told)
        self._beside = embed([text for one in asked for text in _labelled(one)]).mean(axis=0)
        self._ngrams = CharacterNgrams(3, 1)
        self._ngrams.fit([*self._phrases, *names])
        self._known = self._seen(self._phrases, embed)
        self._meant = np.array([one.choice for one in told])
        # What was written for a choice never speaks for itself, nor does an equal part for others.
        parts = np.arange(len(told)) % _FOLDS
        rows = [
            self._evidence(one.words, one.question, embed, unheard=parts == at % _FOLDS)
            for at, one in enumerate(told)
        ]
        places = [one.question.choices.index(one.choice) for one in told]
        self._weights = _solved(rows, places)

    def likely(self, words: str, question: Question, embed: Embed) -> list[Likely]:
        """Tell of each choice how likely it is meant.

        Args:
            words: the answer in normal form.
            question: what was asked.
            embed: gives sentence vectors.
        """
        evidence = self._evidence(words, question, embed)
        logits = evidence @ self._weights
        odds = np.exp(logits - logits.max())
        near = np.clip(evidence[:, _NEARNESS].max(axis=1), 0, 1)
        return [
            Likely(float(chance), float(nearness))
            for chance, nearness in zip(odds / odds.sum(), near, strict=True)
        ]

    def _evidence(
        self,
        words: str,
        question: Question,
        embed: Embed,
        *,
        unheard: NDArray[np.bool_] | None = None,
    ) -> Floats:
        """Return what speaks for each choice, by the part of the answer that says it best.

        Args:
            words: the answer in normal form.
            question: what was asked.
            embed: gives sentence vectors.
            unheard: which of the learnt phrases do not count.
        """
        parts = [words, *(part for part in _CLAUSE_END.split(words) if len(part) >= _LEAST)]
        parts = list(dict.fromkeys(parts))
        said = self._seen(parts, embed)
        names = self._seen(question.choices, embed)
        beside = _spread(embed(_labelled(question)), self._beside)
        alike = said.dense @ self._known.dense.T
        shared = (said.lexical @ self._known.lexical.T).toarray()
        if unheard is not None:
            alike[:, unheard] = shared[:, unheard] = 0.0
        by_name = [
            (said.dense @ names.dense.T).max(axis=0),
            (said.dense @ beside.T).max(axis=0),
            (said.lexical @ names.lexical.T).toarray().max(axis=0),
            [len(set(words) & set(choice)) / len(choice) for choice in question.choices],
        ]
        by_phrase = [
            self._by_phrases(alike, shared, self._meant == choice) for choice in question.choices
        ]
        return np.column_stack([np.column_stack(by_name), np.array(by_phrase)])

    def _by_phrases(
        self, alike: Vectors, shared: Vectors, of_choice: NDArray[np.bool_]
    ) -> tuple[float, ...]:
        """Compare an answer with what was written down for a choice, wherever it is offered."""
        if not of_choice.any():
            return 0.0, 0.0, 0.0, 1.0
        near = np.sort(alike[:, of_choice].max(axis=0))
        return (
            float(near[-1]),
            float(near[-_NEAREST:].mean()),
            float(shared[:, of_choice].max()),
            0.0,
        )

    def _seen(self, texts: Sequence[str], embed: Embed) -> _Views:
        return _Views(_spread(embed(list(texts)), self._centre), self._ngrams(list(texts)))


def _labelled(question: Question) -> list[str]:
    return [f"{question.label}：{choice}" for choice in question.choices]


def _spread(vectors: Vectors, centre: Vectors) -> Vectors:
    """Take away what all vectors share; rows of length one."""
    dense = vectors - centre
    dense /= np.linalg.norm(dense, axis=1, keepdims=True) + 1e-9
    return np.asarray(dense, dtype=np.float32)


def _solved(rows: Sequence[Floats], places: Sequence[int]) -> Floats:
    """Return the weights under which the meant choices are likeliest."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        value = _RIDGE * float(weights @ weights) / 2
        gradient = _RIDGE * weights
        for evidence, meant in zip(rows, places, strict=True):
            logits = evidence @ weights
            chances = np.exp(logits - logits.max())
            chances /= chances.sum()
            value -= float(np.log(chances[meant] + 1e-12))
            gradient = gradient + chances @ evidence - evidence[meant]
        return value, gradient

    width = rows[0].shape[1]
    return np.asarray(minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B").x)
