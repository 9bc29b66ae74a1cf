"""读法 Competing readings: which item a message is about, and what of its guide answers it.

Each reading is scored by signs of how well it fits, weighed as conversations taught
(data/dialogue/readings.yml, written by `make readings`). Pure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from components.yaml_files import read_yaml

from reading.near import Near
from standards.guide_lines import GuideLine, without

SHORT = 8
"""Characters of a message that names hardly more than what it asks."""

NONE = "none"
FORMS = ("line", "element", "overview", "silent")
"""What answers: one line of the guide, a whole element, an overview; or the guide does not say."""

DONE = ("procedure", "place", "time", "fee")
"""Elements that are asked of a paper where it is itself what is to be had."""

_MOST = 4.0
_SMALL = 0.01
_SINGLE = ("time", "place", "fee")
_DENIED = ("不是", "不对", "错了", "都不是", "我问的不是", "我说的不是")

Signs = dict[str, float]


@dataclass(frozen=True)
class Context:
    """What the conversation is about.

    Attributes:
        topic: code of the item spoken of last.
        before: codes of items spoken of earlier.
        offered: codes of the items that were offered a moment ago.
        papers: what the guide of the topic says of the papers to bring.
    """

    topic: str | None = None
    before: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """An item that a message may be about.

    Attributes:
        code: the item's.
        names: what it is called.
        near: what its guide says to the message.
    """

    code: str
    names: tuple[str, ...]
    near: Near


@dataclass(frozen=True)
class Heard:
    """What the ear made of a message: its words, the linked items by code, how surely, what of."""

    text: str
    scores: Mapping[str, float]
    outcome: str
    element: str | None

    @classmethod
    def of(cls, text: str, items: Iterable[Mapping[str, Any]], outcome: str,
           element: str | None) -> Heard:  # fmt: skip
        """Take what the pipeline says."""
        return cls(text, {str(one["code"]): float(one["score"]) for one in items}, outcome, element)


def papers_of(lines: Iterable[GuideLine]) -> tuple[str, ...]:
    """Return what a guide says of the papers to bring, of its lines."""
    return tuple(line.heard for line in lines if line.kind == "materials")


class Readings:
    """Weighs the readings of a message."""

    def __init__(
        self, about: Mapping[str, float], forms: Mapping[str, Mapping[str, float]]
    ) -> None:
        """Take the weight of each sign, of the forms by form; unknown signs weigh nothing."""
        self._about = about
        self._forms = forms

    @classmethod
    def read(cls, data_dir: Path) -> Readings:
        """Read `dialogue/readings.yml`."""
        weights = read_yaml(data_dir / "dialogue" / "readings.yml")
        return cls(weights["about"], weights["forms"])

    def about(
        self, heard: Heard, candidates: Sequence[Candidate], context: Context
    ) -> dict[str, float]:
        """Return the chance of each candidate to be what a message is about, and of `NONE`."""
        seen = signs(heard, candidates, context)
        return _chances({code: _weigh(self._about, told) for code, told in seen.items()})

    def form(self, heard: Heard, names: Iterable[str], near: Near, *, topic: bool) -> str:
        """Return which of `FORMS` answers a message about an item.

        Args:
            heard: the message.
            names: what the item is called.
            near: the lines of its guide.
            topic: whether the item was spoken of before.
        """
        seen = form_signs(heard, names, near, topic=topic)
        return max(FORMS, key=lambda form: _weigh(self._forms[form], seen))


def _weigh(weights: Mapping[str, float], told: Signs) -> float:
    return sum(weights.get(sign, 0.0) * value for sign, value in told.items())


def _chances(scores: Mapping[str, float]) -> dict[str, float]:
    top = max(scores.values())
    grown = {name: math.exp(score - top) for name, score in scores.items()}
    return {name: share / sum(grown.values()) for name, share in grown.items()}


def signs(heard: Heard, candidates: Sequence[Candidate], context: Context) -> dict[str, Signs]:
    """Return the signs of every reading, by the candidate's code and for `NONE`."""
    first = max(heard.scores, key=lambda code: heard.scores[code], default=None)
    sure = heard.outcome == "confident"
    plain = _plain(heard.text)
    elsewhere = [_named(plain, one.names) for one in candidates if one.code != context.topic]
    most_named, surest = max(elsewhere, default=0.0), first if sure else None
    found = {one.code: _signs(one, heard, context, plain, surest, most_named) for one in candidates}
    for one in candidates:
        found[one.code] |= _beside(one, candidates, context)
    found[NONE] = {
        "none": 1.0,
        "none_with_topic": float(context.topic is not None),
        "none_with_offer": float(bool(context.offered)),
        "none_outcome": float(heard.outcome == "none"),
        "none_short": float(len(plain) <= SHORT),
        "none_score": max(heard.scores.values(), default=0.0),
    }
    return found


