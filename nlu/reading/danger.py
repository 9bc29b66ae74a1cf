"""危险 Hears danger to a person in a text, by two voices: a short lexicon and a classifier."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.embedding import Vectors
from components.sign_model import Reading, plain
from components.yaml_files import read_yaml

from reading.looks import TwoLooks

SUSPECT = -1.75
"""Log odds of the n-grams from which a text without a plain word gets a second look. That has
learnt from less suspicious ones too; what it raises among them is mostly harmless (measured)."""

RAISED = {"self_harm": -1.25, "violence": -1.25, "lost": -1.0, "medical": -0.75, "fraud": -0.75,
          "hunger": 0.0, "hazard": 0.0}  # fmt: skip
"""Log odds, n-grams, neighbours and network counted, from which the classifier raises the alarm:
the earlier, the more a danger that is not heard costs and the fewer everyday texts resemble it."""

RAISED_SHORT = ((4, 2.0), (8, 1.0), (12, 0.25))
"""Characters of texts that say too little, and the log odds they need without a plain word."""

QUIETENED = {"self_harm": -1.0, "violence": -1.0}
"""Log odds below which the classifier quietens a word of the lexicon. Where none stand it is 0:
more likely harmless. A word is heard in short texts, of which more is asked without it."""

GAP = 6
"""Characters that may stand where an entry of the lexicon has "…"."""

MOST_ENTRIES = 150


@dataclass(frozen=True)
class Danger:
    """A danger that was heard.

    Attributes:
        kind: self_harm, violence, lost, medical, hazard, fraud or hunger.
        way: how, within the kind: own, other, child, fire, gas, …
        odds: log odds by the classifier.
    """

    kind: str
    way: str
    odds: float


@dataclass(frozen=True)
class Suspicion:
    """A text that might tell of danger: the pieces that do, worst first, and a plain word."""

    readings: tuple[Reading, ...]
    said: tuple[str, str] | None


class DangerWords:
    """The lexicon: plain words, each with its kind and way."""

    def __init__(self, words: Mapping[str, Mapping[str, Sequence[str]]]) -> None:
        """Compile the words, one expression a way.

        Raises:
            ValueError: there are more than `MOST_ENTRIES`.
        """
        if sum(len(entries) for ways in words.values() for entries in ways.values()) > MOST_ENTRIES:
            raise ValueError(f"more than {MOST_ENTRIES} words of danger: teach the classifier")
        self._ways = [
            (kind, way, re.compile("|".join(map(_pattern, entries))))
            for kind, ways in words.items()
            for way, entries in ways.items()
        ]

    @classmethod
    def read(cls, data_dir: Path) -> DangerWords:
        """Read `dictionaries/safety.yml`."""
        return cls(read_yaml(data_dir / "dictionaries" / "safety.yml"))

    def found(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield kind and way of every word that stands in a text."""
        said = plain(text)
        for kind, way, words in self._ways:
            if words.search(said):
                yield kind, way


class SafetyReader:
    """Says whether a text tells of danger, whatever else it may mean."""

    def __init__(self, words: DangerWords, looks: TwoLooks) -> None:
        """Take the two voices; the classifier looks twice."""
        self._words = words
        self._looks = looks

    def suspects(self, text: str) -> Suspicion | None:
        """Look at a text, which costs nothing; None where it is evidently harmless.

        A plain word is looked at again whatever the n-grams say of it: 我还是去跳河吧.
        """
        said = next(self._words.found(text), None)
        readings = self._looks.first(text, -math.inf if said else SUSPECT)
        return Suspicion(readings, said) if readings or said else None

    def judges(self, suspicion: Suspicion, vectors: Sequence[Vectors]) -> Danger | None:
        """Look again, at what the suspected pieces mean.

        Args:
            suspicion: what was suspected.
            vectors: sentence vectors of its pieces (384,), each of the piece's normal form.

        Returns:
            The danger, or None.
        """
        seen = self._looks.second(suspicion.readings, vectors)
        if seen is None:
            return None
        kind, way = seen.label.split(".")
        if seen.odds >= max(_bar(seen.piece), RAISED[kind]):
            return Danger(kind, way, seen.odds)
        if suspicion.said and seen.odds >= QUIETENED.get(suspicion.said[0], 0.0):
            return Danger(*suspicion.said, seen.odds)
        return None


def _bar(piece: str) -> float:
    """Return the log odds that a piece of text needs at least, being as short as it is."""
    return next((odds for most, odds in RAISED_SHORT if len(piece) <= most), -math.inf)


def _pattern(entry: str) -> str:
    return f".{{0,{GAP}}}".join(re.escape(part) for part in entry.split("…"))
