"""危险 Hears danger to a person in a text, by two voices: a short lexicon and a classifier."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from components.embedding import Vectors
from components.sign_model import Reading, pieces, plain
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

QUIETENED = {"self_harm": -2.5, "violence": -1.5}
"""Log odds below which the classifier quietens a word of the lexicon. Where none stand it is 0:
more likely harmless. A word is heard in short texts, of which more is asked without it. What is
learnt differs by half a unit from machine to machine; on the dev split nothing harmless with a word
of suicide lies above -4.7."""

ASKED_ABOUT = 2.5
"""Log odds that a danger needs where an item is applied for that has to do with it, which asks for
such things: 右手食指断了 told to 工伤认定. Suicide and violence are heard there as everywhere."""

PIECEMEAL = 0.3
"""Log odds that a danger needs more for every e-fold number of pieces of a text."""

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
    """A text that might tell of danger.

    Attributes:
        readings: the pieces that do, worst first.
        said: kind and way of a plain word.
        pieces: how many pieces were looked at.
    """

    readings: tuple[Reading, ...]
    said: tuple[str, str] | None
    pieces: int = 1


@dataclass(frozen=True)
class ToForm:
    """What a text is said to.

    Attributes:
        item: code of the item that is applied for; empty where no such form is open.
        answers: whether the text holds the number that the form asks for.
    """

    item: str = ""
    answers: bool = False


TO_NONE = ToForm()


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

    def __init__(
        self, words: DangerWords, looks: TwoLooks, akin: Mapping[str, Collection[str]]
    ) -> None:
        """Take the two voices, of which the classifier looks twice.

        Args:
            words: the lexicon.
            looks: the classifier.
            akin: kinds of danger that an item has to do with, by its code.
        """
        self._words = words
        self._looks = looks
        self._akin = akin

    def suspects(self, text: str) -> Suspicion | None:
        """Look at a text, which costs nothing; None where it is evidently harmless.

        A plain word is looked at again whatever the n-grams say of it: 我还是去跳河吧.
        """
        said = next(self._words.found(text), None)
        readings = self._looks.first(text, -math.inf if said else SUSPECT)
        if not readings and not said:
            return None
        return Suspicion(readings, said, len(pieces(text)))

    def judges(
        self, suspicion: Suspicion, vectors: Iterable[Vectors], said_to: ToForm = TO_NONE
    ) -> Danger | None:
        """Look again, at what the suspected pieces mean.

        Args:
            suspicion: what was suspected.
            vectors: sentence vectors of its pieces (384,), each of the piece's normal form.
            said_to: the form that is open.

        Returns:
            The danger, or None.
        """
        seen = self._looks.second(suspicion.readings, vectors)
        if seen is None:
            return None
        kind, way = seen.label.split(".")
        raised = RAISED[kind] + _for_many(kind, suspicion.pieces)
        if seen.odds >= max(_bar(seen.piece), raised, self._asked(kind, said_to)):
            return Danger(kind, way, seen.odds)
        if suspicion.said and seen.odds >= self._quietened(suspicion.said[0], said_to):
            return Danger(*suspicion.said, seen.odds)
        return None

    def _asked(self, kind: str, said_to: ToForm) -> float:
        """Return the log odds that a danger needs because of what the open form asks for.

        With a number that was asked for it must be likelier than not: 打我女儿的电话，138….
        """
        if said_to.answers:
            return 0.0
        about = kind not in QUIETENED and kind in self._akin.get(said_to.item, ())
        return ASKED_ABOUT if about else -math.inf

    def _quietened(self, kind: str, said_to: ToForm) -> float:
        """Return the log odds under which a plain word is not meant."""
        return max(QUIETENED.get(kind, 0.0), self._asked(kind, said_to))


def _for_many(kind: str, count: int) -> float:
    """Return how much more a danger needs in a long text, of whose many pieces one may mislead.

    Suicide and violence are heard there as everywhere.
    """
    return 0.0 if kind in QUIETENED else PIECEMEAL * math.log(max(1, count))


def _bar(piece: str) -> float:
    """Return the log odds that a piece of text needs at least, being as short as it is."""
    return next((odds for most, odds in RAISED_SHORT if len(piece) <= most), -math.inf)


def _pattern(entry: str) -> str:
    return f".{{0,{GAP}}}".join(re.escape(part) for part in entry.split("…"))
