"""更正 Finds what a correction puts in the place of what was wrong. Pure."""

from __future__ import annotations

import re

from dialogue.short_words import whole
from dialogue.words import Words, squeeze

_NOT_THIS = re.compile(
    r"^(?:(?:不对|错了|说错了|搞错了)[,，。\s]*)*(?:不是|不叫)(.+?)(?:[,，。;；\s]+(?:而?是|应该是|叫)?|而是|应该是|是)(.+)$"
)
_RATHER = re.compile(r"(?:应该是|改成了?|改为|换成|更正为|该是|而是|改做)[:：\s]*(.+)$")
# The words that only announce a correction, where nothing separates them from what follows.
_ANNOUNCED = re.compile(
    r"^(?:我|还|再|想|要|帮我|麻烦)*(?:改一下|改一哈|改下|改改|修改一下|修改|更正一下|更正|改)"
    r"(?:一下|一哈|下)?(?:内容|描述|情况|问题|事情|什么事|地点|位置|地方|名字|姓名|地址|住址|日期|手机号?码?|电话号?码?|身份证号?码?|号码)?[:：,，\s]*"
)
_LEAD = re.compile(r"^(?:应该是|就是|而是|是)(?=.)")
_SLIP = re.compile(
    r"[,，。;；\s]*(?:哦|噢|啊|呃|哎|诶|不)*[,，\s]*"
    r"(?:不是|不对|错了|[说讲打写搞记]错了?)(?:不是)?(?:[,，。\s]+|(?=是))(?:而?是|应该是|在)?"
)
_ENDS = " ,，。.!！;；、"


def corrected(text: str, words: Words) -> str:
    """Return the new words of a correction ("改一下内容，她还骂人" → "她还骂人"), if it has any."""
    said = text.strip(_ENDS)
    if match := _NOT_THIS.match(said):
        return match.group(2).strip(_ENDS)
    if match := _RATHER.search(said):
        return match.group(1).strip(_ENDS)
    clauses = [part for part in re.split(r"[,，。;；!！\s]+", said) if part]
    while clauses and _only_announces(clauses[0], words):
        clauses.pop(0)
    rest = "，".join(clauses)
    rest = "" if squeeze(rest) == squeeze(said) else rest
    if not rest and (lead := _ANNOUNCED.match(said)):
        rest = said[lead.end() :]
    return _LEAD.sub("", rest.strip(_ENDS))


def _only_announces(clause: str, words: Words) -> bool:
    """Tell whether a part of the message says no more than that something is wrong."""
    return (
        words.says("correct", clause) or whole(words, "no", clause) or whole(words, "yes", clause)
    )


def after_slip(text: str) -> str:
    """Return what follows a slip of the tongue that its speaker mends ("…，哦不是，是…")."""
    said = squeeze(text)
    slips = [slip for slip in _SLIP.finditer(said) if slip.start() > 0]
    return said[slips[-1].end() :] if slips else ""
