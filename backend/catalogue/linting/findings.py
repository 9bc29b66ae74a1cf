"""查错 What the linter finds, and what it looks at."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend.

    Args:
        rule: key of a sentence in `data/replies/catalogue.yml`.
        is_error: an error makes answers wrong, a warning makes them poorer.
        where: item codes, intents or files it is about.
        values: what the sentence needs.
    """

    rule: str
    is_error: bool
    where: tuple[str, ...]
    values: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the finding for other programs."""
        level = "error" if self.is_error else "warning"
        return {"level": level, "rule": self.rule, "where": list(self.where), **self.values}


@dataclass(frozen=True, slots=True)
class Written:
    """事项 One item as it is written in a department's file."""

    code: str
    name: str
    aliases: Sequence[str]
    questions: Sequence[str]
    entry: Mapping[str, Any]

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return everything that people say for it."""
        return (self.name, *self.aliases, *self.questions)


def plain(phrase: str) -> str:
    """Return what two phrases have alike when they sound alike: no signs, width or case."""
    folded = unicodedata.normalize("NFKC", phrase).casefold()
    return "".join(sign for sign in folded if sign.isalnum())
