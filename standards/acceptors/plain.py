"""白话 Answers in plain signs, and the words of them that nothing accounts for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LOOKED_AT = 400
"""Characters of an answer that are read; a longer one tells a story."""

_SIMPLE = str.maketrans(
    "兩萬億點號週塊錢樓後幾時間禮單棟區醫學車場園廣門邊對東運鐘開從個貳參陸",
    "两万亿点号周块钱楼后几时间礼单栋区医学车场园广门边对东运钟开从个贰叁陆",
)
_FIGURE = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿]")
_RUN = re.compile(r"[㐀-鿿]+|[A-Za-z\d.]+")
# Words that carry no value of their own, in whatever question.
_WORDS = re.compile(
    r"大概|大约|约莫|差不多|左右|上下|应该|可能|好像|估计|算起来|加起来|合起来|总共|一共|合计|总的|全部|目前|现在|平时"
    r"|平均|一般|来说|记得|就是|不到|将近|接近|没到|超过|以上|以内|以下|我家|家里|家头|屋头|屋里|我们|咱们?|俺们?"
    r"|你们|他们|她们|自己|本人|这个|那个|那天|那会儿?|的时候|时候|当时|反正|具体|出头|一点点?|记不太?清楚?|记不得|说不准|其实|麻烦|谢谢|你好|您好|选项"
)
_SIGNS = re.compile(
    r"[的地得了吗呢吧啊呀嘛噻哈哦喔嗯呃哎唉诶咯呗咧哒啦呐喽我你您他她它俺是就有也都还才约共快要想选填写记那这个]"
)
# A sign alone says nothing, unless it turns the whole answer round.
_TURNING = "不没无非别莫前后"


@dataclass(frozen=True)
class Plain:
    """An answer half-width, simplified and without idle spaces, that knows its own places."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]` stands in the citizen's own words."""
        if start >= end:
            return 0, 0
        return self.places[start], self.places[end - 1] + 1


def is_chinese(text: str) -> bool:
    """Tell whether any character of `text` is a Chinese one."""
    return any("\u3400" <= sign <= "\u9fff" for sign in text)


def plain_signs(text: str) -> str:
    """Write half-width and simplified what rules look for; every character keeps its place."""
    return "".join(_sign(sign) for sign in text)


def plain(text: str) -> Plain:
    """Write `text` in plain signs; a space stays only where it parts two figures."""
    signs = plain_signs(text[:LOOKED_AT])
    kept: list[tuple[str, int]] = []
    for at, sign in enumerate(signs):
        if not sign.isspace():
            kept.append((sign, at))
            continue
        after = next((other for other in signs[at:] if not other.isspace()), "")
        if kept and _FIGURE.match(kept[-1][0]) and _FIGURE.match(after):
            kept.append((" ", at))
    return Plain("".join(sign for sign, _ in kept), tuple(at for _, at in kept))


def _sign(sign: str) -> str:
    half = unicodedata.normalize("NFKC", sign)
    return (half if len(half) == 1 else sign).translate(_SIMPLE)


def masked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return `text` with the signs of `spans` blotted out, every other one at its place."""
    signs = list(text)
    for start, end in spans:
        signs[start:end] = " " * (end - start)
    return "".join(signs)


def leftover(text: str, fillers: re.Pattern[str], asked: str = "") -> tuple[str, ...]:
    """Return the words of `text` that mean something.

    Args:
        text: what remains of an answer after its value was taken out (see `masked`).
        fillers: words that belong to a value of this kind and add nothing to it.
        asked: the question; words that repeat it add nothing.
    """
    rest = fillers.sub(" ", _WORDS.sub(" ", _without_question(text, asked)))
    rest = _SIGNS.sub(" ", rest)
    return tuple(run for run in _RUN.findall(rest) if _means_something(run))


def _means_something(run: str) -> bool:
    return len(run) > 1 or run in _TURNING or run.isascii()


def _without_question(text: str, asked: str) -> str:
    """Blot out what two neighbouring signs of `text` share with the question."""
    if not asked:
        return text
    shared = set()
    for at in range(len(text) - 1):
        if " " not in text[at : at + 2] and text[at : at + 2] in asked:
            shared |= {at, at + 1}
    return "".join(" " if at in shared else sign for at, sign in enumerate(text))
