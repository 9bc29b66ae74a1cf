"""Hear one of a few dozen things in a text by its n-grams: a linear model says whether, one which.

What every turn costs is spent here, before any other understanding: some hundred look-ups in a
dictionary and one small product. Learning takes seconds and needs no sentence vectors.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from opencc import OpenCC
from scipy.sparse import csr_matrix, diags
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from components.project_files import dictionary_folder
from components.yaml_files import read_yaml
from standards.acceptors.plain import is_chinese

Floats = NDArray[np.float32]
Places = NDArray[np.int64]

NOTHING = ""
"""Label of a text that says none of them."""

LONGEST = 4
LOOKED_AT = 2000
"""Characters looked at; what is said first and last of a longer text counts."""

FOLDS = 4
"""Parts of the training text that are each read by a model that has not learnt them."""

_LONG, _LEAST = 60, 3
"""Characters from which a text is read part by part too, and which a sentence has at least."""

_ENDS = re.compile(r"[。！？!?；;\n]+")
_PAUSES = re.compile(r"[。！？!?；;\n，,、\s]+")
_EDGE = "^"


@dataclass(frozen=True)
class Reading:
    """What the n-grams say of a piece of text.

    Attributes:
        piece: the piece, plain.
        margins: how well each of what can be heard fits, in the order of the model's labels.
        evidence: log odds that any of it is said.
    """

    piece: str
    margins: Floats
    evidence: float


class SignModel:
    """Two linear models over one vocabulary of character n-grams."""

    def fit(self, texts: Sequence[str], labels: Sequence[str]) -> None:
        """Learn from plain texts; the label of one that says none of it is `NOTHING`.

        What the model would have said of each text had it not learnt it is kept as `held_out`.
        """
        grams = [Counter(_grams(text)) for text in texts]
        found = Counter(gram for counted in grams for gram in counted)
        kept = sorted(gram for gram, count in found.items() if count > 1)
        self._places = {gram: place for place, gram in enumerate(kept)}
        rarity = np.log((1 + len(texts)) / (1 + np.array([found[gram] for gram in kept]))) + 1
        self._rarity = rarity.astype(np.float32)
        matrix = self._matrix(grams)
        said = np.array([label != NOTHING for label in labels])
        self.labels = sorted(set(labels) - {NOTHING})

        def read(learnt: Places, held: Places) -> Floats:
            weights, bias = _whether(matrix[learnt], said[learnt])
            return np.asarray(matrix[held] @ weights + bias)

        self.held_out = held_out(said, read)
        whether, bias = _whether(matrix, said)
        which = LinearSVC(C=0.5, class_weight="balanced", random_state=0)
        target = np.searchsorted(self.labels, [label for label in labels if label != NOTHING])
        which.fit(matrix[said], target)
        weights = np.vstack([whether, which.coef_]).T
        self._weights = np.ascontiguousarray(weights, dtype=np.float32)
        self._bias = np.concatenate([[bias], which.intercept_]).astype(np.float32)

    def read(self, text: str) -> list[Reading]:
        """Read a text, a long one also piece by piece, so that no sentence in it is lost.

        A number, or a text in letters of another script, tells nothing.
        """
        return [self._read(piece) for piece in pieces(text) if is_chinese(piece)]

    def _read(self, piece: str) -> Reading:
        counted = Counter(gram for gram in _grams(piece) if gram in self._places)
        places = [self._places[gram] for gram in counted]
        values = self._weighed(places, list(counted.values()))
        scores = values @ self._weights[places] + self._bias
        return Reading(piece, scores[1:], float(scores[0]))

    def _weighed(self, places: Sequence[int], counts: Sequence[int]) -> Floats:
        """Weigh the counts of known n-grams, as a row of length one."""
        values = (1 + np.log(np.array(counts, dtype=np.float32))) * self._rarity[list(places)]
        return np.asarray(values / (np.sqrt(np.dot(values, values)) + 1e-9), dtype=np.float32)

    def _matrix(self, grams: Sequence[Counter[str]]) -> csr_matrix:
        """Weigh the kept n-grams of counted texts → (n, vocabulary)."""
        rows: list[Floats] = []
        columns: list[int] = []
        ends = [0]
        for counted in grams:
            known = [gram for gram in counted if gram in self._places]
            places = [self._places[gram] for gram in known]
            rows.append(self._weighed(places, [counted[gram] for gram in known]))
            columns += places
            ends.append(len(columns))
        shape = (len(grams), len(self._rarity))
        return csr_matrix((np.concatenate(rows), columns, ends), shape=shape)


def plain(text: str) -> str:
    """Return a text simplified, half-width, lower case, with nothing but letters and digits.

    Dialect that is written with one character is written plainly: 唔想活 as 不想活.
    """
    shown = text if len(text) <= LOOKED_AT else text[: LOOKED_AT // 2] + text[-LOOKED_AT // 2 :]
    written = _simplifier().convert(unicodedata.normalize("NFKC", shown)).lower()
    return re.sub(r"[\W_]+", "", written.translate(_dialect()))


def pieces(text: str) -> list[str]:
    """Return the plain text as a whole and each of its sentences, of a long one also its parts.

    Neighbouring parts stand together too: "他又喝多了" | "在砸门".
    """
    whole = plain(text)
    if not whole:
        return []
    sentences = [piece for part in _ENDS.split(text) if len(piece := plain(part)) >= _LEAST]
    if len(whole) <= _LONG:
        return list(dict.fromkeys([whole, *(sentences if len(sentences) > 1 else ())]))
    parts = [piece for part in _PAUSES.split(text) if len(piece := plain(part)) >= 2 * _LEAST]
    pairs = [before + after for before, after in pairwise(parts)]
    return list(dict.fromkeys([whole[: 2 * _LONG], whole[-_LONG:], *sentences, *parts, *pairs]))


def _whether(matrix: csr_matrix, said: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Learn whether something is said: weights of the n-grams (vocabulary,) and the bias.

    N-grams count as much as they tell the two sides apart, which short texts need: the features
    of Wang and Manning, "Baselines and Bigrams" (ACL 2012), with logistic regression.
    """
    stands = matrix > 0
    there, elsewhere = (np.asarray(stands[side].sum(axis=0)).ravel() + 1 for side in (said, ~said))
    telling = np.log(there / there.sum()) - np.log(elsewhere / elsewhere.sum())
    model = LogisticRegression(C=5.0, solver="liblinear", random_state=0)
    model.fit(matrix @ diags(telling.astype(np.float32)), said)
    return np.asarray(model.coef_[0] * telling, dtype=np.float32), float(model.intercept_[0])


def held_out(said: NDArray[np.bool_], read: Callable[[Places, Places], Floats]) -> Floats:
    """Give the log odds of each text by a model that has not learnt it → (n,).

    Args:
        said: whether each text says something (n,).
        read: learns the texts at the first places and reads those at the second.
    """
    odds = np.zeros(len(said), dtype=np.float32)
    parts = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    for learnt, held in parts.split(np.zeros(len(said)), said):
        odds[held] = read(learnt, held)
    return odds


def _grams(text: str) -> Iterator[str]:
    """Yield the n-grams of a plain text, its beginning and its end being signs too."""
    bounded = f"{_EDGE}{text}{_EDGE}"
    for length in range(1, LONGEST + 1):
        for start in range(len(bounded) - length + 1):
            yield bounded[start : start + length]


@lru_cache(maxsize=1)
def _dialect() -> dict[int, str]:
    """Return the plain word for each dialect word of one character."""
    listed = read_yaml(dictionary_folder() / "dialect.yml")["words"]
    return {ord(word): right for right, words in listed.items() for word in words if len(word) == 1}


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