def _signs(
    one: Candidate,
    heard: Heard,
    context: Context,
    plain: str,
    surest: str | None,
    most_named: float,
) -> Signs:
    score = heard.scores.get(one.code, 0.0)
    paper = _paper(plain, one.names, context.papers) if one.code != context.topic else 0.0
    told = max(-_MOST, min(_MOST, _logit(one.near.told)))
    named = _named(plain, one.names)
    general = {
        "score": score,
        "log_score": math.log(score + _SMALL),
        "sure": float(one.code == surest),
        "told": told,
        "named": named,
        "offered": float(one.code in context.offered),
        "first_offered": float(bool(context.offered) and one.code == context.offered[0]),
        "before": float(one.code in context.before and one.code != context.topic),
        "before_named": named * float(one.code in context.before and one.code != context.topic),
        "offered_named": named * float(one.code in context.offered),
        "paper": paper,
        "paper_short": paper * float(len(plain) <= SHORT),
        "paper_done": paper * float(heard.element in DONE),
        "paper_told": paper * told,
    }
    if one.code != context.topic:
        return general
    others = [other for code, other in heard.scores.items() if code != one.code]
    return {
        **general,
        "topic_named": named,
        "topic_denied": float(heard.text.startswith(_DENIED)),
        "topic_other_named": most_named,
        "topic": 1.0,
        "topic_told": told,
        "topic_short": float(len(plain) <= SHORT),
        "topic_long": min(len(plain), 40) / 10,
        "topic_element": float(heard.element is not None),
        "topic_other_score": max(others, default=0.0),
        "topic_others": sum(others),
        "topic_others_named": most_named * sum(others),
        "topic_other_sure": float(surest is not None and surest != one.code),
        "topic_unlinked": float(heard.outcome == "none"),
    }


def _beside(one: Candidate, candidates: Sequence[Candidate], context: Context) -> Signs:
    """Return how much of a message a candidate accounts for, and how much more than the others."""
    others = [other.near for other in candidates if other.code != one.code]
    covered = one.near.covered - max((near.covered for near in others), default=0.0)
    likeness = one.near.likeness - max((near.likeness for near in others), default=0.0)
    told = {"covered": one.near.covered, "covered_more": covered, "likeness_more": likeness}
    if one.code != context.topic:
        return told
    return {**told, **{f"topic_{sign}": value for sign, value in told.items()},
            "topic_alone": float(not others)}  # fmt: skip


def form_signs(heard: Heard, names: Iterable[str], near: Near, *, topic: bool) -> Signs:
    """Return the signs of which form answers; arguments as of `Readings.form`."""
    plain = _plain(heard.text)
    left = _plain(without(heard.text, tuple(names)))
    best, chance = near.lines[0] if near.lines else (None, 0.0)
    kind = best.kind if best else ""
    meets = float(kind == heard.element)
    return {
        "always": 1.0,
        "element": float(heard.element is not None),
        "single": float(heard.element in _SINGLE),
        "meets": meets,
        "meets_single": meets * float(heard.element in _SINGLE),
        "told": max(-_MOST, min(_MOST, _logit(near.told))),
        "chance": chance,
        "lead": near.lead,
        "covered": near.covered,
        "covered_topic": near.covered * float(topic),
        "likeness": near.likeness,
        "left_short": float(len(left) <= SHORT),
        "left_short_element": float(len(left) <= SHORT and heard.element is not None),
        "left_long": min(len(left), 40) / 10,
        "named": _named(plain, names),
        "named_element": _named(plain, names) * float(heard.element is not None),
        "topic": float(topic),
        "topic_element": float(topic and heard.element is not None),
        "chance_element": chance * float(heard.element is not None),
        f"kind_{kind or NONE}": 1.0,
    }


def _plain(text: str) -> str:
    return "".join(sign for sign in text if sign.isalnum())


def _paper(plain: str, names: Iterable[str], papers: Iterable[str]) -> float:
    """Return how much of what a text says of an item is the name of a paper of the topic.

    接种证要原件吗 asks about a paper to bring, though another item hands it out.
    """
    said = _pairs(plain)
    own = max((said & _pairs(name) for name in names), key=len, default=set())
    to_bring = set().union(*map(_pairs, papers))
    return len(own & to_bring) / len(own) if own else 0.0


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


def _named(plain: str, names: Iterable[str]) -> float:
    """Return the share of an item's best name whose pairs of characters stand in a text."""
    pairs = _pairs(plain)
    shares = []
    for name in names:
        wanted = _pairs(name)
        shares.append(len(wanted & pairs) / len(wanted) if wanted else 0.0)
    return max(shares, default=0.0)


def _logit(chance: float) -> float:
    least = 1e-6
    kept = min(1 - least, max(least, chance))
    return math.log(kept / (1 - kept))
