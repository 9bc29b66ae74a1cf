"""时长 How long something has lasted, and since when: 住了三个月, 分居两年多, 过期一年零两个月."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from standards.acceptors import dates, not_yet
from standards.acceptors.numerals import NUMERAL, between
from standards.acceptors.plain import masked
from standards.periods import Unit, began, moved

_N = NUMERAL
LONGEST_YEARS = 99
# So far from the length the word for it may stand to be said back with it.
NEAR = 6
_TAIL = r"(?P<tail>多|不到|左右|上下|整|出头)?"
_NEAR = re.compile(
    r"(?:快|将近|接近|差不多|差点|马上|眼看|差几天|差一点)(?:就|都)?(?:要|到|满|有)?$"
)
_SPAN = re.compile(
    rf"(?P<y1>{_N})年(?:零|又|加|多)?(?P<m1>{_N})个?月(?:多|零)?"
    rf"|(?P<y2>{_N})年半"
    r"|(?P<large>大半年)|(?P<little>小半年)|(?P<halfyear>半年)(?P<t1>多|不到|左右|整)?"
    rf"|(?P<y3>{_N})(?P<a3>多|来|几|好几)?(?:个)?年(?![级代纪月检审货限份度初底末]){_TAIL}"
    r"|(?P<halfmonth>半个?(?:多)?月)"
    rf"|(?P<m2>{_N})个半月"
    rf"|(?P<m3>{_N})(?:多|来)?个(?:多)?月(?:零(?P<d3>{_N})天|(?P<t3>多|不到|左右|整))?"
    rf"|(?P<d4>{_N})(?P<a4>多|来|几)?(?:天|日)(?![内间])(?P<t4>多|不到|左右)?"
    rf"|(?P<w5>{_N})(?:个)?(?:多)?(?:周(?![岁年一二三四五六日末])|星期(?![一二三四五六日天])|礼拜(?![一二三四五六日天]))(?P<t5>多|不到)?"
)
# 公积金断了三个月 is no time that was paid for.
_LAPSED = r"(?<![判诊果手腿脚臂骨断])断(?![断续])[交缴供保]?|停[交缴]|中断"
# What lasts, by the word that says so; the first that stands in the same breath.
_OF: tuple[tuple[str, str], ...] = (
    ("expires", r"到期|快过期|要过期|才过期|失效|期满"),
    ("expired", r"过期|逾期|超期|过了期|脱审|没年检"),
    ("separation", r"分居|分开(?:住|过)"),
    ("closed_account", r"封存|离职|辞职|辞工|不干了|停保"),
    ("unemployed", r"失业|下岗|待业|没(?:得|有)?工作|没上班|被裁|丢了工作"),
    ("lapsed", _LAPSED),
    ("lapsed", rf"(?:{_LAPSED})了?的?(?:社保|养老保险|公积金|医保|保险|费)"),
    ("contribution", r"缴|交(?!通|警|给|到|上|来|往)|参保|投保"),
    ("contribution", r"社保|养老保险|公积金|医保|买(?:了|的|过)?保险"),
    ("licence", r"驾龄|驾照|驾驶证|拿(?:了|到)?本|开车"),
    ("marriage", r"结婚|领(?:了)?证|成家"),
    ("retired", r"退休|退役|退伍"),
    ("study", r"读书|上学|在读|念书"),
    ("business", r"开店|开业|经营|营业|做生意|注册"),
    ("employed", r"上班|工作|干(?!什么|嘛|啥)|打工|在职|入职|就业"),
    ("residence", r"居?住(?![院证址宅])|租房|租的|搬(?:来|到|过)|待了|呆了"),
    ("residence", r"来了?(?:这|你们|咱|本|云|区|城)|在(?:这|你们|咱|本区|云溪)"),
)  # fmt: skip
_CUES = tuple((name, re.compile(words)) for name, words in _OF)
_BREATH = re.compile(r"[,。;!?！？；]")
# A day with its month is no length, one without where something happened on it.
_OF_MONTH = re.compile(r"[^个半多来]+月(?!前|后)")
# Signs that a length has gone by and is not asked for.
_GONE_BEFORE = re.compile(
    r"(?:已经|都|才|刚|有|了|满|快|将近|差不多|不到|超过|不止|至少|前前后后|一共|总共|累计|连续|第)(?:要|有|满|到)?$"
)
_GONE_AFTER = re.compile(r"(?:多|左右|整)?(?:了|啦|咯|喽|以前|之前|前(?!面)|没|的(?:了|$)|有余)")
_RULE = re.compile(
    r"(?:要|得|必须|须|需要?|规定|是不是|提前|多久|至少要|起码要|要求|非得?)(?:连续|累计)?(?:住|交|缴|等|满|够|到|有|超过)*$"
)
# What has not been done has not lasted either.
_UNDONE = re.compile(r"[没未][有得]?$")
_DENIAL = re.compile(r"[没未不]")
_LEFT = re.compile(r"(?:还有|还剩|还差|差|再[过等住交缴干待呆做]|剩下?)$")
_DATED = re.compile(
    r"出院|受了?的?伤|离职|辞职|失业|过期|到期|期满|失效|入职|退役|退伍|毕业|去世|走的|签的?|买的|丢的?"
    r"|搬过?来|住进?来|领的|拿到|收到|封存|退休|断(?:了|交|缴)|变更|换的|开的|发的|出的"
)
_COUNTS = re.compile(r"(?:[了满够过]|已经)$")
_AFTER_DAY = re.compile(rf"[就才刚我他她从我的]*(?:{_DATED.pattern})")


@dataclass(frozen=True)
class Cue:
    """The word that says what lasts, and where it begins in its breath."""

    of: str = ""
    word: str = ""
    start: int = 0


@dataclass(frozen=True)
class FoundTime:
    """A length of time in `text[start:end]`, what of, the word that says so, and since when."""

    start: int
    end: int
    low: int
    high: int
    unit: Unit
    since: tuple[date, date]
    of: str = ""
    cue: str = ""
    exact: bool = False
    dated: bool = False


def find(text: str, today: date) -> list[FoundTime]:
    """Return the lengths of time that have gone by, or that are left, in a plain text."""
    lengths = masked(text, _days(text, today))
    found = [one for match in _SPAN.finditer(lengths) if (one := _told(match, text, today))]
    if not found and (dated := _dated(text, today)):
        found.append(dated)
    return found


def _days(text: str, today: date) -> Iterator[tuple[int, int]]:
    """Yield where days of the calendar stand, which are no lengths (10月8日离职的, 8日过期的)."""
    for one in dates.find(text, today, "past"):
        said = text[one.start : one.end]
        happens = _AFTER_DAY.match(text, one.end)
        counted = _COUNTS.search(text[: one.start])
        if not counted and (_OF_MONTH.match(said) or (said.endswith("日") and happens)):
            yield one.start, one.end


def _told(match: re.Match[str], text: str, today: date) -> FoundTime | None:
    if _RULE.search(text[max(0, match.start() - 8) : match.start()]):
        return None
    length = _length(match)
    standing = not_yet.standing(text, *match.span(), today)
    near = _NEAR.search(text[max(0, match.start() - 6) : match.start()])
    if length is None or (standing in ("undone", "to_come", "asked") and not near):
        return None
    breath, offset = _breath(text, match.start(), match.end())
    at = match.start() - offset
    if left := _LEFT.search(breath[:at]):
        cue = _cue(breath, 0, match.end() - offset)
        return _to_come((offset + left.start(), match.end()), length, cue, today)
    cue = _cue(breath, at, match.end() - offset, denied=standing == "denied")
    if not (_gone(match, text) or cue.of not in ("", "expires")):
        return None
    low, high, unit = _almost(length) if near else length
    if standing == "denied" or "不到" in _parts(match, "tail", "t1", "t3", "t4", "t5"):
        low, high = 0, max(0, length[1] - 1)
    of = "expired" if cue.of == "expires" else cue.of
    begins = offset + cue.start if cue.word and 0 <= at - cue.start <= NEAR else match.start()
    if standing == "denied" and not _DENIAL.search(text[begins : match.start()]):
        begins = match.start()
    since = began((low, unit), (high, unit), today)
    return FoundTime(begins, match.end(), low, high, unit, since, of, cue.word)


def _gone(match: re.Match[str], text: str) -> bool:
    """Tell whether a length is said to have gone by, and is not asked for."""
    before = _GONE_BEFORE.search(text[: match.start()])
    return bool(before or _GONE_AFTER.match(text, match.end()))


def _length(match: re.Match[str]) -> tuple[int, int, Unit] | None:
    """Return the least, the most and the unit of a length as it was said."""
    whole: tuple[tuple[str, Callable[[int, int], tuple[int, int, Unit] | None]], ...] = (
        ("y1", lambda low, _high: _joined(low, match["m1"])),
        ("y2", lambda low, _high: (low * 12 + 6, low * 12 + 6, "months")),
        ("y3", lambda low, high: _years(low, high, match["a3"] or "")),
        ("m2", lambda low, _high: (low * 30 + 15, low * 30 + 15, "days")),
        ("m3", lambda low, high: (low, high, "months")),
        ("d4", lambda low, high: (low, high + (9 if match["a4"] and low % 10 == 0 else 0), "days")),
        ("w5", lambda low, high: (low * 7, high * 7 + 6, "days")),
    )
    for name, build in whole:
        if said := match[name]:
            limits = between(said)
            return build(*(int(limit) for limit in limits)) if limits else None
    fixed: dict[str, tuple[int, int, Unit]] = {
        "large": (7, 11, "months"), "little": (4, 5, "months"), "halfyear": (6, 6, "months"),
        "halfmonth": (15, 15, "days"),
    }  # fmt: skip
    if match["halfyear"] and match["t1"] == "多":
        return 6, 11, "months"
    return next(length for name, length in fixed.items() if match[name])


def _joined(years: int, months: str) -> tuple[int, int, Unit] | None:
    more = between(months)
    if more is None or years > LONGEST_YEARS:
        return None
    return years * 12 + int(more[0]), years * 12 + int(more[1]), "months"


def _years(low: int, high: int, more: str) -> tuple[int, int, Unit] | None:
    """Return years that lasted; 98年 and 2016年 are none of them."""
    if high > LONGEST_YEARS or (low > 60 and not more):
        return None
    return (low, high + 9, "years") if more and low % 10 == 0 else (low, high, "years")


def _almost(length: tuple[int, int, Unit]) -> tuple[int, int, Unit]:
    """Return a length that is nearly reached."""
    _low, high, unit = length
    if high < 1:
        return length
    if unit == "years":
        # 快两年了 is more than a year and a half.
        return high * 12 - 4, high * 12 - 1, "months"
    return high - 1, high - 1, unit


def _to_come(
    place: tuple[int, int], length: tuple[int, int, Unit], cue: Cue, today: date
) -> FoundTime | None:
    """Read how long it is until something ends (还有两个月到期)."""
    if cue.of not in ("expires", "expired"):
        return None
    low, high, unit = length
    ends = (moved(today, low, unit), moved(today, high, unit))
    return FoundTime(*place, low, high, unit, ends, "expires", cue.word)


def _dated(text: str, today: date) -> FoundTime | None:
    """Read a day on which something happened or will end (8月1号离职的, 下个月底到期)."""
    happened = _DATED.search(text)
    if happened is None:
        return None
    cue = _cue(text, happened.end(), happened.end())
    ahead = cue.of == "expires"
    read = dates.accept(text, today, tense="ahead" if ahead else "past")
    if read.value is None:
        return None
    day = date.fromisoformat(read.value)
    if not ahead and day > today:
        return None
    of = "expired" if ahead and day < today else cue.of
    days = abs((today - day).days)
    exact = read.way != "rough"
    since = (day, day) if exact else _about(day)
    word = cue.word or happened.group()
    return FoundTime(read.start, read.end, days, days, "days", since, of, word, exact, dated=True)


def _about(day: date) -> tuple[date, date]:
    """Return the days that a month (its first) or a part of one (底) can mean."""
    if day.day == 1:
        return day, moved(day, 1, "months") - timedelta(days=1)
    return day - timedelta(days=7), day + timedelta(days=7)


def _cue(breath: str, start: int, end: int, *, denied: bool = False) -> Cue:
    """Return the word for what lasts: the nearest before the length, else the first after it.

    What is denied is the length, and not what lasts, where the length is `denied`.
    """
    named = [
        Cue(name, match.group(), match.start())
        for name, pattern in _CUES
        for match in pattern.finditer(breath)
        if denied or not _UNDONE.search(breath[: match.start()])
    ]
    before = [cue for cue in named if cue.start + len(cue.word) <= start]
    if before:
        return max(before, key=lambda cue: cue.start + len(cue.word))
    after = [cue for cue in named if cue.start >= end]
    return min(after, key=lambda cue: cue.start, default=Cue())


def _breath(text: str, start: int, end: int) -> tuple[str, int]:
    """Return the words said in one breath with `text[start:end]`, and where they begin."""
    begins = max((match.end() for match in _BREATH.finditer(text[:start])), default=0)
    ends = _BREATH.search(text, end)
    return text[begins : ends.start() if ends else len(text)], begins


def _parts(match: re.Match[str], *names: str) -> Iterator[str]:
    return (match[name] for name in names if match[name])
