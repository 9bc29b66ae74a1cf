"""核对 What was filled in, held against the guide's lines and against what was told before. Pure.

A value that does not fit is asked about once, in the citizen's own interest; a yes takes it as it
is, and the window decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from actions.beside import said_before
from actions.concerned import about_children
from actions.decided_text import age as told_age
from actions.decided_text import line_text
from actions.decides import decide, reckoned_on
from actions.draft import Draft, Field, Sheet
from actions.facts import SELF, Facts
from actions.texts import say
from standards import id_number
from standards.acceptors import persons
from standards.acceptors.told import Told
from standards.conditions import Age, Condition, Verdict, from_json, judge
from standards.periods import gap, lived

# A field about somebody whom no condition of the guide is about.
_SOMEBODY_ELSE = re.compile("家长|监护人|代办|配偶|爱人|家人|逝者|去世|父亲|母亲")
_BIRTH = re.compile("生日|出生")
# Between the age people tell and the completed one may lie a year or two (虚岁).
_SLACK = 2
# Roles of those who are old, whatever they are called.
_AGED = ("old", "elder")


def limits_of(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the ages that an item's guide always asks for, each with its line in words."""
    return [
        {**entry, "text": line_text(item, entry["line"])}
        for entry in item.get("typed") or ()
        if entry["kind"] == "age" and line_text(item, entry["line"]) and _always(entry)
    ]


def told_before(facts: Facts) -> dict[str, Any]:
    """Return the age told before the form and whose, for `Draft.facts`; empty where none was."""
    age = facts.get("age")
    if not isinstance(age, list | tuple) or age[1] - age[0] > _SLACK:
        return {}
    return {"told_age": [int(age[0]), int(age[1])], "told_who": str(facts.get("who") or "")}


def opening(item: Mapping[str, Any], spoken: str, today: date) -> list[str]:
    """Return what is to be said where the wish itself tells that a line of the guide is missed."""
    found = decide(item, spoken, today)
    missed = [one for one in found if one.always and one.state in ("short", "over", "missed")]
    return [one.words + say("forms.held.still") for one in missed[:1]]


def asked_once(sheet: Sheet, before: Draft, after: Draft, today: date) -> Draft:
    """Return the draft, asking about a new value that does not fit.

    Args:
        sheet: the form.
        before: the draft before this turn; what waited there for a yes is not asked again.
        after: the draft with what was said.
        today: the day of the turn.
    """
    if after.understood:
        return after
    for spec in sheet.fields:
        name = str(spec["name"])
        value = after.values.get(name)
        if value is None or value == before.values.get(name) or _confirmed(before, name, value):
            continue
        if question := _question(sheet, after, spec, value, today):
            waiting = {"field": name, "value": value, "question": question}
            return after.having(editing=name, understood=waiting, misses=0)
    return after


def _confirmed(before: Draft, name: str, value: str) -> bool:
    waiting = before.understood
    return bool(waiting) and (waiting["field"], waiting["value"]) == (name, value)


def _question(sheet: Sheet, draft: Draft, spec: Field, value: str, today: date) -> str:
    """Return what to ask about a value; an empty string where it fits or cannot be judged."""
    other = said_before(sheet, draft, spec, value) if spec["kind"] == "id_number" else None
    if other:
        return say("forms.held.same", label=other["label"])
    born = _born(spec, value)
    if born is None or born > today:
        return ""
    told = _age(born, today)
    source = say(f"forms.held.{spec['kind']}", age=told_age(told))
    for entry in sheet.limits:
        condition = from_json(entry)
        verdict = _missed(condition, spec, told, value, today)
        if verdict is not None:
            soon = _soon(verdict, today)
            words = say("forms.held.line", line=entry["text"], soon=soon)
            return source + words + say("forms.held.whose")
    if contradicted := _contradicted(draft, spec, told):
        return source + contradicted + say("forms.held.whose")
    return ""


def _born(spec: Field, value: str) -> date | None:
    if spec["kind"] == "id_number":
        return id_number.birth_date(value)
    if spec["kind"] == "date" and _BIRTH.search(str(spec["label"])):
        return date.fromisoformat(value)
    return None


def _age(born: date, today: date) -> Told:
    low, high, unit = lived((born, born), today)
    return Told("age", 0, 0, Decimal(low), Decimal(high), unit, (born, born), exact=True)


def _missed(
    condition: Condition, spec: Field, told: Told, value: str, today: date
) -> Verdict | None:
    """Return the verdict where a condition is about the person of a field and is missed."""
    if not isinstance(condition, Age) or not _is_about(condition, spec, value):
        return None
    verdict = judge(condition, told, reckoned_on(condition, today))
    return verdict if verdict.state in ("short", "over") else None


def _is_about(condition: Age, spec: Field, value: str) -> bool:
    words = f"{spec['label']}{spec['ask']}"
    if condition.sex and any(who in words for who in condition.who):
        return True
    if condition.sex and not (spec["kind"] == "id_number" and _sex(value) == condition.sex):
        return False
    if about_children(condition):
        return persons.about_child(words)
    return not (persons.about_child(words) or _SOMEBODY_ELSE.search(words))


def _sex(number: str) -> str:
    """Return the sex that the 17th digit of an ID number says (GB 11643)."""
    return "male" if int(number[16]) % 2 else "female"


def _contradicted(draft: Draft, spec: Field, told: Told) -> str:
    """Return that another age was told before the form."""
    before: Sequence[int] | None = draft.facts.get("told_age")
    words = f"{spec['label']}{spec['ask']}"
    if before is None or not _may_be(str(draft.facts.get("told_who") or ""), words):
        return ""
    years = int(told.low or 0) if told.unit == "years" else 0
    if before[0] - _SLACK <= years <= before[1] + _SLACK:
        return ""
    return say("forms.held.told", age=say("guide.decided.age_years", count=before[0]))


def _may_be(who: str, words: str) -> bool:
    """Tell whether somebody spoken of before may be the person whom a field is about."""
    if persons.about_child(words) or _SOMEBODY_ELSE.search(words):
        return False
    if who in ("", SELF):
        return True
    asked, told = persons.find(words), persons.find(who)
    if any(one.kin == who for one in asked):
        return True
    return any(one.role in _AGED for one in asked) and any(one.role in _AGED for one in told)


def _soon(verdict: Verdict, today: date) -> str:
    """Return the day from which it holds, where that is within a year."""
    if verdict.on is None or gap(today, verdict.on).years:
        return ""
    return say("forms.held.soon", day=verdict.on.isoformat())


def _always(entry: Mapping[str, Any]) -> bool:
    """Tell whether a condition always holds, or holds on a day of every year."""
    condition = from_json(entry)
    return not condition.when or reckoned_on(condition, date.min) != date.min
