"""问法 How a question is put: two things are compared, both are asked about, a list is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from components.embedding import Vectors
from components.text_classifier import TextClassifier

NONE = "none"
SAME = "same"
COMPARING = (SAME, "difference", "order")
"""Forms that set two things side by side; each names them, or goes on about two named before."""

LISTS = ("list_online", "list_instant", "list_about")

LEAST = 0.2
"""Chance below which no form is heard; what acts on one asks for more, or for other evidence."""

Form = tuple[str, float]


@dataclass
class QuestionForms:
    """Tells the form of a question, whatever it is about."""

    classifier: TextClassifier

    @classmethod
    def trained(
        cls,
        examples: dict[str, Sequence[str]],
        ordinary: Sequence[str],
        normalised: Callable[[str], str],
        embed: Callable[[list[str]], Vectors],
    ) -> QuestionForms:
        """Learn from question_forms.yml and from ordinary questions in normal form."""
        pairs = dict.fromkeys(ordinary, NONE) | {
            normalised(text): form for form, texts in examples.items() for text in texts
        }
        texts = list(pairs)
        classifier = TextClassifier(dense_scale=3.0, lexical_scale=5.0, ridge=0.5)
        classifier.fit(texts, embed(texts), list(pairs.values()))
        return cls(classifier)

    def __call__(self, text: str, vector: Vectors) -> Form | None:
        """Give the likeliest form of a normalised text and its chance; None for ordinary ones."""
        chances = self.classifier.probabilities([text], vector[np.newaxis, :])[0]
        forms = [
            (form, float(chance))
            for form, chance in zip(self.classifier.labels, chances, strict=True)
            if form != NONE
        ]
        best = max(forms, key=lambda form: form[1])
        return best if best[1] >= LEAST else None


def ordinary_questions(items: Sequence[Any]) -> list[str]:
    """Give one question of each item, as people ask when they compare nothing."""
    return [item.questions[0] for item in items if item.questions]
