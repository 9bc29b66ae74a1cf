"""Bring a citizen's words to one plain written form, before anything is understood."""

from __future__ import annotations

import re
import unicodedata
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


@dataclass(frozen=True)
class Dictionaries:
    """The words the normaliser replaces or drops, as plain data."""

    typos: dict[str, str]
    dialect: dict[str, str]
    dialect_patterns: tuple[tuple[str, str], ...]
    openings: tuple[str, ...]
    fillers: tuple[str, ...]
    endings: tuple[str, ...]

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
        )


def _flat(groups: dict[str, list[str]]) -> dict[str, str]:
    """Turn {right: [wrong, …]} into {wrong: right}."""
    return {wrong: right for right, wrongs in groups.items() for wrong in wrongs}


def _any_of(words: Any) -> str:
    """Write a regular expression that prefers the longest word."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


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
        self._typos = words.typos
        self._dialect = words.dialect
        self._typo = re.compile(_any_of(words.typos))
        self._dialect_word = re.compile(_any_of(words.dialect))
        self._patterns = [(re.compile(p), r) for p, r in words.dialect_patterns]
        self._opening = re.compile(rf"^(?:{_standing_alone(words.openings)})+")
        self._filler = re.compile(rf"(?:^|(?<={_EDGE}))(?:{_standing_alone(words.fillers)})")
        self._ending = re.compile(rf"(?:{_any_of(words.endings)})+(?={_EDGE}*$)")

    def __call__(self, text: str) -> str:
        """Normalise one text."""
        plain = self._plain_signs(text[:RAW_LIMIT])
        plain = self._typo.sub(lambda m: self._typos[m.group()], plain)
        for pattern, replacement in self._patterns:
            plain = pattern.sub(replacement, plain)
        plain = self._dialect_word.sub(lambda m: self._dialect[m.group()], plain)
        return _shorten(self._without_fillers(plain))

    def _plain_signs(self, text: str) -> str:
        """Bring width, script, case, spaces and repetition to one form."""
        plain = unicodedata.normalize("NFKC", text)
        plain = "".join(" " if _is_noise(sign) else sign for sign in plain)
        plain = _simplifier().convert(plain).lower()
        plain = _SPACES.sub(" ", _SPACE_IN_WORD.sub("", plain)).strip()
        return _REPEATED_SIGN.sub(r"\1", _REPEATED_PAIR.sub(r"\1", plain))

    def _without_fillers(self, text: str) -> str:
        """Drop courtesy and hesitation unless nothing else was said."""
        for pattern in (self._opening, self._filler, self._ending):
            shorter = pattern.sub("", text).strip(_EDGES)
            # 您好0 is a greeting with a slip; the 0 alone would ask for a person.
            text = shorter if any(sign.isalpha() for sign in shorter) else text
        return text


def _shorten(text: str) -> str:
    """Keep the beginning and the end of a long story, where the wish usually stands."""
    if len(text) <= KEPT_LIMIT:
        return text
    return text[: KEPT_LIMIT * 3 // 5] + text[-KEPT_LIMIT * 2 // 5 :]
