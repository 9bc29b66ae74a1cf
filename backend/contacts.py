"""联系方式 Find e-mail addresses, WeChat and QQ names and number plates in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PLACES = (
    # Offices write from addresses under gov.cn; those are public.
    re.compile(
        r"(?<![\w.%+-])(?P<own>[\w.%+-]+)\s?[@＠]\s?(?![\w.-]*gov\.cn\b)[A-Za-z0-9-]+(?:[.．][A-Za-z0-9-]+)+",
        re.ASCII,
    ),
    re.compile(
        r"(?:微信|威信|薇信|wechat|weixin|vx|v信|QQ)\s*(?:号码?|id|账号)?\s*(?:就?[是为])?\s*[:：]?\s*"
        r"(?P<own>(?!wechat|weixin|paoyici)[A-Za-z][\w-]{5,19})(?![\w-])",
        re.IGNORECASE | re.ASCII,
    ),
    re.compile(
        r"(?:QQ\s*(?:号码?)?|微信号码?)\s*(?:就?[是为])?\s*[:：]?\s*(?P<own>[1-9]\d{4,10})(?!\d)",
        re.IGNORECASE,
    ),
    # 车牌: the province and the city stay.
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-HJ-NP-Z][·•.\s-]?"
        r"(?P<own>(?=[A-Z]{0,4}\d)[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Za-z0-9])",
        re.IGNORECASE,
    ),
)


def find(text: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of the part of each that leads to a person.

    Args:
        text: free text.
    """
    for pattern in _PLACES:
        for found in pattern.finditer(text):
            yield found.span("own")
