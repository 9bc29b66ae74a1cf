"""姓名用字 The signs of names: Han of every plane, letters with marks, the dot in all its forms."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LEAST, MOST = 2, 50
DOT = "·"
"""What stands between the parts of a name; papers and phones write it in a dozen ways."""

COMPOUND = ("欧阳", "司马", "上官", "诸葛", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟",
            "长孙", "慕容", "宇文", "令狐", "公孙", "端木", "百里", "呼延", "轩辕")  # fmt: skip
"""Surnames of two characters."""

HAN = "〇㐀-鿿\uf900-\ufaff\U00020000-\U000323af"
OTHER = "\ua000-\ua48c\uac00-\ud7a3"
"""Yi and Hangul, which papers have beside or in place of Han."""
LATIN = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿ"
_DOTS = re.compile(r"\s*[·•・‧∙⋅●○᛫･˙․﹒．]\s*")
_LOW_DOT = re.compile(rf"(?<=[{HAN}])\s*[.。_\-—–]\s*(?=[{HAN}])")
HAN_NAME = re.compile(rf"[{HAN}{OTHER}]+(?:{DOT}[{HAN}{OTHER}]+)*")
LATIN_NAME = re.compile(rf"[{LATIN}]+(?:(?:[ '’\-.]|\. )[{LATIN}]+)*\.?")
# Characters that render the sounds of other tongues (新华社译名表), as far as names here have them.
_SOUNDS = frozenset(
    "阿艾安奥巴白拜班包贝比毕宾布才查昌赤措达丹旦德登迪丁顿多恩尔法夫嘎噶甘格根贡古哈海汗和合赫胡吉加嘉江杰金居卡凯康克"
    "库拉来兰勒雷丽里力利林琳卢鲁伦罗洛麻马玛买麦曼梅门米敏莫木穆那娜乃尼努诺帕旁培皮平普其奇齐恰强乔切琼曲热仁日瑞若撒"
    "萨赛桑沙山尚什斯苏孙索塔坦特提帖图吐托瓦万旺维乌吾西希夏先肖谢辛雅亚央洋耶叶伊依义尤于玉元云孜扎泽哲珍仔卓佐祖彦茹森"
    "卜杜逊肉甫买柯别肯珠宗次增巾措拥龙措青巧郎朗坚赞贝牧仓"
)
_OTHER_SOUNDS = 0.2
_LONG = 5
# Words of talk; some begin or make up a name (么红, 的日木呷, 张么妹) and are let through where it
# was said that one follows, as 不 and 没 are.
_TALK = frozenset("我你您他她它们的了吗呢么啥咋怎哪这吧嘛噻咯呗哟啦呐嗯哎唉")
_NEVER = re.compile(f"[{''.join(sorted(_TALK - set('么的')))}]|[什那多要]么|(?<=.)的|的(?![日惹])")
NEGATED = frozenset("不没")


def written(text: str) -> str:
    """Return a text as papers write a name; nothing where it can be none."""
    name = plain_name(text)
    if re.search(r"\s", name) and HAN_NAME.search(name):
        name = joined(name.split())[0]
    return name if _is_written(name) and not set(name) <= _TALK else ""


def is_foreign(name: str) -> bool:
    """Tell whether a name shows by its signs that it is one: a dot, letters, rendered sounds."""
    if DOT in name:
        return True
    if LATIN_NAME.fullmatch(name):
        words = name.split()
        capitals = all(word[:1].isupper() for word in words)
        return len(words) > 1 and (capitals or not name.isascii())
    return rendered(name) and len(name) >= LEAST + 1


def joined(parts: Sequence[str]) -> tuple[str, str]:
    """Join the parts of a Han name that stand apart: 王　芳, or 艾克拜尔 买买提."""
    whole = "".join(parts)
    if len(parts) == 1:
        return whole, ""
    apart = all(len(part) == 1 for part in parts) or (
        len(parts) == LEAST and (len(parts[0]) == 1 or parts[0] in COMPOUND)
    )
    if apart and len(whole) <= LEAST * 2:
        return whole, ""
    if rendered(whole) and all(len(part) >= LEAST for part in parts):
        return DOT.join(parts), "spaced"
    return " ".join(parts), ""


def is_name(name: str, *, said: bool = False) -> bool:
    """Tell whether a text without idle signs is a name by its characters.

    Args:
        name: the text.
        said: whether it was said or asked that a name follows.
    """
    talks = _NEVER.search(name) if said else _TALK & set(name)
    return not talks and _is_written(name)


def _is_written(name: str) -> bool:
    if not LEAST <= len(name) <= MOST:
        return False
    return bool(HAN_NAME.fullmatch(name) or LATIN_NAME.fullmatch(name))


def is_long(name: str) -> bool:
    """Tell whether a Han name is longer than those that are written without a dot."""
    return bool(re.fullmatch(rf"[{HAN}]{{{_LONG},}}", name)) and not rendered(name)


def rendered(name: str) -> bool:
    """Tell whether the characters of a name only render sounds (买买提, 阿卜杜热合曼)."""
    signs = name.replace(DOT, "")
    strange = sum(sign not in _SOUNDS for sign in signs)
    return bool(signs) and strange <= len(signs) * _OTHER_SOUNDS


def plain_name(text: str) -> str:
    """Write a text half-width, with one sign for every dot and no idle signs around it."""
    half = _DOTS.sub(DOT, _wide(text))
    for low in _LOW_DOT.finditer(half):
        around = re.split(rf"[^{HAN}{DOT}.。_\-—–\s]", half)
        if any(low.group() in part and rendered(re.sub(r"\W", "", part)) for part in around):
            half = _LOW_DOT.sub(DOT, half)
            break
    return re.sub(r"\s+", " ", half).strip(" ,.!，。！、;；:：·\"“”'")


def _wide(text: str) -> str:
    return unicodedata.normalize("NFKC", text)
