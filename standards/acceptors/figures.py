"""号码 Figures read out one by one, as voice input writes them: 幺三八, 四个零, 138 零零零零."""

from __future__ import annotations

import re
import unicodedata

_SIGNS = {"零": "0", "〇": "0", "洞": "0", "一": "1", "幺": "1", "二": "2", "三": "3", "四": "4",
          "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "叉": "X"}  # fmt: skip
_FIGURE = r"[\d零〇洞一幺二三四五六七八九]"
_COUNT = "[两二三四五六七八2-8]"
_REPEATED = re.compile(rf"(?P<count>{_COUNT})个(?P<sign>{_FIGURE})")
_RUN = re.compile(
    rf"(?:{_COUNT}个)?{_FIGURE}(?:[\s\-—.,，、]*(?:{_COUNT}个)?{_FIGURE})*"
    r"(?:[\s\-—]*[xX叉](?![A-Za-z]))?"
)
# 张三 138…，一家四口: a sign of the words around a number, and no figure of it.
_WORD_BEFORE = re.compile(r"[一二三四五六七八九](?=[\s,，、]*\d)[\s,，、]*")
_WORD_BEHIND = re.compile(r"(?<=\d)[\s,，、]+[一幺二三四五六七八九]$")
LEAST = 7
"""Fewer figures than these are an amount or a day, and no number of a paper or a phone."""


def folded(text: str) -> str:
    """Return `text` half-width with numbers that are read out in characters as figures.

    Only runs of at least `LEAST` figures are touched; what parts the figures stays.
    """
    half = unicodedata.normalize("NFKC", text)
    return _RUN.sub(lambda run: _in_figures(run.group()), half)


def solid(text: str) -> str:
    """Return `folded` text without what people put between the figures of one number."""
    return re.sub(r"(?<=[\dXx])[\s\-—–_.·]+(?=[\dXx])", "", folded(text))


def _in_figures(run: str) -> str:
    if before := _WORD_BEFORE.match(run):
        return before.group() + _in_figures(run[before.end() :])
    if behind := _WORD_BEHIND.search(run):
        return _in_figures(run[: behind.start()]) + behind.group()
    spread = _REPEATED.sub(lambda match: match["sign"] * _count(match["count"]), run)
    figures = "".join(_SIGNS.get(sign, sign) for sign in spread)
    return figures if len(re.sub(r"[^\dXx]", "", figures)) >= LEAST else run


def _count(said: str) -> int:
    return 2 if said == "两" else int(_SIGNS.get(said, said))
