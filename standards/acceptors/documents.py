"""证件号码 The 18 characters of a resident's paper (GB 11643), and papers without such a number.

The residence permit for people from Hong Kong, Macao and Taiwan (港澳台居民居住证) and the newer
permanent residence card of foreigners (外国人永久居留身份证) have numbers of the same build.
"""

from __future__ import annotations

import re
from datetime import date

from standards import id_number
from standards.acceptors import Accepted
from standards.acceptors.figures import folded, solid
from standards.id_number import IdProblem

_ALONE = re.compile(r"(?<!\d)\d(?:[\s\-—–_.]*\d){16}[\s\-—–_.]*[\dXx](?![\dXx])")
_HOLDS = re.compile("[用拿填写持]|只有|有的?是|没.{0,3}身份证|外国?[人籍]|^.{0,8}$")
_ASKS = re.compile("要不要|想办|要办|办理|哪|什么|多少|[怎咋啥带?？吗]")
# Asks whether another paper will do.
_WILL_DO = re.compile("行不行|行吗|可以吗|可不可以|能用吗|能不能用|得行不")
# From this length on figures were meant as a resident's number, whatever they are called.
_MEANT = 14
_NAMED = {
    "permanent": r"永久居留|永居|绿卡",
    "home_return": r"回乡证|港澳通行证|来往内地通行证|港澳(?:居民)?(?:身份)?证"
    r"|(?:香港|澳门)(?:永久性?)?(?:居民)?身份证",
    "taiwan": r"台胞证|台湾(?:居民)?(?:来往大陆)?(?:通行证|身份证)|来往大陆通行证",
    "residence": r"居住证|居留(?:证|许可)|签证",
    "passport": r"护照|passport",
    "military": r"军官证|士兵证|军人证|警官证|文职证",
    "birth": r"出生(?:医学)?证明?",
    "booklet": r"户口[本簿]|户籍证明",
    "none": r"(?:没有?|没得|莫得|还?没办过?|未办)(?:办过?|领过?|得)?身份证(?!号)"
    r"|外国人|外籍|外国籍|老外|华侨|港澳同胞",
    "licence": r"驾驶证|驾照|行驶证|社保卡|医保卡|银行卡|学生证|工作证",
}
_SHAPED = {
    "home_return": r"(?<![A-Za-z])[HM]\d{8}(?:\d{2})?(?![\dA-Za-z])",
    "permanent": r"(?<![A-Za-z])[A-Z]{3}\d{12}(?!\d)",
    "passport": r"(?<![A-Za-z])(?:[A-Z]\d{7,8}|[A-Z]{2}\d{6,7})(?![\dA-Za-z])",
}


def accept(text: str, today: date) -> Accepted:
    """Read the number of a resident's ID card or of a paper that has one of the same build.

    Args:
        text: the answer.
        today: the day in Shanghai; nobody is born after it.

    Returns:
        18 characters. Problems: those of `IdProblem`, with `number` as it was read and `count` of
        the figures too few or too many; `id_paper` for a paper without such a number (`paper`:
        a key of `_NAMED`).
    """
    number = stands_in(text) or id_number.candidate(folded(text))
    problem = id_number.problem_of(number, today)
    if problem is None:
        return Accepted(number, 0, len(text))
    if len(number) < _MEANT and (paper := paper_of(text)):
        return Accepted(problem="id_paper", shown={"paper": paper})
    count = abs(id_number.FULL - len(number))
    return Accepted(problem=problem.value, shown={"number": number, "count": count})


def stands_in(text: str) -> str:
    """Return the 18 characters that stand by themselves in a text, right or wrong, if any do."""
    alone = _ALONE.search(folded(text))
    return id_number.squeeze(alone.group()) if alone else ""


def without(text: str) -> str:
    """Return `text` with figures for characters, and without the 18 that stand by themselves."""
    return _ALONE.sub(" ", folded(text))


def paper_of(text: str) -> str | None:
    """Return which other paper a text speaks of, by its name or by the build of its number."""
    plain = solid(text)
    for shapes, flags in ((_NAMED, re.IGNORECASE), (_SHAPED, 0)):
        upper = plain.upper() if flags == 0 else plain
        for paper, shape in shapes.items():
            if re.search(shape, upper, flags):
                return paper
    return None


def tries(text: str) -> bool:
    """Tell whether a text gives the number of a paper, or says which paper somebody holds."""
    read = accept(text, date.max)
    if read.problem == "id_paper":
        holds = bool(_HOLDS.search(text)) and not _ASKS.search(text)
        return holds or bool(_WILL_DO.search(text)) or bool(re.search(r"\d{6}", solid(text)))
    return read.value is not None or read.problem != IdProblem.MISSING.value
