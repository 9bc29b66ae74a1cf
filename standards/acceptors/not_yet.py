"""还没到 What is not reached yet: a time or an age that is denied, aimed at, or still to come."""

from __future__ import annotations

import re
from datetime import date
from typing import Literal

from standards.acceptors.calendar_days import YEAR_WORDS, full_year, number
from standards.acceptors.numerals import NUMERAL

Standing = Literal["denied", "undone", "to_come", "asked", ""]

_N = NUMERAL
_BREATH = re.compile(r"[,。;!?]")
# What people do for a time that guides count.
_DOING = (
    r"(?:居?住|租房?|待|呆|[交缴](?:纳|费)?|参保|投保|买|干|做|读|拿到?|开车?|经营|营业|结婚|领证|分居|分开住?"
    r"|封存|离职|失业|下岗|退休|入职|工作|来|搬来)"
)
_WHAT = (
    r"(?:了|过|的)?(?:这(?:边|里|儿)?|那边|云溪|本区|社保|养老保险|公积金|医保|失业保险|保险|费"
    r"|驾照|驾驶证|本)?"
)
_HOW = r"(?:在[^,。;!?]{1,4}?|连续|累计|一直|真正|实际|能)*"
_NOT = r"(?:(?<!有)[没未冇][有得能]?|莫得)(?!工作|上班|年检)"
_REACHED = r"(?:年?满|够|到|足|上|超过|过|达到?)"
_BELOW = re.compile(
    rf"(?:{_NOT}{_HOW}(?P<what>{_DOING}{_WHAT})?(?P<reached>{_REACHED}|有)?|不(?:年?满|够|到|足|超过))(?:有|到|满)?$"
)
_BELOW_BEHIND = re.compile(
    r"(?:周?岁)?(?:都|还|也|是)*(?:[没未][有得]?|不)(?:到|满)(?=[,。;!?吗呢的了嘛能可行就怎咋还]|$)"
)
_LEFT_UNDONE = re.compile(
    r"(?:了|多|都|一直|就|也|还|以?来|时间)*"
    r"(?:[没未](?!到|满|问题|事|关系|意见|工作|上班|年检|[间中]?断|停)|不(?:[交缴住在干做来开]))"
)
_DONE = re.compile(
    rf"(?:{_DOING}|驾龄|过期|逾期){_WHAT}(?:[了满过够到有都快]|整整|已经|差不多|将近)*$|[了满过]有?$"
)
_LACKS = re.compile(r"(?:周?岁)?的?(?:还|就|只)?(?:差|缺|欠)")
_HAD = re.compile(r"(?:了|有|才|过|已经|都)$")
_TO_DO = re.compile(
    rf"(?:差|缺|剩下?|还有|再(?:过|等|{_DOING}{_WHAT})?|还[得要](?:等|{_DOING}{_WHAT})?)"
    rf"(?:{_N}|半|几|一?点)[^,。;!?]{{0,6}}?"
    rf"(?:我|就|才|能|可以|刚好|正好|{_DOING}{_WHAT}|{_REACHED}|[^,。;!?]{{1,2}}(?=满|就|才)|要|有|是)*$"
)
_WITHIN = r"[^,。;!?办领申去想问生]"
_TO_COME = re.compile(
    r"(?:明年|(?:大|外)?后年|来年|下{1,2}个?(?:月|周|星期|礼拜)|明天|后天|(?:过完|过了|翻过?|开)年|过年后?"
    rf"|年底|年末|月底|月末|到时候|将来|{_N}(?:天|个?月|年|周|个?星期)(?:以|之|过)?后)"
    rf"(?:(?:(?!{_DOING}){_WITHIN}){{0,8}}|{_WITHIN}{{0,8}}(?:满|就|才|够|足)[^,。;!?了的]{{0,2}})$"
)
_IN_A_MONTH = re.compile(
    r"(?P<y>今年|\d{4}年)?的?(?<![\d十])(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])月(?!前|后)"
    rf"{_WITHIN}{{0,8}}?(?:(?P<then>就|才|要|该)|满|到|够|足)[^,。;!?了的]{{0,2}}$"
)
_WHETHER = re.compile(r"([住交缴干待呆做满够到有])没\1[^,。;!?]{0,3}$")
_GONE_BY = re.compile(r"去年|前年|上{1,2}个?(?:月|周|星期|礼拜)|昨天|前天")


def standing(text: str, start: int, end: int, today: date) -> Standing:
    """Tell what is said of the length or the age in `text[start:end]` beside its number.

    Returns:
        `denied` where it is not reached (没住满半年, 八十岁不到), `undone` where it is how long
        something was not done (两年没住这边), `to_come` where it is still to be reached
        (明年满八十, 还差两年交满15年), `asked` where it is a question (住没住满半年), an empty
        string where nothing of that kind is said.
    """
    end = start + len(text[start:end].rstrip("了的"))
    before, after = _BREATH.split(text[:start])[-1], _BREATH.split(text[end:])[0]
    if _WHETHER.search(before):
        return "asked"
    if _TO_DO.search(before) or (_LACKS.match(after) and not _HAD.search(before)):
        return "to_come"
    if not _GONE_BY.search(before) and _is_ahead(before, after, today):
        return "to_come"
    if _BELOW_BEHIND.match(after):
        return "denied"
    if _LEFT_UNDONE.match(after) and not _DONE.search(before):
        return "undone"
    if match := _BELOW.search(before):
        # 没交社保半年了 is how long something was not done, 没交满半年 is not.
        undone = match["what"] and not match["reached"] and after.startswith("了")
        return "undone" if undone else "denied"
    return ""


def _is_ahead(before: str, after: str, today: date) -> bool:
    """Tell whether a time to come is named, at which it will be reached."""
    if _TO_COME.search(before):
        return True
    match = _IN_A_MONTH.search(before)
    if match is None:
        return False
    month, year = number(match["m"]), match["y"]
    if year:
        said = year if year in YEAR_WORDS else year.removesuffix("年")
        return (full_year(said, today, "past"), month) >= (today.year, today.month)
    # 3月就满八十了, said in November, is next March; 3月满八十了 is over.
    return bool(match["then"]) or month >= today.month or not re.match(r"(?:周?岁)?[了的]", after)
