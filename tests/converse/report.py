"""What is printed of conversations: misses, a line a group, one JSON line; and bars to be held."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from tests.converse.holding import Outcome

BARS = ("turns", "talks", "worst")
_BEFORE, _LENGTH = 3, 400


@dataclass
class Score:
    """How many turns were checked and right, and how many talks were right as a whole."""

    turns: int = 0
    turns_right: int = 0
    talks: int = 0
    talks_right: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count a conversation."""
        self.turns += outcome.checked
        self.turns_right += outcome.right
        self.talks += 1
        self.talks_right += outcome.checked == outcome.right

    @property
    def share_of_turns(self) -> float:
        """Which part of the turns was right."""
        return self.turns_right / max(1, self.turns)

    @property
    def share_of_talks(self) -> float:
        """Which part of the talks was."""
        return self.talks_right / max(1, self.talks)

    @property
    def share_but_for_one(self) -> float:
        """Which part of the turns was right: all, where a single one was not."""
        return 1.0 if self.turns - self.turns_right <= 1 else self.share_of_turns


def scores(outcomes: Iterable[Outcome]) -> tuple[Score, dict[str, Score]]:
    """Return the score of all conversations and of each group, by name."""
    total, groups = Score(), dict[str, Score]()
    for outcome in outcomes:
        total.add(outcome)
        groups.setdefault(outcome.talk.group, Score()).add(outcome)
    return total, dict(sorted(groups.items()))


def group_line(name: str, score: Score) -> str:
    """Return the line of a group."""
    turns = f"{score.turns_right:4}/{score.turns:4} {score.share_of_turns:.3f}"
    talks = f"{score.talks_right:3}/{score.talks:3} {score.share_of_talks:.3f}"
    return f"{name:28} turns {turns}   talks {talks}"


def last_line(total: Score, groups: dict[str, Score]) -> str:
    """Return all numbers as JSON."""
    numbers = {
        "turns": total.turns,
        "turns_right": round(total.share_of_turns, 4),
        "talks": total.talks,
        "talks_right": round(total.share_of_talks, 4),
        "by_group": {name: round(score.share_of_turns, 3) for name, score in groups.items()},
    }
    return json.dumps(numbers, ensure_ascii=False)


def misses(outcome: Outcome) -> Iterable[str]:
    """Yield every miss of a conversation: what was said lately, what came back, what was wrong."""
    for place, exchange in enumerate(outcome.exchanges, 1):
        if not (exchange.turn.checked and exchange.faults):
            continue
        yield f"--- {outcome.talk.id} ({outcome.talk.group})"
        for before in outcome.exchanges[max(0, place - _BEFORE) : place]:
            yield f"  > {before.turn.act} {before.turn.what}"
            yield "    " + before.heard[:_LENGTH].replace("\n", "\n    ")
        yield f"  WRONG: {'; '.join(exchange.faults)}"


def read_bars(text: str) -> dict[str, float]:
    """Read bars such as `turns=.9,talks=.8,worst=.7`.

    Raises:
        ValueError: one is not of BARS, or no number.
    """
    pairs = (part.split("=", 1) for part in text.split(",") if part.strip())
    bars = {name.strip(): float(value) for name, value in pairs}
    if unknown := set(bars) - set(BARS):
        raise ValueError(f"no bar is called {', '.join(sorted(unknown))}; there are {BARS}")
    return bars


def missed(bars: dict[str, float], total: Score, groups: dict[str, Score]) -> list[str]:
    """Return the bars that were not held; a group that misses a single turn still holds."""
    worst = min((score.share_but_for_one for score in groups.values()), default=0.0)
    got = {"turns": total.share_of_turns, "talks": total.share_of_talks, "worst": worst}
    return [f"{name} {got[name]:.4f} < {bar}" for name, bar in bars.items() if got[name] < bar]
