"""年龄 How old somebody is: 八十一了, 78、9岁, 十九岁十个月, 46年生的, 80后, 刚满月."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from standards.acceptors import not_yet
from standards.acceptors.calendar_days import full_year, number, real_day
from standards.acceptors.numerals import NUMERAL, between
from standards.periods import Unit, began, lived, moved

OLDEST = 120
_HAN = "〇零一二三四五六七八九"
_N = NUMERAL
_LIST = r"[、,~～\-—–到至]"
_MORE = r"(?P<more>多|来|好几|几|出头)?"
_NEAR = re.compile(r"(?:快|将近|接近|差不多|差点|马上|眼看|即将)(?:就|都)?(?:要|到|满|是)?$")
# What is required of people, and told of nobody.
_RULE_BEFORE = re.compile(
    r"(?:要|得|必须|须|需要?|规定|要求|听说|说是|据说|是不是|有没有|是|非要?|起码|至少|最少|最低|等到?)(?:说)?(?:年)?(?:满|到|够|过)?$"
    r"|(?:还有|再过|还差|再等)[^,。]{1,6}(?:就|才|才能)?(?:满|到)?$|[差缺欠]$"
)
_RULE_AFTER = re.compile(
    r"(?:周?岁)?(?:的|及)?(?:以上|以下|以内|之内|以后|之后|以前|之前|才(?!到|刚|了)|就(?!要|快)|国家|政府|那年|开始)"
)
_SURE_BEFORE = re.compile(
    r"(?:今年|现在|已经|都|虚岁|[我他她妈爸娘爹爷奶婆公父母儿女男娃子伴哥姐弟妹嫂姨姑叔舅孙友夫妻]|刚|才|也"
    r"|(?<!退休)(?<!法定)年龄|年纪|岁数)(?:是|有)?$"
)
_YEARS = re.compile(
    rf"(?P<n>{_N})(?:{_LIST}(?P<to>{_N}))?{_MORE}(?:周岁|岁(?!数))"
    rf"(?:零?(?P<months>{_N})个?月(?!前|后)|(?P<half>半)|(?P<tail>多|出头|左右|上下))?"
)
_BARE = re.compile(
    rf"(?:(?P<lead>不到|没到|不满|没满|未满|将近|接近|差不多|今年|现在|已经|虚岁|周岁|年满|活到|年纪|岁数|快|都|满|刚|才|[一-鿿](?<=[我他她佢伊妈爸娘爹爷奶婆公父母儿女男娃子伴哥姐弟妹嫂姨姑叔舅孙友夫妻宝贝崽方的人]))"
    rf"(?:是|有|也|就|都|快|才|刚)?)?"
    rf"(?P<n>{_N})(?:{_LIST}(?P<to>{_N}))?{_MORE}"
    r"(?P<end>了(?!个|半|一)|(?=[呢吗嘛啦咯哦喽哈还能可也男女,。;!?、 ]|的(?:人|老)|的?$))"
)
# A number alone is an age where the age was asked for.
_ALONE = re.compile(
    rf"(?:^|(?<=[,、。;!?]))[^\d,、。]{{0,4}}?(?P<n>{_N})(?:{_LIST}(?P<to>{_N}))?{_MORE}"
    r"(?:左右|上下|吧|啊|呀|嘛|咯|啦|了|的样子|呢)*(?=[,、。;!?]|$)"
)
_Y = rf"(?P<y>(?<!\d)(?:19|20)\d\d|(?<!\d)\d\d|[{_HAN}]{{4}}|(?<![{_HAN}十])[{_HAN}]{{2}})"
_MD = rf"(?:年?(?P<m>\d{{1,2}}|{_N})月(?:份)?(?:(?P<d>\d{{1,2}}|{_N})[日号]?)?|年)"
_BORN_WORDS = r"(?:出生|生日|生的|生人|生(?=$|[,。;!?呢的])|的(?=$|[,。;!?呢老]))"
_BORN = re.compile(rf"{_Y}{_MD}(?:是|的)?(?:我|他|她)?{_BORN_WORDS}")
_BORN_ON = re.compile(rf"(?:出生|生日|生)(?:日期|年月日?|的?日子)?(?:是|在|于|为|:)*{_Y}{_MD}")
_WRITTEN = re.compile(
    r"(?P<lead>(?:出生|生日)(?:日期|年月日?)?(?:是|在|于|为|:)*)?"
    r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<s>[-/.]?)(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})(?!\d)(?P<born>出?生)?"
)
_DECADE = re.compile(
    rf"(?<![满过到第岁\d{_HAN}十])(?P<y>\d0|\d5|[{_HAN}]{{2}})后(?![天年面期来悔续备门勤果])"
)
_BABY = re.compile(
    r"(?P<month>(?:刚|才|快)?满月)|(?P<hundred>(?<![\d零〇一二三四五六七八九两几])(?:满?百天|百日宴?))|(?P<year>(?:刚|满|过)+周岁)|(?P<halfyear>半岁)"
    r"|(?P<born>(?:刚|才)(?:出生|生下来|落地|生完?(?=[,。娃的了]|孩)))"
    r"|(?P<minor>(?:未|没|没有)成年)|(?P<grown>(?:已经|早就|都|刚)?成年(?:了|人))"
)
_SINCE_BIRTH = re.compile(
    rf"(?:出生|生下来|落地|生了?)(?:才|都|已经|有|快|满|了)*(?P<n>{_N})(?P<u>天|个多?月|周|个?星期|个?礼拜)(?:多)?"
    rf"|(?P<n2>{_N})(?P<u2>天|个多?月|周|个?星期|个?礼拜)(?:多)?(?:大(?!概|约)|的?(?=娃|宝宝|孩子|婴儿|毛毛|小孩))"
)
_DAYS_OF = {"天": 1, "周": 7, "星": 7, "礼": 7}


@dataclass(frozen=True)
class FoundAge:
    """An age in `text[start:end]`, in completed units, and when that person can be born."""

    start: int
    end: int
    low: int
    high: int
    unit: Unit
    since: tuple[date, date]
    exact: bool = False


Reader = Callable[[re.Match[str], str, date], FoundAge | None]


def find(text: str, today: date, *, asked: bool = False) -> list[FoundAge]:
    """Return the ages told in a plain text, each once; what rules say is told of nobody.

    Args:
        text: what was said, in plain signs.
        today: the day it was said on.
        asked: whether an age was asked for, so that a number alone is one.
    """
    taken: list[FoundAge] = []
    for one in _every(text, today, asked=asked):
        if not any(one.start < other.end and other.start < one.end for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


def _every(text: str, today: date, *, asked: bool) -> Iterator[FoundAge]:
    readers: tuple[tuple[re.Pattern[str], Reader], ...] = (
        (_WRITTEN, _written), (_BORN, _born), (_BORN_ON, _born), (_DECADE, _decade),
        (_SINCE_BIRTH, _since_birth), (_BABY, _baby), (_YEARS, _years), (_BARE, _bare),
        *([(_ALONE, _number)] if asked else []),
    )  # fmt: skip
    for pattern, read in readers:
        for match in pattern.finditer(text):
            if one := read(match, text, today):
                yield one


def _is_rule(text: str, start: int, end: int) -> bool:
    """Tell whether a number is what is required (满八十岁才有) and nobody's own."""
    before = text[max(0, start - 8) : start]
    if _SURE_BEFORE.search(before):
        return False
    return bool(_RULE_BEFORE.search(before) or _RULE_AFTER.match(text, end))


