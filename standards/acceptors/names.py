"""姓名 Names of every people, as papers have them, and whose each one is that is told.

王芳, 王　芳, 古丽米热•艾比布力, José Martínez; 我叫方敏，幺儿叫杜可欣; 是我爷爷，孙茂才.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from standards.acceptors import Accepted
from standards.acceptors.figures import folded
from standards.acceptors.kin import KIN, alternatives
from standards.acceptors.name_signs import (
    DOT,
    HAN,
    HAN_NAME,
    LATIN,
    LEAST,
    NEGATED,
    is_long,
    is_name,
    joined,
    plain_name,
)
from standards.acceptors.plain import LOOKED_AT

# Said behind a name, and never its last character; the others are both.
_TAIL = re.compile(r"(?:嘛|噻|咯|呗|吧|哒|啦|哟|咧)+$")
_TAIL_OR_NAME = re.compile(r"[哈呀啊哦喔]+$")
_TITLE = re.compile(r"(?:先生|女士|同志|老师|师傅|大爷|大妈|大娘|阿姨|叔叔|婆婆|嬢嬢|小姐)$")
_NICK = re.compile(rf"[小老阿大幺][{HAN}]|([{HAN}])\1|[{HAN}][儿儿娃]")
_BESIDE = re.compile(r"(?:性别)?[男女]性?|.族|\d+岁|汉|在家")
# Beside kin, what forms call those whose names they ask for.
_ROLES = {
    "child": ("学生", "子女", "义务兵"),
    "spouse": ("对方", "另一方"),
    "elder": (),
    "other": (
        "参保人",
        "病人",
        "患者",
        "逝者",
        "死者",
        "亲人",
        "家人",
        "残疾人",
        "亲戚",
        "工人",
        "员工",
    ),
    "self": ("监护人", "家长", "申请人", "经办人", "代办人", "联系人", "本人", "自己"),
}
_KIN = {
    whose: alternatives((one for one in KIN if one.whose == whose), *words)
    for whose, words in _ROLES.items()
}
_ANY_KIN = re.compile("|".join(f"(?P<{who}>{words})" for who, words in _KIN.items()))
_REL = "|".join(_KIN.values())
_CALLED = r"(?:的)?(?:大名|全名|名字|姓名|真名)?(?:就|都|也)?(?:是|叫做|叫作|叫|为|[:：])+"
_OPEN = r"^(?:那|就|填|写|嗯|哦|好的?|请|都|你|您|帮|给|记)*"
_MINE = r"(?:我们家|我们|我家|我|俺|咱|他们|她们|他|她|屋头|家里)?(?:的|家|屋头)?"
# 我是他女儿段丽: who speaks for somebody says so.
_HELPER = re.compile(
    rf"{_OPEN}(?:我|俺)(?:就)?是(?:他|她|它|老人家?|病人|孩子)?(?:的)?(?:{_REL})(?:{_CALLED})?"
)
_KIN_LEAD = re.compile(rf"{_OPEN}(?:是|为)?{_MINE}(?P<kin>{_REL})(?:{_CALLED})?")
_SELF_LEAD = re.compile(
    rf"{_OPEN}(?:我|俺|本人|免贵)(?:自己|本人)?(?:{_CALLED}|姓(?=[{HAN}][,，]?$))"
)
_THIRD_LEAD = re.compile(rf"{_OPEN}(?:他|她|人家){_CALLED}")
_PLAIN_LEAD = re.compile(
    rf"{_OPEN}(?:[^,，\s]{{0,6}}?(?:名字是|姓名是|名字叫|叫做|叫)"
    r"|(?:大名|全名|姓名|名字)(?:就)?(?:是|[:：])?|是|(?<=[填写]))[:：\s]*"
)
# Only these say that a name follows: 我是 may say anything.
_SAYS = re.compile("[叫名]")
_NEW_PERSON = re.compile(
    rf"(?<=[{HAN}])(?:(?:我的?|我们家?的?)?(?:{_REL})|[我他她])(?:的?名字)?(?:就)?叫"
)
_OF_WHOM = re.compile(rf"(?P<name>.+?)(?:就)?是{_MINE}(?P<kin>{_REL})$")
_CLAUSE = re.compile(r"[,，;；、。!！?？()（）\n]+")
# Names that no paper has.
_OTHER_NAMES = re.compile("^(?:小名|乳名|昵称|外号|绰号|网名|曾用名|原名|英文名)")
_EXPLAINS = re.compile(r".{1,5}的(?P<sign>.)(?:字)?|.{2}(?P<last>.)")
_SURNAME_FIRST = re.compile(rf"(?:我|他|她|免贵)?姓[{HAN}]{{1,2}}")
_ANNOUNCES = re.compile(r"(?:身份证|手机|电话|联系方式|证件)(?:号码?)?(?:是|[:：])?")
_FIGURES = re.compile(r"\d[\dXx\s\-]{4,}")


SURE = 3
"""How well a name fits the question for whom it was told (see `fits`)."""


@dataclass(frozen=True)
class ToldName:
    """One name in an answer.

    Attributes:
        name: as papers write it.
        whose: `self`, `helper` (who speaks for somebody), `child`, `spouse`, `elder`, `other`,
            `third` (他, 她), or nothing where it stands alone.
        said: whether words before it say that it is a name (叫, 名字).
        way: how it came about, as in `Accepted`.
        unread: words around it that nothing accounts for.
    """

    name: str
    whose: str = ""
    said: bool = False
    way: str = ""
    unread: tuple[str, ...] = ()


def accept(
    text: str, *, whose: str = "", elsewhere: Collection[str] = (), insisted: bool = False
) -> Accepted:
    """Read the name of the person a question asks for.

    Args:
        text: the answer.
        whose: who is asked for, as `whose_of` gives it.
        elsewhere: of whom other questions ask; their names are no answer to this one.
        insisted: whether it was asked already, so that whatever can be a name is one.

    Returns:
        The name as papers write it. Ways: `spaced` (parts without a dot between them),
        `nickname`. Problems: `name_digits`, `name_short`, `name_strange`, `name_several`,
        `name_whose` (only somebody else's name was told).
    """
    everybody = told(text, insisted=insisted)
    if not everybody:
        return Accepted(problem=_problem(text))
    found = [one for one in everybody if fits(one.whose, whose) == SURE
             or one.whose not in elsewhere]  # fmt: skip
    if not found:
        return Accepted(problem="name_whose", shown={"name": everybody[0].name})
    ranked = sorted(found, key=lambda one: -fits(one.whose, whose))
    best = ranked[0]
    if not fits(best.whose, whose):
        return Accepted(problem="name_whose", shown={"name": best.name})
    rivals = {one.name for one in found if fits(one.whose, whose) == fits(best.whose, whose)}
    if len(rivals) > 1:
        return Accepted(problem="name_several")
    shown = {"value": best.name}
    return Accepted(best.name, 0, len(text), best.unread, way=best.way, shown=shown)


def fits(told_of: str, asked_for: str) -> int:
    """Tell how well a name that is told of one person answers a question for another; 0 not."""
    if told_of == asked_for or (told_of, asked_for) == ("helper", "self"):
        return SURE
    if not told_of:
        return 2
    if told_of == "third":
        return 1 if asked_for in ("self", "") else 2
    if told_of == "helper":
        return 2 if not asked_for else 0
    if told_of == "self":
        return 2 if not asked_for else 1
    if "child" in (told_of, asked_for) and asked_for not in ("self", "", "other"):
        return 0
    return 2 if asked_for == "other" else 1


def whose_of(question: str) -> str:
    """Return whom a question for a name or a number is about ("宝宝妈妈叫什么名字？": elder).

    Args:
        question: the label or the question of a field.
    """
    asked = re.split(r"[。？?，,]", question)[0] or question
    found = list(_ANY_KIN.finditer(asked))
    if found:
        return str(found[-1].lastgroup)
    return "self" if re.search(r"[您你]", asked) else ""


def told(text: str, *, insisted: bool = False) -> list[ToldName]:
    """Return the names of a text with whose they are, in their order."""
    plain = plain_name(_ANNOUNCES.sub(" ", _FIGURES.sub("，", folded(text[:LOOKED_AT]))))
    found: list[ToldName] = []
    pending = ""
    for clause in _clauses(plain):
        one, pending = _in_clause(clause, pending, found, insisted)
        if one is not None:
            # 弓长张，张伟: what came before only said how this one is written.
            found = [each for each in found if each.said or not _explains(each.name, one.name)]
            found.append(one)
    return found


def _in_clause(
    clause: str, pending: str, found: list[ToldName], insisted: bool
) -> tuple[ToldName | None, str]:
    """Read one clause: a name, or who the next one (or the last one) is."""
    if _OTHER_NAMES.match(clause) or (found and _explains(clause, found[-1].name)):
        return None, ""
    lead, whose = _lead(clause)
    rest = clause[lead:].strip()
    if not rest:
        if found and not found[-1].whose and whose not in ("", "helper"):
            found[-1] = ToldName(**{**vars(found[-1]), "whose": whose})
            return None, ""
        return None, whose
    if behind := _OF_WHOM.fullmatch(rest):
        rest, whose = behind["name"], whose_of(behind["kin"])
    said = bool(_SAYS.search(clause[:lead]))
    one = _one(rest, said=insisted or said)
    if one is None:
        return None, ""
    if pending and whose in ("", "third"):
        whose = pending
    return ToldName(one.name, whose, said, one.way, one.unread), ""


def _lead(clause: str) -> tuple[int, str]:
    """Return where the words before a name end, and whose it is by them."""
    if match := _HELPER.match(clause):
        return match.end(), "helper"
    for whose, pattern in (("self", _SELF_LEAD), ("third", _THIRD_LEAD)):
        if match := pattern.match(clause):
            return match.end(), whose
    if match := _KIN_LEAD.match(clause):
        return match.end(), whose_of(match["kin"])
    if match := _PLAIN_LEAD.match(clause):
        return match.end(), ""
    return 0, ""


def _one(rest: str, *, said: bool) -> ToldName | None:
    """Read the name that a clause is, beside what may stand around it."""
    rest, unread = _without_tail(rest)
    parts = [part for part in rest.split() if not _BESIDE.fullmatch(part)]
    if not parts or (not said and any(NEGATED & set(part) for part in parts)):
        return None
    name, way = joined(parts) if HAN_NAME.search(rest) else (" ".join(parts), "")
    if not is_name(name, said=said) or (is_long(name) and not said):
        return None
    if len(name) == LEAST and _NICK.fullmatch(name) and not way:
        way = "nickname"
    return ToldName(name, way=way, unread=unread)


def _without_tail(rest: str) -> tuple[str, tuple[str, ...]]:
    """Take off what is only said behind a name; what may be its last character is doubtful."""
    for pattern in (_TAIL, _TITLE):
        shorter = pattern.sub("", rest).strip()
        if len(shorter) >= LEAST or pattern is _TITLE:
            rest = shorter
    shorter = _TAIL_OR_NAME.sub("", rest)
    doubtful = len(shorter) >= LEAST and DOT not in rest and not rest.endswith(DOT)
    return (shorter, (rest[len(shorter) :],)) if doubtful and shorter != rest else (rest, ())


def _explains(clause: str, name: str) -> bool:
    """Tell whether a clause only says how a name is written: 安静的静, 弓长张, 我姓王."""
    if _SURNAME_FIRST.fullmatch(clause):
        return True
    match = _EXPLAINS.fullmatch(clause)
    return bool(match and (match["sign"] in name if match["sign"] else match["last"] == name[0]))


def _problem(text: str) -> str:
    """Return what is wrong with a text that has no name."""
    plain = plain_name(text)
    if re.search(r"\d", plain) and not re.search(rf"[{HAN}{LATIN}]{{2}}", plain):
        return "name_digits"
    rest = plain[_lead(plain)[0] :] or plain
    bare = _TITLE.sub("", _TAIL.sub("", rest)).strip()
    return "name_short" if len(bare) < LEAST else "name_strange"


def _clauses(plain: str) -> Iterator[str]:
    for clause in _CLAUSE.split(_NEW_PERSON.sub(r"\n\g<0>", plain)):
        if clause.strip():
            yield clause.strip()
