"""同音字 Mend characters typed for others of the same sound: 设保 → 社保, 要贷什么 → 要带什么."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from pypinyin import lazy_pinyin

from components.pinyin import Path, PinyinReader

_RUN = re.compile(r"[一-龥]{2,60}")
_LONGEST = 6
_BEAM = 4

KNOWN_FROM = 5
"""Occurrences in the project's text that let a character take another's place."""

EDGE_FROM = 6
"""Occurrences of the only pair at the end of a sentence, where one neighbour must tell enough."""


@dataclass
class HomophoneReader:
    """Weigh what is written against what sounds alike and fits better."""

    reader: PinyinReader
    slip: float = math.log(3e-4)
    """Log-chance of a wrong character; at ten times as much, right words are changed too."""

    names: re.Pattern[str] = re.compile(r"(?!)")
    """What may be somebody's name, alone: only a whole word of the same sound takes its place."""

    _learned: set[str] = field(init=False)
    _pairs: Counter[tuple[str, str]] = field(init=False)
    _alike: dict[str, list[str]] = field(init=False)

    def __post_init__(self) -> None:
        """Find the words and characters of the project's own text; only they may step in."""
        self._learned = {word for _, word in self.reader.pairs if len(word) > 1}
        self._pairs, seen = Counter(), Counter[str]()
        for (before, word), count in self.reader.pairs.items():
            self._pairs[before[-1:], word[0]] += count
            for pair in pairwise(word):
                self._pairs[pair] += count
            for sign in word:
                seen[sign] += count
        self._alike = defaultdict(list)
        for sign, count in seen.items():
            if count >= KNOWN_FROM:
                self._alike[lazy_pinyin(sign)[0]].append(sign)

    def __call__(self, text: str) -> str:
        """Mend every run of characters of a text."""
        mended = _RUN.sub(lambda found: self._mended(found.group()), text)
        if self.names.fullmatch(text) and mended not in self.reader.counts:
            return text
        return mended

    def _mended(self, run: str) -> str:
        sounds = lazy_pinyin(run)
        words = self._words(run, sounds)
        signs = list("".join(words))
        place = 0
        for word in words:
            # A character that belongs to a word is vouched for by it.
            if len(word) == 1:
                signs[place] = self._fitting(signs, place, sounds[place])
            place += len(word)
        return "".join(signs)

    def _words(self, run: str, sounds: list[str]) -> tuple[str, ...]:
        """Give the likeliest words that sound as written."""
        paths: list[list[Path]] = [[] for _ in range(len(run) + 1)]
        paths[0] = [Path(0.0)]
        for start in range(len(run)):
            paths[start] = sorted(paths[start], key=lambda path: -path.chance)[:_BEAM]
            for word, slips in self._starting(run, sounds, start):
                ways = [
                    (path.chance + self.reader.log_chance(path.last, word), path)
                    for path in paths[start]
                ]
                chance, path = max(ways, key=lambda way: way[0])
                after = Path(chance + slips * self.slip, (*path.words, word))
                paths[start + len(word)].append(after)
        return max(paths[-1], key=lambda path: path.chance).words

    def _starting(self, run: str, sounds: list[str], start: int) -> Iterator[tuple[str, int]]:
        """Give the words that may begin at a place, with the characters they change."""
        yield run[start], 0
        for end in range(start + 2, min(len(run), start + _LONGEST) + 1):
            written = run[start:end]
            if written in self.reader.counts:
                yield written, 0
            for word, _ in self.reader.words.get("".join(sounds[start:end]), ()):
                if word in self._learned and len(word) == len(written) and word != written:
                    yield word, sum(a != b for a, b in zip(word, written, strict=True))

    def _fitting(self, signs: list[str], place: int, sound: str) -> str:
        """Give the character that was meant.

        The written one if it was ever seen beside either neighbour, else one of the same sound
        that was seen beside both.
        """
        written = signs[place]
        before = signs[place - 1] if place else ""
        after = signs[place + 1] if place + 1 < len(signs) else None
        if self._pairs[before, written] or (after and self._pairs[written, after]):
            return written
        best, most = written, 0
        for sign in self._alike.get(sound, ()):
            fits = self._pairs[before, sign]
            if after is None:
                fits = fits if fits >= EDGE_FROM else 0
            else:
                fits *= self._pairs[sign, after]
            if fits > most:
                best, most = sign, fits
        return best
