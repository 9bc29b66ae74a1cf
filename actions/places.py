"""地点 Finds the place a citizen names inside a description, so that nobody is asked twice."""

from __future__ import annotations

import re

_KIND = (
    r"(?:小区|社区|花园|家园|公寓|广场(?!舞)|市场|菜市|学校|小学|中学|幼儿园|医院|公园|车站|地铁站|公交站|超市|窗口|"
    r"大道|路口|街口|巷子|大桥|立交|(?:(?<![迷带走问赶过让修半])路|街|巷|村|桥|苑|坝|湾)(?![灯面边上不人况])|\d+号|\d+栋|\d+幢)"
)
# Goes on a place that was begun; by itself it names none.
_INSIDE = r"\d+(?:单元|楼|层|室)|[\d一二三四五六七八九十]{1,3}[组社队]"
_HEAD, _MORE = r"[㐀-鿿A-Za-z0-9]{2,12}?", r"[㐀-鿿A-Za-z0-9]{0,10}?"
_PLACE = re.compile(
    rf"({_HEAD}{_KIND}(?:{_MORE}(?:{_KIND}|{_INSIDE}))*(?:大门|门口|对面|旁边|附近|路段|[东西南北中]段|尽头|拐角|里面|楼下|后面|前面)?)"
)
_HAPPENS = re.compile(r"有[个人]|[有了被把在]")
_LEAD = re.compile(
    r"^(?:我们?|你们|他们|这个|那个|就?在|位于|到|从|住在?|反映|投诉|举报|有人|今天|昨天|就?是|的|了"
    r"|请问|一直|喂|你好)+"
)


def place_named(text: str) -> str | None:
    """Return the first place named in `text`, without the words before it, if there is one."""
    match = _PLACE.search(re.sub(r"\s+", "", text))
    if not match:
        return None
    # "楼下有人在石桥路": what happens there stands before the place.
    place = _LEAD.sub("", _HAPPENS.split(match.group(1))[-1])
    # Without its lead it must still have a name: "我们小区3栋" is anybody's.
    return place if _PLACE.match(place) and not place.startswith(("小区", "社区")) else None
