"""Bring a citizen's words to one plain written form, before anything is understood."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from opencc import OpenCC

from components.yaml_files import read_yaml

RAW_LIMIT = 4000
"""Characters looked at; a longer text says what it wants long before."""

KEPT_LIMIT = 200
"""Characters kept for understanding: the embedder's cost grows with length."""

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_SPACE_IN_WORD = re.compile(rf"(?<=[{_HAN}])\s+(?=[{_HAN}])")
_SPACES = re.compile(r"\s+")
_REPEATED_SIGN = re.compile(r"([^\d\s])\1{2,}")
_REPEATED_PAIR = re.compile(r"([^\d\s]{2,4}?)\1{2,}")
_EDGES = " ,.!?;:~…、。，！？；：-—"
_EDGE = f"[{re.escape(_EDGES)}]"

Replacement = Callable[[re.Match[str]], str]
Change = tuple[re.Pattern[str], Replacement]


@dataclass(frozen=True)
class Dictionaries:
    """The words the normaliser replaces or drops, as plain data."""

    typos: dict[str, str]
    dialect: dict[str, str]
    dialect_patterns: tuple[tuple[str, str], ...]
    openings: tuple[str, ...]
    fillers: tuple[str, ...]
    endings: tuple[str, ...]
    kept: tuple[str, ...] = ()

    @classmethod
    def read(cls, folder: Path) -> Dictionaries:
        """Read typos.yml, dialect.yml and fillers.yml from a folder."""
        dialect = read_yaml(folder / "dialect.yml")
        fillers = read_yaml(folder / "fillers.yml")
        return cls(
            typos=_flat(read_yaml(folder / "typos.yml")["typos"]),
            dialect=_flat(dialect["words"]),
            dialect_patterns=tuple((p, r) for p, r in dialect["patterns"]),
            openings=tuple(fillers["openings"]),
            fillers=tuple(fillers["fillers"]),
            endings=tuple(fillers["endings"]),
            kept=tuple(dialect["kept"]),
        )


def _flat(groups: dict[str, list[str]]) -> dict[str, str]:
    """Turn {right: [wrong, …]} into {wrong: right}."""
    return {wrong: right for right, wrongs in groups.items() for wrong in wrongs}


def _any_of(words: Any) -> str:
    """Write a regular expression that prefers the longest word."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _replacing(words: dict[str, str]) -> Change:
    """Pair words with what stands for them."""
    return re.compile(_any_of(words)), lambda found: words[found.group()]


def _expanding(template: str) -> Replacement:
    """Write what a pattern found anew."""
    return lambda found: found.expand(template)


def _nothing(_: re.Match[str]) -> str:
    """Put nothing in the place of what was found."""
    return ""


def _unless_all(text: str, shorter: str) -> str:
    """Give the shorter form of a text if it still has words.

    您好0 is a greeting with a slip; the 0 alone would ask for a person.
    """
    shorter = shorter.strip(_EDGES)
    return shorter if any(sign.isalpha() for sign in shorter) else text


def _standing_alone(words: tuple[str, ...]) -> str:
    """Write an expression for words to drop; a single sign must be followed by a pause.

    Without the pause 额 would be cut from 额度.
    """
    long = _any_of(word for word in words if len(word) > 1 and not word.isascii())
    short = _any_of(word for word in words if len(word) == 1 or word.isascii())
    return rf"(?:{long}){_EDGE}*|(?:{short}){_EDGE}+"


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    """Give the process's one traditional-to-simplified converter."""
    return OpenCC("t2s")


def _is_noise(sign: str) -> bool:
    """Say whether a character is an emoji, a control or an invisible sign."""
    category = unicodedata.category(sign)
    return category in {"So", "Sk", "Cf", "Cc", "Cs", "Co", "Cn", "Mn"} and sign not in "\n\t\r"


class Normaliser:
    """A citizen's words in, one plain written form out; never empty where words were."""

    def __init__(self, words: Dictionaries) -> None:
        """Compile the dictionaries once."""
        self._kept = re.compile("|".join(words.kept) or r"(?!)")
        self._changes = [
            _replacing(words.typos),
            *((re.compile(p), _expanding(r)) for p, r in words.dialect_patterns),
            _replacing(words.dialect),
        ]
        self._opening = re.compile(rf"^(?:{_standing_alone(words.openings)})+")
        self._filler = re.compile(rf"(?:^|(?<={_EDGE}))(?:{_standing_alone(words.fillers)})")
        self._ending = re.compile(rf"(?:{_any_of(words.endings)}){_EDGE}*$")

    def __call__(self, text: str) -> str:
        """Normalise one text."""
        plain = self._plain_signs(text[:RAW_LIMIT])
        for pattern, replacement in self._changes:
            plain = self._changed(plain, pattern, replacement)
        return _shorten(self._without_fillers(plain))

    def _changed(self, text: str, pattern: re.Pattern[str], replacement: Replacement) -> str:
        """Replace what a pattern finds, but no characters that belong to other words."""
        if not pattern.search(text):
            return text
        kept = [found.span() for found in self._kept.finditer(text)]

        def one(found: re.Match[str]) -> str:
            start, end = found.span()
            inside = any(first < end and start < last for first, last in kept)
            return found.group() if inside else replacement(found)

        return pattern.sub(one, text)

    def _plain_signs(self, text: str) -> str:
        """Bring width, script, case, spaces and repetition to one form."""
        plain = unicodedata.normalize("NFKC", text)
        plain = "".join(" " if _is_noise(sign) else sign for sign in plain)
        plain = _simplifier().convert(plain).lower()
        plain = _SPACES.sub(" ", _SPACE_IN_WORD.sub("", plain)).strip()
        return _REPEATED_SIGN.sub(r"\1", _REPEATED_PAIR.sub(r"\1", plain))

    def _without_fillers(self, text: str) -> str:
        """Drop courtesy and hesitation unless nothing else was said."""
        for pattern in (self._opening, self._filler):
            text = _unless_all(text, pattern.sub("", text))
        longer = ""
        while longer != text:
            # One particle at a time: 加急啊 loses its last sign and no more.
            longer, text = text, _unless_all(text, self._changed(text, self._ending, _nothing))
        return text


def _shorten(text: str) -> str:
    """Keep the beginning and the end of a long story, where the wish usually stands."""
    if len(text) <= KEPT_LIMIT:
        return text
    return text[: KEPT_LIMIT * 3 // 5] + text[-KEPT_LIMIT * 2 // 5 :]
