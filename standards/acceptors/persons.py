"""称谓 Whom running speech names: kin, a side of a couple, oneself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from standards.acceptors.told import Role, Sex

# Each person once, by the first of the words for them.
_KIN: tuple[tuple[Sex, Role, str], ...] = (
    ("female", "elder", "妈|妈妈|老妈|阿妈|姆妈|母亲|老娘|娘"),
    ("male", "elder", "爸|爸爸|老爸|阿爸|父亲|老爹|爹|老汉儿?"),
    ("", "elder", "父母|爸妈|爹娘"),
    ("female", "old", "奶奶"),
    ("female", "old", "外婆|姥姥|阿婆"),
    ("male", "old", "爷爷"),
    ("male", "old", "外公|姥爷|阿公"),
    ("female", "elder", "婆婆|岳母|丈母娘"),
    ("male", "elder", "公公|岳父|老丈人"),
    ("female", "old", "老太太|老奶奶|老太婆"),
    ("male", "old", "老爷子|老倌子|老头子?"),
    ("", "old", "老人|老人家|老年人|老两口"),
    ("", "grown", "爱人|老伴儿?|对象|另一半|配偶"),
    ("female", "grown", "老婆|妻子|媳妇儿?"),
    ("male", "grown", "老公|丈夫"),
    ("female", "grown", "女方|女的|女朋友|未婚妻"),
    ("male", "grown", "男方|男的|男朋友|未婚夫"),
    ("female", "grown", "前妻"),
    ("male", "grown", "前夫"),
    ("female", "grown", "儿媳妇?"),
    ("male", "grown", "女婿"),
    ("female", "grown", "姐|姐姐"),
    ("female", "grown", "妹|妹妹"),
    ("male", "grown", "哥|哥哥"),
    ("male", "grown", "弟|弟弟"),
    ("female", "grown", "嫂子"),
    ("female", "grown", "姑|姑姑|阿姨|姨"),
    ("male", "grown", "叔|叔叔|伯伯?|舅舅?"),
    ("", "grown", "邻居|朋友|同事|房东|老板"),
    ("female", "child", "女儿|闺女|幺女|女孩|女生|妹子"),
    ("male", "child", "儿子|幺儿|男孩|男生"),
    ("female", "child", "孙女|外孙女"),
    ("male", "child", "孙子|外孙子?"),
    ("", "child", "孩子|娃娃|娃儿?|小孩儿?|宝宝|宝贝|小朋友|崽崽?|细伢子|伢子|毛毛|婴儿|新生儿"
                  "|幺娃|老大|老二|小家伙"),
)  # fmt: skip
_SIDES: tuple[tuple[Sex, Role, str], ...] = (
    ("male", "", r"他(?!们)|男(?=[\d一二三四五六七八九十今满是刚才])"),
    ("female", "", r"她(?!们)|女(?=[\d一二三四五六七八九十今满是刚才])"),
    ("", "", "佢|伊|渠"),
    ("", "self", r"我(?!们|家|屋|国)|俺(?!们|家)|本人|咱(?!们|家)|阮"),
)  # fmt: skip
_OWNER = r"(?:(?:我|俺|咱|他|她|阮)(?:们|家|屋里?)?的?)?"
# The longest word first, so that 妈妈 is not read as 妈 twice, nor 孙女婿 as 孙女.
_WORDS = sorted(
    ((word, at) for at, (_, _, words) in enumerate(_KIN) for word in words.split("|")),
    key=lambda one: -len(one[0].rstrip("?")),
)
_NAMED = "|".join(f"(?P<k{at}_{place}>{word})" for place, (word, at) in enumerate(_WORDS))
_MENTION = re.compile(
    f"{_OWNER}(?:{_NAMED})|"
    + "|".join(f"(?P<s{at}>{words})" for at, (_, _, words) in enumerate(_SIDES))
)
# The one somebody speaks of may follow: 三岁的娃, 46年生的老人.
_LINK = re.compile(r"(?:的|大的?|生的|了的?)?")


@dataclass(frozen=True)
class Person:
    """Somebody named in `text[start:end]`; `kin` is the same word for the same relative."""

    word: str
    kin: str
    sex: Sex
    role: Role
    start: int
    end: int


def find(text: str) -> list[Person]:
    """Return everybody named in a plain text, in its order."""
    return [_person(match) for match in _MENTION.finditer(text)]


def about_child(text: str) -> bool:
    """Tell whether words, such as the question of a field, are about a child."""
    return "学生" in text or any(one.role == "child" for one in find(text))


def spoken_of(people: Sequence[Person], text: str, start: int, end: int) -> Person | None:
    """Return of whom something in `text[start:end]` is said, None where nobody was named."""
    link = _LINK.match(text, end)
    after = link.end() if link else end
    behind = next((one for one in people if one.start == after and one.role == "child"), None)
    if behind is not None:
        return behind
    before = [one for one in people if one.end <= start]
    return before[-1] if before else None


def _person(match: re.Match[str]) -> Person:
    name = str(match.lastgroup)
    at = int(name[1:].partition("_")[0])
    sex, role, words = (_KIN if name[0] == "k" else _SIDES)[at]
    kin = words.partition("|")[0] if name[0] == "k" else role
    return Person(match.group(), kin, sex, role, *match.span())
