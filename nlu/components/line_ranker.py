"""指南的一行 Which line of a guide answers a question, learnt from pairs of question and line.

Nearness alone finds the right line first in half of the cases. What helps is what was answered to
similar questions about other items: a line counts as more likely, the more it resembles the lines
that answered them.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from components.embedding import Vectors
from standards.guide_lines import KINDS, GuideLine

Floats = NDArray[np.float64]

SIMILAR = 64
"""Learnt questions that are looked at for a new one."""

REMEMBERED = 8192
"""Texts whose characters and pairs of them are remembered: all lines of a catalogue."""

_SHARPNESS = 6.0
"""How much more a more similar question counts."""

_HUSHED_SHARPNESS = 12.0
"""The same where it is asked whether guides say nothing of it."""

_RIDGE = 5.0
_SMALL = 1e-9
_NUMERAL = re.compile("[0-9一二三四五六七八九十百千万两半几多]")


@dataclass(frozen=True)
class Asked:
    """A question with the lines of the guide it is about.

    Attributes:
        text: the question, without what the item is called.
        item: the item's code; what was learnt of it is no help with itself.
        lines: the guide's lines.
        answers: places of the lines that answer it, the best one first; none where no line does.
        element: the element it asks for, if the ear hears one.
    """

    text: str
    item: str
    lines: tuple[GuideLine, ...]
    answers: tuple[int, ...]
    element: str | None = None


class LineRanker:
    """Scores the lines of a guide for a question."""

    def fit(self, asked: Sequence[Asked], questions: Vectors, lines: dict[str, Vectors]) -> None:
        """Learn from questions whose lines are known.

        Args:
            asked: the questions.
            questions: their sentence vectors (n, 384).
            lines: sentence vector by `heard` of every line.
        """
        self._weigh({line.heard for one in asked for line in one.lines})
        self._centre = np.concatenate([questions, np.stack(list(lines.values()))]).mean(axis=0)
        told = [place for place, one in enumerate(asked) if one.answers]
        best = [asked[place].lines[asked[place].answers[0]] for place in told]
        self._asked = self._centred(questions[told])
        self._heard = self._centred(questions)
        self._silent = np.array([not one.answers for one in asked])
        self._answered = self._centred(np.stack([lines[line.heard] for line in best]))
        self._kinds = _kinds(best)
        self._stated = sorted({kind for one in asked for line in one.lines for kind in line.typed})
        self._typed = self._states(best)
        items = np.array([one.item for one in asked])
        views = [
            self._view(one, vector, _stacked(one.lines, lines), items[told] == one.item)
            for one, vector in zip(asked, questions, strict=True)
        ]
        self._learn_order(asked, views)
        hushed = [
            self._hushed(vector, items == one.item)
            for one, vector in zip(asked, self._heard, strict=True)
        ]
        self._learn_silence(asked, views, hushed)

    def rank(self, asked: Asked, question: Vectors, vectors: Vectors) -> tuple[Floats, float]:
        """Score the lines of a guide for a question.

        Args:
            asked: the question with the guide's lines, at least one.
            question: its sentence vector (384,).
            vectors: sentence vectors of what is `heard` of each line (n, 384).

        Returns:
            Chance of each line to be the one that answers, if one does; chance that one does.
        """
        view = self._view(asked, question, vectors)
        scores = self._scores(view)
        chances = np.exp(scores - scores.max())
        hushed = self._hushed(self._centred(question[np.newaxis, :])[0])
        return chances / chances.sum(), float(expit(self._sign(view, scores, hushed)))

    def covered(self, text: str, told: Iterable[str]) -> float:
        """Return which share of what a text says is said anywhere in texts: 0 to 1.

        The rarer characters and pairs of them are in guides, the more they count.
        """
        grams = _grams(text)
        said = frozenset[str]().union(*map(_grams, told))
        return self._weight(grams & said) / self._weight(grams)

    def _view(
        self,
        asked: Asked,
        question: Vectors,
        vectors: Vectors,
        unseen: NDArray[np.bool_] | None = None,
    ) -> Floats:
        """See lines as the ranker does → (lines, features)."""
        text, lines = asked.text, asked.lines
        vector, seen = self._centred(question[np.newaxis, :])[0], self._centred(vectors)
        kinds = _kinds(lines)
        before = self._precedents(vector, seen, lines, unseen)
        near = np.stack([seen @ vector, *self._shared(text, lines), *before]).T
        order = (-near).argsort(axis=0).argsort(axis=0)[:, :3]
        alike = np.array([(kinds == kind).sum() for kind in kinds])
        both = [bool(_NUMERAL.search(text)) and bool(_NUMERAL.search(x.heard)) for x in lines]
        length = np.array([len(line.heard) for line in lines])
        meets = np.array([line.kind == asked.element for line in lines])
        misses = ~meets & (asked.element is not None)
        rest = np.stack([alike, length, np.array(both), meets, misses]).T
        is_kind = np.eye(len(KINDS))[kinds]
        return np.concatenate([near, near - near.max(axis=0), order, rest, is_kind], axis=1)

    def _precedents(
        self,
        asked: Vectors,
        vectors: Vectors,
        lines: Sequence[GuideLine],
        unseen: NDArray[np.bool_] | None,
    ) -> list[Floats]:
        """Compare lines with those that answered the questions most similar to a new one."""
        alike = self._asked @ asked
        if unseen is not None:
            alike = np.where(unseen, -1.0, alike)
        count = min(SIMILAR, len(alike))
        places = np.argpartition(-alike, count - 1)[:count]
        near = alike[places]
        share = np.exp(_SHARPNESS * (near - near.max()))
        share /= share.sum()
        likeness = vectors @ self._answered[places].T
        same = _kinds(lines)[:, np.newaxis] == self._kinds[places]
        states_same = self._states(lines) @ self._typed[places].T > 0
        close = np.clip(likeness, 0, 1) ** 2
        return [
            close @ share,
            (close * same) @ share,
            (likeness * np.clip(near, 0, 1)).max(axis=1),
            same @ share,
            states_same @ share,
        ]

    def _states(self, lines: Sequence[GuideLine]) -> NDArray[np.float32]:
        """Return which kinds of conditions lines state → (lines, kinds)."""
        return np.array(
            [[kind in line.typed for kind in self._stated] for line in lines], dtype=np.float32
        ).reshape(len(lines), len(self._stated))

    def _weigh(self, texts: Iterable[str]) -> None:
        """Learn how rare characters and pairs of them are."""
        counted: Counter[str] = Counter()
        total = 0
        for text in texts:
            counted.update(_grams(text))
            total += 1
        self._rare = {gram: math.log((total + 1) / (count + 1)) for gram, count in counted.items()}
        self._rarest = math.log(total + 1)

    def _shared(self, text: str, lines: Sequence[GuideLine]) -> tuple[Floats, Floats]:
        """Share of the question's characters that stand in a line, and the other way round."""
        asked = _grams(text)
        whole = self._weight(asked)
        told = [_grams(line.heard) for line in lines]
        both = np.array([self._weight(asked & grams) for grams in told])
        return both / whole, both / np.array([self._weight(grams) for grams in told])

    def _weight(self, grams: Iterable[str]) -> float:
        return sum(self._rare.get(gram, self._rarest) for gram in grams) + _SMALL

    def _centred(self, vectors: Vectors) -> Vectors:
        """Leave out what all vectors of e5 share."""
        moved = vectors - self._centre
        unit = moved / (np.linalg.norm(moved, axis=1, keepdims=True) + _SMALL)
        return np.asarray(unit, dtype=np.float32)

    def _scores(self, view: Floats) -> Floats:
        return np.asarray((view - self._mean) / self._scale @ self._weights, dtype=np.float64)

    def _learn_order(self, asked: Sequence[Asked], views: Sequence[Floats]) -> None:
        """Learn to put the lines first that answer: softmax over the lines of a question."""
        known = [(one, view) for one, view in zip(asked, views, strict=True) if one.answers]
        rows = np.concatenate([view for _, view in known])
        self._mean, self._scale = rows.mean(axis=0), rows.std(axis=0) + _SMALL
        rows = (rows - self._mean) / self._scale
        counts = [len(view) for _, view in known]
        starts = np.cumsum([0, *counts[:-1]])
        owner = np.repeat(np.arange(len(known)), counts)
        right = np.zeros(len(rows))
        for start, (one, _) in zip(starts, known, strict=True):
            right[[start + place for place in one.answers]] = 1

        def loss(weights: Floats) -> tuple[float, Floats]:
            scores = rows @ weights
            grown = np.exp(scores - np.maximum.reduceat(scores, starts)[owner])
            chances = grown / np.add.reduceat(grown, starts)[owner]
            hit = np.add.reduceat(chances * right, starts)
            slope = rows.T @ (chances - chances * right / hit[owner]) + _RIDGE * weights
            return -np.log(hit).sum() + _RIDGE * (weights**2).sum() / 2, slope

        start = np.zeros(rows.shape[1])
        self._weights = minimize(loss, start, jac=True, method="L-BFGS-B").x

    def _hushed(self, asked: Vectors, unseen: NDArray[np.bool_] | None = None) -> Floats:
        """See whether guides say nothing to the questions most similar to one → (features,)."""
        alike = self._heard @ asked
        if unseen is not None:
            alike = np.where(unseen, -1.0, alike)
        count = min(SIMILAR, len(alike))
        places = np.argpartition(-alike, count - 1)[:count]
        share = np.exp(_HUSHED_SHARPNESS * (alike[places] - alike[places].max()))
        silent = self._silent[places]
        nearest = [alike[self._silent == is_so].max(initial=-1.0) for is_so in (False, True)]
        return np.array([(share * silent).sum() / share.sum(), silent.mean(),
                         alike[places].max(), nearest[0] - nearest[1]])  # fmt: skip

    def _learn_silence(
        self, asked: Sequence[Asked], views: Sequence[Floats], hushed: Sequence[Floats]
    ) -> None:
        """Learn to see that no line answers: by the best line, and by questions like it."""
        table = np.stack([
            self._signs(view, self._scores(view), one)
            for view, one in zip(views, hushed, strict=True)
        ])  # fmt: skip
        self._usual, self._spread = table.mean(axis=0), table.std(axis=0) + _SMALL
        signs = self._told_by(table)
        told = np.array([bool(one.answers) for one in asked])

        def loss(weights: Floats) -> tuple[float, Floats]:
            chances = expit(signs @ weights)
            missed = np.where(told, chances, 1 - chances)
            slope = signs.T @ (chances - told) + weights
            return -np.log(missed + _SMALL).sum() + (weights**2).sum() / 2, slope

        start = np.zeros(signs.shape[1])
        self._silence = minimize(loss, start, jac=True, method="L-BFGS-B").x

    def _sign(self, view: Floats, scores: Floats, hushed: Floats) -> float:
        """Return the log odds that a guide answers at all."""
        return float(self._told_by(self._signs(view, scores, hushed)) @ self._silence)

    def _told_by(self, signs: Floats) -> Floats:
        scaled = (signs - self._usual) / self._spread
        return np.concatenate([np.ones((*scaled.shape[:-1], 1)), scaled], axis=-1)

    def _signs(self, view: Floats, scores: Floats, hushed: Floats) -> Floats:
        """See how well the best line fits → (features,)."""
        best = int(np.argmax(scores))
        others = np.delete(scores, best)
        lead = scores[best] - (others.max() if len(others) else scores[best])
        fit = [scores[best], lead, *view[best, :8], *view[:, :3].max(axis=0)]
        return np.array([*fit, *hushed])


@functools.lru_cache(maxsize=REMEMBERED)
def _grams(text: str) -> frozenset[str]:
    plain = "".join(sign for sign in text if sign.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1)) | frozenset(plain)


def _kinds(lines: Sequence[GuideLine]) -> NDArray[np.int64]:
    return np.array([KINDS.index(line.kind) for line in lines], dtype=np.int64)


def _stacked(lines: Sequence[GuideLine], vectors: dict[str, Vectors]) -> Vectors:
    return np.stack([vectors[line.heard] for line in lines])
