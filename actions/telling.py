"""诉求内容 What a citizen tells beyond the question: more of the trouble, the place, danger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from actions.beside import loose_values
from actions.draft import Draft, Field, Sheet
from actions.retelling import adds, moved
from actions.shapes import declines, is_anonymous, names_no_place
from actions.texts import say
from actions.turn import Turn

# Where a report asks for these, people go on telling.
TELLING = ("place", "photo", "phone", "confirm")
_ONLY_WISH = re.compile(
    r"^(喂|你好|那个|我们?|还|再|也|想|要|来|跟你们?|给你们?|向你们?)*(反映|反应|投诉|举报|报|说)"
    r"([一两几]?[下个件点])*(你们)?(的)?(问题|情况|事情?|东西|窗口|大厅|单位|工作人员)?[儿吧嘛啊哈]*$"
)
_SAME_TROUBLE = re.compile(
    r"^(它|他们?|她们?|还在|还是|还没|现在还|现在更|越来越|又在|又开始|那里|那边|就是刚才|刚才)"
)
STILL = 20
# A shorter remark adds nothing to a description, unless it tells when.
MORE = 4
_WHEN = re.compile(r"[昨今前]天|[上下中]午|早上|晚上|半夜|凌晨|刚才|[一二三四五六七八九十\d]点")


def about_report(sheet: Sheet, draft: Draft, turn: Turn) -> dict[str, Any]:
    """Return category and danger of what is told; a complaint stays one unless it is none.

    What is said on top of the first telling takes nothing back; what is said in its place does.
    """
    known = draft.facts.get("category")
    if turn.intent == "correct" and adds(turn.corrected):
        return {"category": known or category_of(turn),
                "urgent": bool(draft.facts.get("urgent")) or turn.urgent}  # fmt: skip
    complaint = sheet.subject if turn.guessed != "report_problem" else ""
    return {"category": complaint or category_of(turn) or known, "urgent": turn.urgent}


def only_wish(text: str) -> bool:
    """Tell whether `text` only says that something is to be reported, and not what."""
    return bool(_ONLY_WISH.match(text))


def goes_on_telling(turn: Turn) -> bool:
    """Tell whether a message after filing goes on about the same trouble ("它还在冒水")."""
    text = turn.spoken
    same = len(text) <= STILL and _SAME_TROUBLE.match(text) and not turn.place_named
    return bool(same) and not turn.urgent


def category_of(turn: Turn) -> str | None:
    """Return the most likely report category of this turn, if the parse saw one."""
    return str(turn.category[0]["code"]) if turn.category else None


def said_of_oneself(sheet: Sheet, draft: Draft, text: str) -> Draft:
    """Take what somebody who reports tells of themselves: a phone, or that there is none.

    Args:
        sheet: the form of the report.
        draft: what is filled in.
        text: what was said ("…没照片，电话也不留", "我要匿名", "我电话138…").
    """
    phone = next(iter(sheet.of_kind("phone")), None)
    told = loose_values(text).get("phone")
    if phone is not None and told and not draft.has(phone):
        draft = draft.filled(sheet, phone, told)
        draft = draft.remark("forms.also", label=phone["label"], value=draft.shown(phone))
    draft = declined(sheet, draft, [one for one in ("photo", "phone") if declines(one, text)])
    if is_anonymous(text) and not told:
        draft = declined(sheet, draft, ("phone",)).remark("report.anonymous")
    return draft


def declined(sheet: Sheet, draft: Draft, kinds: Iterable[str]) -> Draft:
    """Return the draft without what may stay open and is not to come."""
    for spec in sheet.of_kind(*kinds):
        if spec.get("optional") and not draft.has(spec):
            draft = draft.passed_over(spec)
    return draft


def told_more(sheet: Sheet, draft: Draft, spec: Field, turn: Turn) -> Draft | None:
    """Take what a report's teller adds where something else was asked; None when nothing is added.

    A sentence about the trouble where the place was asked belongs to the description; a place
    named where a photo or a phone was asked is the place.
    """
    text, told = turn.spoken, draft.values.get("description")
    place = next(iter(sheet.of_kind("place")), None)
    if not told or place is None or turn.word or spec["kind"] not in TELLING:
        return None
    named = turn.place_named
    if spec["kind"] != "place" and named and len(text) <= len(named) + 4:
        before = draft.values.get("place")
        draft = moved(draft, named)
        if before and draft.facts.get("unnamed_place"):
            # "I live on the third floor" stands beside the house that is named later.
            named = f"{named}，{before}"
        draft = draft.filled(sheet, place, named).knowing(unnamed_place=False)
        return draft.remark("report.place_now", place=named)
    if turn.intent in ("affirm", "deny") or loose_values(text):
        return None
    if spec["kind"] == "phone" and re.search(r"\d{5}", text):
        return None
    troubled = turn.guessed in ("report_problem", "complain") or names_no_place(text)
    if spec["kind"] in ("photo", "phone") or (troubled and not named):
        if len(text) < MORE and not (_WHEN.search(text) or names_no_place(text)):
            return None
        if named and "place" not in draft.values:
            draft = draft.filled(sheet, place, named)
        longer = say("report.joined", told=told, more=text)
        draft = draft.having(values={**draft.values, "description": longer})
        urgent = bool(draft.facts.get("urgent")) or turn.urgent
        return draft.knowing(urgent=urgent).remark("report.noted")
    return None
