"""当事人 Whom a condition of a guide is about, and what was told of just that person. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from standards.acceptors.told import Role, Told
from standards.conditions import Age, Condition

_CHILDREN = ("孩子", "学生", "子女", "新生儿", "未成年")
_ELDERS = ("老人", "父母")
_SIBLINGS = "弟妹"


def told_of(
    condition: Condition, told: Sequence[Told], conditions: Sequence[Condition]
) -> list[Told]:
    """Return what was told of the person that a condition is about."""
    wanted = _role(condition)
    fitting = [one for one in told if _may_be(one, wanted, condition)]
    if isinstance(condition, Age):
        fitting = _of_sex(condition, [one for one in fitting if one.kind == "age"], told)
    named = [one for one in fitting if _is(one.role, wanted)] if wanted else []
    if named or not isinstance(condition, Age) or wanted == "child":
        return named or fitting
    other = any(_role(one) == "child" for one in conditions if isinstance(one, Age))
    return [one for one in fitting if not (other and one.role == "child")]


def _of_sex(condition: Age, ages: list[Told], told: Sequence[Told]) -> list[Told]:
    """Return the ages of the sex a condition is about; beside somebody's wife he is the man."""
    if not condition.sex or not any(one.sex for one in ages):
        return ages
    others = {one.sex for one in told if one.sex} - {condition.sex}
    return [one for one in ages if one.sex == condition.sex or (not one.sex and others)]


def _role(condition: Condition) -> Role:
    who = "、".join(condition.who)
    if any(word in who for word in _CHILDREN):
        return "child"
    return "elder" if any(word in who for word in _ELDERS) else ""


def about_children(condition: Condition) -> bool:
    """Tell whether a condition is about a child."""
    return _role(condition) == "child"


def _is(role: Role, wanted: Role) -> bool:
    return role == wanted or (wanted, role) == ("elder", "old")


def _may_be(told: Told, wanted: Role, condition: Condition) -> bool:
    if _SIBLINGS in condition.who:
        return bool(told.kin) and told.kin in _SIBLINGS
    if wanted == "child":
        return told.role in ("child", "")
    return not (wanted == "elder" and told.role == "child")
