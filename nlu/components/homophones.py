"""同音字 Mend characters typed for others of the same sound: 设保 → 社保."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pypinyin import lazy_pinyin

from components.pinyin import Path, PinyinReader

_RUN = re.compile(r"[一-龥]{2,60}")
_LONGEST = 6
_BEAM = 4


@dataclass
class HomophoneReader:
    """Weigh what is written against what sounds alike and fits better."""

    reader: PinyinReader
    slip: float = math.log(1e-4)
    """Log-chance of a wrong character; at ten times as much, right words are changed too."""

    _learned: set[str] = field(init=False)

    def __post_init__(self) -> None:
        """Find the words of the project's own text; only they may take another's place."""
        self._learned = {word for _, word in self.reader.pairs if len(word) > 1}

    def __call__(self, text: str) -> str:
        """Mend every run of characters of a text."""
        return _RUN.sub(lambda found: self._mended(found.group()), text)

    def _mended(self, run: str) -> str:
        sounds = lazy_pinyin(run)
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
        return "".join(max(paths[-1], key=lambda path: path.chance).words)

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
