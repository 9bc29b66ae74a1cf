"""拼音 Read pinyin without tones as the Chinese it stands for, with the project's own words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import jieba
from pypinyin import lazy_pinyin

from components.normalisation import RAW_LIMIT

KNOWN_FROM = 30
"""Occurrences that make a word of jieba's general dictionary worth knowing: 70,000 words."""

GENERAL_WEIGHT = 1e-4
"""What an occurrence in jieba's dictionary counts beside one in the project's text."""

_SHARPEN = 0.7
"""Trust in what a word follows, over how frequent it is alone."""

_BEAM = 6
_LONGEST = 24
"""Letters of a written word: 身份证 is 12."""

_MOST = 200
"""Letters of a run; a longer one is no sentence."""

# Letters beside digits, dots or signs of an address are a web page, not speech.
_RUN = re.compile(r"(?<![a-z0-9./@:_-])[a-z]+(?:[ '’]+[a-z]+)*(?![a-z0-9./@:_-])", re.IGNORECASE)
_VOWEL = re.compile("[aeiouv]")
_GAP = re.compile(r"[ '’]+")

Spelling = tuple[str, frozenset[int]]
"""A word with the places in its letters where a syllable ends."""


@dataclass
class Path:
    """The best way to read the letters so far."""

    chance: float
    words: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """The word another one would follow."""
        return self.words[-1] if self.words else ""


@dataclass
class PinyinReader:
    """Words by their letters, how frequent they are, and which follow each other."""

    words: dict[str, list[Spelling]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: float = 0.0

    @classmethod
    def trained(cls, phrases: Iterable[str]) -> PinyinReader:
        """Learn the words of phrases, and general words behind them."""
        reader = cls()
        # A jieba of its own goes when this is done; the shared one would keep its 60 MB.
        general = jieba.Tokenizer()
        for phrase in phrases:
            cut = [word for word in general.cut(phrase) if _is_chinese(word)]
            for before, word in zip(["", *cut], cut, strict=False):
                reader.counts[word] += 1
                reader.pairs[before, word] += 1
            # Single characters spell what jieba's words do not.
            reader.counts.update({sign: 0 for word in cut for sign in word})
        general.initialize()
        for word, seen in general.FREQ.items():
            if seen >= KNOWN_FROM and _is_chinese(word):
                reader.counts[word] += seen * GENERAL_WEIGHT
        for word in reader.counts:
            letters, ends = _spelling(word)
            # 嗯 is spelt n: nobody types it so, and the English no would be read as 嗯哦.
            if _VOWEL.search(letters):
                reader.words.setdefault(letters, []).append((word, ends))
        reader.total = sum(reader.counts.values()) + len(reader.counts)
        return reader

    def __call__(self, text: str) -> str:
        """Put Chinese in the place of every run of two or more pinyin syllables."""
        return _RUN.sub(lambda found: self._run(found.group()), text[:RAW_LIMIT]) + text[RAW_LIMIT:]

    def _run(self, run: str) -> str:
        tokens = _GAP.split(run.lower())
        letters = "".join(tokens)
        if len(letters) > _MOST:
            return run
        gaps, place = set(), 0
        for token in tokens:
            place += len(token)
            gaps.add(place)
        read = self._read(letters, gaps)
        # One syllable alone may be anything; so may letters that are no pinyin.
        return read if read is not None and len(read) > 1 else run

    def _read(self, letters: str, gaps: set[int]) -> str | None:
        """Give the most likely reading; None if the letters are no pinyin."""
        paths: list[list[Path]] = [[] for _ in range(len(letters) + 1)]
        paths[0] = [Path(0.0)]
        for start in range(len(letters)):
            paths[start] = sorted(paths[start], key=lambda path: -path.chance)[:_BEAM]
            for word, end in self._starting(letters, start, gaps) if paths[start] else ():
                best = max(
                    paths[start], key=lambda path: path.chance + self.log_chance(path.last, word)
                )
                chance = best.chance + self.log_chance(best.last, word)
                paths[end].append(Path(chance, (*best.words, word)))
        if not paths[-1]:
            return None
        return "".join(max(paths[-1], key=lambda path: path.chance).words)

    def _starting(self, letters: str, start: int, gaps: set[int]) -> Iterator[tuple[str, int]]:
        """Give the words that begin at a place, with their ends."""
        for end in range(start + 1, min(len(letters), start + _LONGEST) + 1):
            inside = {gap - start for gap in gaps if start < gap < end}
            for word, ends in self.words.get(letters[start:end], ()):
                if inside <= ends:
                    yield word, end

    def log_chance(self, before: str, word: str) -> float:
        """Give the log-chance of a word after another."""
        alone = (self.counts[word] + 1e-3) / self.total
        after = self.pairs[before, word] / max(1.0, self.counts[before]) if before else 0.0
        return math.log((1 - _SHARPEN) * alone + _SHARPEN * after)


def _is_chinese(word: str) -> bool:
    return all("一" <= sign <= "龥" for sign in word)


def _spelling(word: str) -> tuple[str, frozenset[int]]:
    """Give the letters of a word and where its syllables end."""
    syllables = lazy_pinyin(word)
    ends, place = set(), 0
    for syllable in syllables:
        place += len(syllable)
        ends.add(place)
    return "".join(syllables), frozenset(ends)
