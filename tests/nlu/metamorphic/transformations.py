"""Other ways to write the same question: each family changes the form and keeps the meaning.

Every change is drawn from a generator seeded by the text itself, so a run repeats exactly.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import cache

import jieba
from components.normalisation import Dictionaries
from components.normaliser import known_phrases
from components.project_files import dictionary_folder
from opencc import OpenCC
from pypinyin import lazy_pinyin

Transformation = Callable[[str, random.Random], str]

_HAN = re.compile(r"[一-龥]+")
_PAUSES = re.compile(r"[\s,，。；;]+")
# What clings to the word before it.
_PARTICLES = set("的了着过吗呢吧啊呀嘛不")
# Not in data/dictionaries/fillers.yml, which the ear learned from.
_UNLISTED_OPENINGS = ("我这边想了解下哈", "那什么", "师傅啊", "麻烦了哈")
_UNLISTED_ENDINGS = ("谢谢了哈", "麻烦啦", "拜托了")


@cache
def _words() -> Dictionaries:
    return Dictionaries.read(dictionary_folder())


@cache
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


@cache
def _signs() -> dict[str, list[str]]:
    """Group the characters citizens use by their sound."""
    seen = Counter(sign for phrase in known_phrases() for sign in phrase if _HAN.match(sign))
    groups: dict[str, list[str]] = defaultdict(list)
    for sign, count in seen.items():
        if count >= 5:
            groups[_sound(sign)].append(sign)
    return groups


def _sound(sign: str) -> str:
    return str(lazy_pinyin(sign)[0])


def traditional(text: str, chance: random.Random) -> str:
    """繁体 The same text in traditional characters."""
    return _to_traditional().convert(text)


def full_width(text: str, chance: random.Random) -> str:
    """全角 Every ASCII sign full-width, and the characters of a word set apart."""
    wide = "".join(chr(ord(s) + 0xFEE0) if "!" <= s <= "~" else s for s in text)
    return " ".join(wide) if chance.random() < 0.3 else wide.replace(" ", "\u3000")


def fillers(text: str, chance: random.Random) -> str:
    """口头语 Hesitation before, within and after; some of it in no dictionary."""
    words = _words()
    opening = chance.choice([*words.openings, *_UNLISTED_OPENINGS])
    ending = chance.choice([*words.endings, *_UNLISTED_ENDINGS])
    parts = [part for part in _PAUSES.split(text) if part]
    if len(parts) > 1:
        parts.insert(chance.randrange(1, len(parts)), chance.choice(words.fillers))
    return f"{opening}，{'，'.join(parts)}{ending}"


def typos(text: str, chance: random.Random) -> str:
    """错别字 Every word that people are known to mistype, mistyped."""
    spellings = _spellings(_words().typos)
    any_right = "|".join(map(re.escape, sorted(spellings, key=len, reverse=True)))
    return re.sub(any_right, lambda found: chance.choice(spellings[found.group()]), text)


def dialect(text: str, chance: random.Random) -> str:
    """方言 Plain words as they are said in one dialect or another."""
    spellings = _spellings(_words().dialect)
    said = "".join(
        chance.choice(spellings[word]) if word in spellings else word for word in jieba.cut(text)
    )
    return said if said != text else text + chance.choice(["嘛", "噻", "哈"])


def homophones(text: str, chance: random.Random) -> str:
    """同音字 One character typed as another of the same sound, in no dictionary."""
    places = [
        place
        for place, sign in enumerate(text)
        if _HAN.match(sign) and set(_signs()[_sound(sign)]) - {sign}
    ]
    if not places:
        return text
    place = chance.choice(places)
    others = [sign for sign in _signs()[_sound(text[place])] if sign != text[place]]
    return text[:place] + chance.choice(others) + text[place + 1 :]


def pinyin(text: str, chance: random.Random) -> str:
    """拼音 Everything in letters; half of the writers leave no spaces within a word."""
    apart = chance.random() < 0.5

    def spelt(found: re.Match[str]) -> str:
        words = [found.group()] if apart else jieba.lcut(found.group())
        return " ".join((" " if apart else "").join(lazy_pinyin(word)) for word in words)

    return _HAN.sub(spelt, text)


def word_order(text: str, chance: random.Random) -> str:
    """语序 The last clause first; a single clause is turned at the word nearest its middle."""
    parts = [part for part in _PAUSES.split(text.strip("？?。！! ")) if part]
    if len(parts) > 1:
        return " ".join([parts[-1], *parts[:-1]])
    words = jieba.lcut(text)
    turns = [place for place, word in enumerate(words) if place and word not in _PARTICLES]
    middle = min(turns, key=lambda place: abs(place - len(words) / 2), default=0)
    return "".join([*words[middle:], *words[:middle]])


def _spellings(wrong_to_right: dict[str, str]) -> dict[str, list[str]]:
    """List the other spellings of every word that has some."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for wrong, right in wrong_to_right.items():
        spellings[right].append(wrong)
    return spellings


FAMILIES: dict[str, Transformation] = {
    "traditional": traditional,
    "full_width": full_width,
    "fillers": fillers,
    "typos": typos,
    "homophones": homophones,
    "pinyin": pinyin,
    "dialect": dialect,
    "word_order": word_order,
}


def transformed(family: str, text: str) -> str:
    """Write a text as a family writes it, the same way every time."""
    return FAMILIES[family](text, random.Random(f"{family}|{text}"))