def _years(match: re.Match[str], text: str, today: date) -> FoundAge | None:
    limits = _limits(match)
    if limits is None or _is_rule(text, match.start(), match.end()):
        return None
    return _approached(match.start(), match.end(), *_exactly(match, *limits), text, today)


def _exactly(match: re.Match[str], low: int, high: int) -> tuple[int, int, Unit]:
    """Return an age with the months or the half year that were said with it."""
    if match["months"] and low == high and (months := between(match["months"])):
        return low * 12 + int(months[0]), low * 12 + int(months[0]), "months"
    if match["half"]:
        return low * 12 + 6, high * 12 + 11, "months"
    return *_about(low, high, match["more"] or match["tail"] or ""), "years"


def _bare(match: re.Match[str], text: str, today: date) -> FoundAge | None:
    """Read a number that only can be an age: after somebody or 今年, or before 了."""
    first = not text[: match.start()].strip(" ,。")
    if not match["lead"] and not (first and match["end"]):
        return None
    if _is_rule(text, match.start("n"), match.end("n")):
        return None
    limits = _limits(match)
    if limits is None or (limits[1] < 10 and match["lead"] != "今年"):
        return None
    return _number(match, text, today)


def _number(match: re.Match[str], text: str, today: date) -> FoundAge | None:
    limits = _limits(match)
    if limits is None:
        return None
    low, high = _about(*limits, match["more"] or "")
    return _approached(match.start("n"), match.end(), low, high, "years", text, today)


