"""政策匹配 Which benefits may concern somebody, and the one question that decides most. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.facts import OTHERS, UNKNOWN, rules

# Nobody reads more than this at once.
SHOWN = 8
# An age known no better than this many years is asked for once more.
VAGUE = 50
# Facts that alone make nothing concern anybody.
_BESIDE = ("local", "age")


@dataclass(frozen=True)
class Match:
    """A benefit that nothing known speaks against.

    Attributes:
        code: the item.
        met: how many of its needs are known to be met.
        open: the needs nobody has spoken of yet.
        unsure: how many needs stay open because even the citizen does not know.
        line: the age from which it is for somebody as old as was told: the nearest line comes
            first.
    """

    code: str
    met: int
    open: tuple[str, ...]
    unsure: int
    line: int = 0


def matches(known: Mapping[str, Any]) -> list[Match]:
    """Return the benefits that may concern somebody of whom `known` is known, best first."""
    found = [match for benefit in rules()["benefits"] if (match := _match(benefit, known))]
    return sorted(
        found, key=lambda match: (-match.met, -match.line, len(match.open) + match.unsure)
    )


def near(known: Mapping[str, Any]) -> list[Match]:
    """Return what may yet concern somebody, once it is known what makes it concern anybody.

    Nothing known speaks against it, and something that was told speaks for it; `open` are only
    the facts that decide whether it concerns somebody at all.
    """
    found = []
    for benefit in rules()["benefits"]:
        states = _states(benefit, known)
        unknown = tuple(fact for fact in _core(benefit) if states[fact] is None)
        told = any(state for fact, state in states.items() if fact not in _BESIDE)
        asked = tuple(fact for fact in unknown if _worth_asking(known.get(fact)))
        if told and asked == unknown and False not in states.values():
            found.append(Match(benefit["code"], 1, asked, 0))
    return found


def alone(known: Mapping[str, Any]) -> bool:
    """Tell whether nothing is known but what alone makes nothing concern anybody (an age)."""
    return all(fact in (*_BESIDE, "who", OTHERS) for fact in known)


def tells_enough(told: Mapping[str, Any]) -> bool:
    """Tell whether somebody tells their situation: two facts, and something may concern them."""
    return len(set(told) - {"who", OTHERS}) > 1 and bool(matches(told) or near(told))


def deciding(found: Iterable[Match]) -> str | None:
    """Return the fact that most of the benefits depend on and nobody has spoken of yet."""
    counted = Counter(fact for match in found for fact in match.open)
    order = list(rules()["facts"])
    return min(counted, key=lambda fact: (-counted[fact], order.index(fact)), default=None)


def met(need: Any, value: Any) -> bool | None:
    """Tell whether a need is met by a fact; None where that is not known."""
    if value is None or value == UNKNOWN:
        return None
    if not isinstance(need, Mapping):
        return bool(value) is need
    least, most = need.get("least", 0), need.get("most", 200)
    youngest, oldest = value
    if oldest < least or youngest > most:
        return False
    return True if youngest >= least and oldest <= most else None


def _match(benefit: Mapping[str, Any], known: Mapping[str, Any]) -> Match | None:
    states = _states(benefit, known)
    concerns = all(_concerns(fact, states, known) for fact in _core(benefit))
    if False in states.values() or not concerns:
        return None
    unmet = [fact for fact, state in states.items() if state is None]
    asked = tuple(fact for fact in unmet if _worth_asking(known.get(fact)))
    return Match(benefit["code"], sum(state is True for state in states.values()), asked,
                 len(unmet) - len(asked), _line(benefit, states))  # fmt: skip


def _states(benefit: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, bool | None]:
    """Return which needs of a benefit are met, missed or unknown."""
    return {fact: met(need, known.get(fact)) for fact, need in benefit["needs"].items()}


def _core(benefit: Mapping[str, Any]) -> list[str]:
    """Return the facts that make a benefit concern somebody at all."""
    return list(benefit.get("core") or [next(iter(benefit["needs"]))])


def _line(benefit: Mapping[str, Any], states: Mapping[str, bool | None]) -> int:
    """Return the age from which a benefit is for somebody who is so old; 0 for any other."""
    return int(benefit["needs"]["age"].get("least", 0)) if states.get("age") else 0


def _worth_asking(value: Any) -> bool:
    """Tell whether a fact may be asked for: nobody answered yet, or only "an old person"."""
    return value is None or (isinstance(value, list | tuple) and value[1] - value[0] >= VAGUE)


def _concerns(fact: str, states: Mapping[str, bool | None], known: Mapping[str, Any]) -> bool:
    """Tell whether the fact is told and may meet the need ("an old person" may be over 80)."""
    return states[fact] is True or (fact == "age" and isinstance(known.get("age"), list | tuple))
