"""住址 Finds where somebody says where they live: 家住…, 住址是…, 收件地址：…. Pure.

The place of a trouble is no home and stays readable, so that whoever is sent finds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

LEAST = 4
"""Characters of an address."""

_TOLD = (
    "家住在", "家住", "家庭住址", "居住地址", "现住址", "住址", "家庭地址", "户籍地址", "户口地址",
    "收件地址", "收货地址", "邮寄地址", "通讯地址", "联系地址",
)  # fmt: skip
_BEFORE = "是为在：: "
_ENDS = frozenset("，。；！？,;!?\n")
_PLACES = frozenset("路街巷道弄里村组队镇乡区县市号栋幢楼")
_SAID = re.compile("|".join(_TOLD))


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each address that is told as somebody's."""
    for said in _SAID.finditer(text):
        rest = text[said.end() :].lstrip(_BEFORE)
        start = len(text) - len(rest)
        end = next((at for at in range(start, len(text)) if text[at] in _ENDS), len(text))
        if is_address(text[start:end]):
            yield start, end


def is_address(text: str) -> bool:
    """Tell whether a text may be an address: 霜凛巷7号, and not 跳过 or 得远."""
    return len(text) >= LEAST and not _PLACES.isdisjoint(text)