def _approached(
    start: int, end: int, low: int, high: int, unit: Unit, text: str, today: date
) -> FoundAge | None:
    """Return an age, less than what is named after 快 and 不到, none that is still to come."""
    standing = not_yet.standing(text, start, end, today)
    # 六岁半 is from six and a half on; what is below it ends before.
    below = (low if unit == "months" else high) - 1
    if below >= 0 and _NEAR.search(text[max(0, start - 6) : start]):
        low = high = below
    elif below >= 0 and standing == "denied":
        low, high = 0, below
    elif standing in ("to_come", "asked"):
        return None
    return _age(start, end, low, high, unit, today)


def _limits(match: re.Match[str]) -> tuple[int, int] | None:
    limits = between(match["n"])
    if limits is None or limits[1] > OLDEST:
        return None
    low, high = int(limits[0]), int(limits[1])
    if not match["to"]:
        return low, high
    other = between(match["to"])
    if other is None:
        return None
    top = int(other[1])
    # 78、9 says the second figure alone.
    top += low // 10 * 10 if top < 10 <= low else 0
    return (low, top) if low < top <= OLDEST else None


def _about(low: int, high: int, more: str) -> tuple[int, int]:
    if more in ("左右", "上下"):
        return low - 1, high + 1
    if more == "出头":
        return low, low + 4
    return (low, high + 9) if more and low % 10 == 0 else (low, high)


def _born(match: re.Match[str], _text: str, today: date) -> FoundAge | None:
    year = full_year(match["y"], today, "born")
    month, day = (_small(match[name]) for name in ("m", "d"))
    return _of_birth(match, (year, month, day), today)


def _written(match: re.Match[str], _text: str, today: date) -> FoundAge | None:
    if not (match["lead"] or match["born"]):
        return None
    return _of_birth(match, (int(match["y"]), int(match["m"]), int(match["d"])), today)


def _of_birth(
    match: re.Match[str], born: tuple[int, int | None, int | None], today: date
) -> FoundAge | None:
    """Return the age of somebody born in a year, a month or on a day."""
    year, month, day = born
    first = real_day(year, month or 1, day or 1)
    if first is None:
        return None
    if day:
        last = first
    else:
        last = moved(first, 1, "months" if month else "years")
        last = date.fromordinal(last.toordinal() - 1)
    return _since(match, (first, last), today, exact=bool(day))


def _decade(match: re.Match[str], _text: str, today: date) -> FoundAge | None:
    year = full_year(match["y"], today, "born")
    last = date(year + (4 if year % 10 == 5 else 9), 12, 31)
    return _since(match, (date(year, 1, 1), last), today)


def _since(
    match: re.Match[str], born: tuple[date, date], today: date, *, exact: bool = False
) -> FoundAge | None:
    first, last = born[0], min(born[1], today)
    if first > last or first.year < today.year - OLDEST:
        return None
    low, high, unit = lived((first, last), today)
    return FoundAge(*match.span(), low, high, unit, (first, last), exact=exact)


def _since_birth(match: re.Match[str], _text: str, today: date) -> FoundAge | None:
    limits = between(match["n"] or match["n2"])
    unit = match["u"] or match["u2"]
    if limits is None:
        return None
    low, high = (int(limit) for limit in limits)
    if unit.endswith("月"):
        return _age(*match.span(), low, high, "months", today)
    each = _DAYS_OF[unit.lstrip("个")[0]]
    return _age(*match.span(), low * each, high * each + each - 1, "days", today)


def _baby(match: re.Match[str], text: str, today: date) -> FoundAge | None:
    readings: dict[str, tuple[int, int, Unit]] = {
        "month": (1, 1, "months"), "hundred": (100, 100, "days"), "year": (1, 1, "years"),
        "halfyear": (6, 6, "months"), "born": (0, 15, "days"), "minor": (0, 17, "years"),
        "grown": (18, OLDEST, "years"),
    }  # fmt: skip
    low, high, unit = readings[str(match.lastgroup)]
    standing = not_yet.standing(text, *match.span(), today)
    if standing in ("to_come", "asked"):
        return None
    below = match.group().startswith("快") or text[: match.start()].endswith("不")
    if below or standing == "denied":
        low, high = 0, high - 1
    return _age(*match.span(), low, high, unit, today)


def _small(said: str | None) -> int | None:
    try:
        return number(said) if said else None
    except ValueError:
        return None


def _age(start: int, end: int, low: int, high: int, unit: Unit, today: date) -> FoundAge | None:
    """Return an age in completed units; nobody is older than anybody ever was."""
    most = OLDEST * (12 if unit == "months" else 366 if unit == "days" else 1)
    if not 0 <= low <= high <= most:
        return None
    return FoundAge(start, end, low, high, unit, began((low, unit), (high, unit), today))
