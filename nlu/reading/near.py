"""指南的一行 What was found of a question in a guide. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from standards.guide_lines import GuideLine


@dataclass(frozen=True)
class Near:
    """The lines of a guide for a question.

    Attributes:
        lines: each with its chance to be the one that answers, if one does; likeliest first.
        told: chance that the guide answers at all.
        covered: share of the words of the question that stand anywhere in the guide or its names.
        likeness: of the question to the line that is nearest in meaning.
    """

    lines: tuple[tuple[GuideLine, float], ...] = ()
    told: float = 0.0
    covered: float = 0.0
    likeness: float = 0.0

    @property
    def best(self) -> GuideLine | None:
        """Return the likeliest line, or None where the guide has none."""
        return self.lines[0][0] if self.lines else None

    @property
    def lead(self) -> float:
        """Return how much likelier the first line is than the second."""
        chances = [chance for _, chance in self.lines[:2]]
        return chances[0] - chances[1] if len(chances) > 1 else sum(chances)
