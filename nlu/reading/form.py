"""What a message does to the form that is open, and which of the offered choices it means."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from components.choice_scorer import Likely, Question
from components.embedding import Vectors
from components.form_listener import FormState

Embed = Callable[[Sequence[str]], Vectors]


class FormReader:
    """What was learnt of forms, asked about one message."""

    def __init__(self, learnt: FormState, embed: Embed) -> None:
        """Take what was learnt, and what gives sentence vectors."""
        self._learnt = learnt
        self._embed = embed

    def acts(self, words: str, *, report: bool = False) -> dict[str, float]:
        """Return the chance of what a message in normal form does to a form.

        Args:
            words: the message in normal form.
            report: whether the form is that of a report, which hears what others do not.
        """
        learnt = self._learnt.report_acts if report else self._learnt.acts
        chances = learnt.probabilities([words], self._embed([words]))[0]
        return dict(zip(learnt.labels, map(float, chances), strict=True))

    def weigh(self, words: str, field: Mapping[str, Any]) -> list[Likely]:
        """Tell how likely each choice of a field (`label`, `choices`) is meant."""
        question = Question(str(field.get("label") or ""), tuple(map(str, field["choices"])))
        return self._learnt.choices.likely(words, question, self._embed)
