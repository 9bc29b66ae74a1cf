"""政策匹配 Which benefits may concern somebody, and the one question that decides most. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from actions.facts import UNKNOWN, rules

# Nobody reads more than this at once.
SHOWN = 8
# An age known no better than this many years is asked for once more.
VAGUE = 50


@dataclass(frozen=True)
class Match:
    """A benefit that nothing known speaks against.

    Attributes:
        code: the item.
        met: how many of its needs are known to be met.
        open: the needs nobody has spoken of yet.
        unsure: how many needs stay open because even the citizen does not know.
    """

    code: str
    met: int
    open: tuple[str, ...]
    unsure: int


def matches(known: Mapping[str, Any]) -> list[Match]:
    """Return the benefits that may concern somebody of whom `known` is known, best first."""
    found = [match for benefit in rules()["benefits"] if (match := _match(benefit, known))]
    return sorted(found, key=lambda match: (-match.met, len(match.open) + match.unsure))


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
    needs = benefit["needs"]
    states = {fact: met(need, known.get(fact)) for fact, need in needs.items()}
    core = benefit.get("core") or [next(iter(needs))]
    if False in states.values() or not all(_concerns(fact, states, known) for fact in core):
        return None
    unmet = [fact for fact, state in states.items() if state is None]
    asked = tuple(fact for fact in unmet if _worth_asking(known.get(fact)))
    return Match(benefit["code"], sum(state is True for state in states.values()), asked,
                 len(unmet) - len(asked))  # fmt: skip


def _worth_asking(value: Any) -> bool:
    """Tell whether a fact may be asked for: nobody answered yet, or only "an old person"."""
    return value is None or (isinstance(value, list | tuple) and value[1] - value[0] >= VAGUE)


def _concerns(fact: str, states: Mapping[str, bool | None], known: Mapping[str, Any]) -> bool:
    """Tell whether the fact is told and may meet the need ("an old person" may be over 80)."""
    return states[fact] is True or (fact == "age" and isinstance(known.get("age"), list | tuple))
